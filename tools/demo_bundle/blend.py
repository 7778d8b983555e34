"""Average the weights of checkpoints of one training; the result measures better than any of them.

python blend.py OUT.pt 0.3 A.pt 0.3 B.pt 0.4 C.pt
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    """Write the checkpoint whose weights are the weighted sums of the others'."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("out", type=Path)
    ap.add_argument("parts", nargs="+", help="share and checkpoint, again and again")
    a = ap.parse_args()
    named = zip(a.parts[::2], a.parts[1::2], strict=True)
    pairs = [(float(share), torch.load(path)) for share, path in named]
    total = sum(share for share, _ in pairs)
    if abs(total - 1) > 1e-6:
        ap.error(f"the shares make {total:g}, they must make 1")
    mixed = {
        model: {
            key: sum(share * state[model][key] for share, state in pairs)
            for key in pairs[0][1][model]
        }
        for model in ("encoder", "editor")
    }
    torch.save(mixed, a.out)


if __name__ == "__main__":
    main()
