"""Mix the weights of two checkpoints of one lineage: often better than either.

python blend.py FIRST.pt SECOND.pt OUT.pt --share 0.6
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    """Write share * FIRST + (1 - share) * SECOND."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("first", type=Path)
    ap.add_argument("second", type=Path)
    ap.add_argument("out", type=Path)
    ap.add_argument("--share", type=float, default=0.6, help="of the first")
    a = ap.parse_args()
    one, two = torch.load(a.first), torch.load(a.second)
    mixed = {
        part: {k: torch.lerp(two[part][k], one[part][k], a.share) for k in one[part]}
        for part in ("encoder", "editor")
    }
    torch.save(mixed, a.out)


if __name__ == "__main__":
    main()
