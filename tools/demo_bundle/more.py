"""Speak new sentences with the simple voices of flite and espeak-ng.

    python more.py SENTENCES CACHE [--flite 5000] [--espeak 3500]

These voices are no model of good speech, but they are fast (fifty times real time) and add words
that the training speech does not have. Sentences with most of those come first.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
import torch
from features import log_power
from text import normalise

FLITE = ("slt", "rms", "awb")
ACCENTS = ("en-us", "en-us", "en-gb", "en-gb-x-rp")
VARIANTS = ("m1", "m3", "m7", "f1", "f2", "f3", "f5", "Annie", "Denis", "steph", "max", "linda")
LONGEST_FRAMES, SHORTEST_FRAMES = 2600, 60
RARE = 3


def command(text: str, engine: str, out: str, rng: random.Random) -> tuple[str, list[str]]:
    """Return the voice's name and the command to run."""
    if engine == "flite":
        voice = rng.choice(FLITE)
        stretch = f"duration_stretch={rng.uniform(0.8, 1.15):.2f}"
        return voice, ["flite", "-voice", voice, "--setf", stretch, "-t", text, "-o", out]
    voice = f"{rng.choice(ACCENTS)}+{rng.choice(VARIANTS)}"
    speed, pitch = str(rng.randint(140, 190)), str(rng.randint(30, 65))
    return voice, ["espeak-ng", "-v", voice, "-s", speed, "-p", pitch, "-w", out, text]


def speak(job: tuple[str, str, int]) -> tuple[str, np.ndarray]:
    """Speak one sentence; return the voice and its band powers, with a random size of the head."""
    torch.set_num_threads(1)
    text, engine, seed = job
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/spoken.wav"
        voice, run = command(text, engine, out, rng)
        subprocess.run(run, check=True, capture_output=True)
        wave, rate = sf.read(out, dtype="float32")
    wave = soxr.resample(wave, rate * rng.uniform(0.87, 1.15), 16000)
    return voice, log_power(wave * (0.3 / (np.abs(wave).max() + 1e-6))).astype(np.float16)


def choose(sentences: list[str], clips: list[dict], count: int) -> list[str]:
    """Return the sentences with most rare words that no clip says."""
    known = {c["text"] for c in clips}
    words = Counter(w for c in clips if c["part"] == "train" for w in c["text"].split())
    rng = random.Random(0)
    lines = [x for x in sentences if x not in known and 30 < len(x) < 170]
    lines.sort(key=lambda x: sum(words[w] < RARE for w in x.split()) + rng.random(), reverse=True)
    return lines[:count]


def main() -> None:
    """Write CACHE/made.json and CACHE/made.npy."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("sentences", type=Path)
    ap.add_argument("cache", type=Path)
    ap.add_argument("--flite", type=int, default=5000)
    ap.add_argument("--espeak", type=int, default=3500)
    a = ap.parse_args()
    clips = json.loads((a.cache / "clips.json").read_text())
    sentences = [normalise(x) for x in a.sentences.read_text().splitlines()]
    count, rng = a.flite + a.espeak, random.Random(0)
    jobs = [
        (text, "flite" if rng.random() < a.flite / count else "espeak", i)
        for i, text in enumerate(choose([x for x in sentences if x], clips, count))
    ]
    with Pool(2) as pool:
        spoken = pool.map(speak, jobs, chunksize=32)
    made, powers, at = [], [], 0
    for (text, engine, _), (voice, x) in zip(jobs, spoken, strict=True):
        if SHORTEST_FRAMES <= len(x) <= LONGEST_FRAMES:
            clip = {"path": f"made/{engine}", "speaker": f"made_{voice}", "text": text}
            made.append(clip | {"kind": "made", "part": "train", "at_1.0": [at, len(x)]})
            powers.append(x)
            at += len(x)
    np.save(a.cache / "made.npy", np.concatenate(powers))
    (a.cache / "made.json").write_text(json.dumps(made))
    print(f"{len(made)} sentences, {at / 360000:.1f} h")


if __name__ == "__main__":
    main()
