"""Compare the shipped editor with token-by-token greedy decoding: the tokens must be the same.

python greedy.py WHISPER BUNDLE SPEECH [--clips 210] [--part dev,train_real]

The comparison knows nothing of drafts or passes: it writes one token after the other in PyTorch,
with Whisper's weights rounded as the shipped ones are. Also counts passes that the draft saved.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from decoder import FRAMES, MELS, Listener, Pass
from export import load_decoder
from features import host_features
from host import Bundle
from prepare import load_wave
from quantise import rounded
from text import read_table
from torch import Tensor, nn
from vocabulary import make


def round_weights(module: nn.Module) -> None:
    """Round as `quantise.py` does: matrices to 8 bits a column, large tensors to 16 bits."""
    matrices = {m.weight for m in module.modules() if isinstance(m, nn.Linear)}
    with torch.no_grad():
        for p in module.parameters():
            is_table = isinstance(module, Pass) and p is module.table
            if p in matrices or is_table:
                q, scale = rounded(p.numpy(), 1)
                p.copy_(torch.from_numpy(q * scale))
            elif p.numel() >= 4096:
                p.copy_(p.half().float())


def write(listener: Listener, one: Pass, mel: Tensor, limit: int) -> list[int]:
    """Decode normalized log-mel [F,80] greedily into at most `limit` tokens."""
    size = one.size
    memory, bias = listener.listen(mel)
    heard = [bias]
    for layer in listener.heard:
        k, v = (z.reshape(-1, size.heads, 64).transpose(0, 1) for z in layer(memory).chunk(2, -1))
        heard += [k.transpose(1, 2), v]
    cache = [torch.zeros(size.heads, 0, 64)] * (2 * size.layers)
    given, out = torch.tensor(size.begin), []
    while len(out) < limit:
        x, cache = one.read(given, cache, heard)
        written = torch.tensor(out, dtype=torch.int64)
        best = int(one.head(x[-1:], written, torch.tensor([len(out)])).argmax())
        if best == size.eos:
            break
        out.append(best)
        given = torch.tensor([best])
    return out


def main() -> None:
    """Print the differences."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("whisper", type=Path)
    ap.add_argument("bundle", type=Path)
    ap.add_argument("speech", type=Path)
    ap.add_argument("--clips", type=int, default=210)
    ap.add_argument("--parts", default="dev,train_real")
    ap.add_argument("--most", type=float, default=12.0, help="seconds of a clip of train_real")
    a = ap.parse_args()
    torch.set_grad_enabled(False)
    listener, one = load_decoder(a.whisper, make(a.whisper / "tokenizer.json"))
    round_weights(listener)
    round_weights(one)
    bundle = Bundle(a.bundle, threads=1)
    clips = [
        (part, row)
        for part in a.parts.split(",")
        for row in read_table(a.speech / f"{part}.tsv")
        if part == "dev" or 2.0 < float(row[2]) < a.most
    ]
    same = asked = 0
    for part, row in clips:
        if asked == a.clips:
            break
        wave = load_wave(a.speech / part / row[0])
        features = host_features(wave)
        draft, written, slots = bundle.tokens(features)
        if not draft:
            continue
        asked += 1
        rows = torch.from_numpy(bundle.encode(features)[2][0, : len(features) * 2 // FRAMES])
        want = write(listener, one, rows[:, : FRAMES * MELS].reshape(-1, MELS), slots)
        if want == written:
            same += 1
        else:
            decode = bundle.tokenizer.decode
            print(f"{row[0]}: {slots} slots\n  passes {decode(written)}\n  greedy {decode(want)}")
        if asked % 20 == 0:
            print(f"{same} of {asked} the same", flush=True)
    print(f"{same} of {asked} the same")


if __name__ == "__main__":
    main()
