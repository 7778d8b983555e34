"""Speak new sentences with Kokoro's voices and blends of two of them.

    python natural.py SENTENCES CACHE PIECES [--count 3000] [--seed 0]

Runs after `more.py`; adds to CACHE/made.json and made.npy after every 100 sentences, so it can be
stopped at any time. `tools/samples/README.md` describes PIECES and other requirements. Two idle
cores speak two to three times as fast as real time, no faster with float products.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tarfile
from pathlib import Path

import numpy as np
import soxr
import torch
from features import log_power
from more import LONGEST_FRAMES, SHORTEST_FRAMES, choose
from prepare import VOICES
from text import normalise

sys.path.append(str(Path(__file__).parents[1] / "samples"))
# Find the program in this repository if it is not installed.
sys.path.append(str(Path(__file__).parents[2]))
from kokoro import RATE_HZ, VOICES_TGZ, Speaker, read_model, read_vocab, read_voice

from granite_live.models.onnx_runtime import ort


def names(pieces: Path) -> list[str]:
    """Return the English voices that are not held out."""
    with tarfile.open(pieces / VOICES_TGZ) as archive:
        found = [Path(one).stem for one in archive.getnames() if one.endswith(".bin")]
    return sorted(n for n in found if n[:2] in ("af", "am", "bf", "bm") and n not in VOICES)


def main() -> None:
    """Add clips to those of `more.py`."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("sentences", type=Path)
    ap.add_argument("cache", type=Path)
    ap.add_argument("pieces", type=Path)
    ap.add_argument("--count", type=int, default=3000)
    ap.add_argument("--seed", type=int, default=0)
    a = ap.parse_args()
    torch.set_num_threads(1)
    made = json.loads((a.cache / "made.json").read_text())
    clips = json.loads((a.cache / "clips.json").read_text()) + made
    sentences = [normalise(x) for x in a.sentences.read_text().splitlines()]
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 2, 3
    session = ort.InferenceSession(
        read_model(a.pieces), options, providers=["CPUExecutionProvider"]
    )
    vocab = read_vocab(a.pieces)
    styles = {name: read_voice(a.pieces, name) for name in names(a.pieces)}
    rng, at = random.Random(a.seed), sum(c["at_1.0"][1] for c in made)
    powers = [np.load(a.cache / "made.npy")]
    begun = at

    def save() -> None:
        powers[:] = [np.concatenate(powers)]
        np.save(a.cache / "made.new.npy", powers[0])
        (a.cache / "made.new.npy").replace(a.cache / "made.npy")
        (a.cache / "made.json").write_text(json.dumps(made))
        print(f"{len(made)} sentences, {(at - begun) / 360000:.2f} h more", flush=True)

    for number, text in enumerate(choose([x for x in sentences if x], clips, a.count), 1):
        one, other = rng.choice(list(styles)), rng.choice(list(styles))
        share = rng.choice((0.0, 0.0, 0.3, 0.5))
        style = (1 - share) * styles[one] + share * styles[other]
        voice = one if share == 0 else f"{one}+{other}"
        try:
            wave = Speaker(session, vocab, style).say(text, rng.uniform(0.8, 1.25))
        except ValueError:
            continue  # The network does not know one of the phonemes.
        wave = soxr.resample(wave, RATE_HZ, 16000)
        x = log_power(wave * (0.3 / (np.abs(wave).max() + 1e-6))).astype(np.float16)
        if SHORTEST_FRAMES <= len(x) <= LONGEST_FRAMES:
            clip = {"path": "made/kokoro", "speaker": f"made_{voice}", "text": text}
            made.append(clip | {"kind": "made", "part": "train", "at_1.0": [at, len(x)]})
            powers.append(x)
            at += len(x)
        if number % 100 == 0:
            save()
    save()


if __name__ == "__main__":
    main()
