"""Turn the speech folder into one cache: log band powers at three speeds, texts, splits.

python prepare.py SPEECH CACHE WHISPER_TOKENIZER [--merges 1000]
"""

from __future__ import annotations

import argparse
import json
import random
import zlib
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
import torch
from features import fit_mix, log_power
from text import normalise, read_table, whisper_tokenizer

SPEEDS = (0.9, 1.0, 1.1)
STRANGERS = ("ls2412", "ls84", "ls1462", "ls27")
VOICES = ("af_sky", "am_eric", "bf_alice")
KEYWORDS = 40


def load_wave(path: Path) -> np.ndarray:
    """Read 16 kHz mono float32."""
    wave, rate = sf.read(path, dtype="float32", always_2d=True)
    wave = wave.mean(1)
    return wave if rate == 16000 else soxr.resample(wave, rate, 16000)


def _work(job: tuple[Path, tuple[float, ...]]) -> list[np.ndarray]:
    torch.set_num_threads(1)
    path, speeds = job
    wave = load_wave(path)
    out = []
    for s in speeds:
        w = wave if s == 1.0 else soxr.resample(wave, 16000, round(16000 / s))
        out.append(log_power(w).astype(np.float16))
    return out


def split_of(file: str, speaker: str, rough: bool) -> str:
    """Return the part of the split that a clip belongs to; its speaker alone decides."""
    if speaker in STRANGERS:
        return "strangers"
    if any(v in speaker.split("+") for v in VOICES):
        return "voices"
    if rough and zlib.crc32(speaker.encode()) % 10 == 0:
        return "rough"
    return "train"


def listing(speech: Path) -> list[dict]:
    """Return every clip with its text, kind and part."""
    rng = random.Random(1)
    clips = []
    for kind in ("train_real", "train_tts", "dev"):
        for file, speaker, seconds, text in read_table(speech / f"{kind}.tsv"):
            rough = text.startswith("~")
            words = normalise(text)
            if not words or (rough and len(words) < 7 * float(seconds)):
                continue
            if float(seconds) > 29:
                continue
            part = "dev" if kind == "dev" else split_of(file, speaker, rough)
            keyword = file.startswith("precise_")
            clips.append(
                {
                    "path": f"{kind}/{file}",
                    "speaker": speaker,
                    "text": words,
                    "seconds": float(seconds),
                    "kind": "keyword" if keyword else ("rough" if rough else kind),
                    "part": part,
                }
            )
    keywords = [c for c in clips if c["kind"] == "keyword"]
    keep = {c["path"] for c in rng.sample(keywords, min(KEYWORDS, len(keywords)))}
    clips = [c for c in clips if c["kind"] != "keyword" or c["path"] in keep]
    for file, _, seconds, *_ in read_table(speech / "noise.tsv"):
        held = zlib.crc32(file.encode()) % 6 == 0
        part = "noise_held" if held else "noise"
        clips.append(
            {
                "path": f"noise/{file}",
                "speaker": "",
                "text": "",
                "seconds": float(seconds),
                "kind": "noise",
                "part": part,
            }
        )
    return clips


def main() -> None:
    """Write CACHE/{clips.json,speed_*.npy,tokenizer.json,whisper_ids.json,mix.pt}."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("speech", type=Path)
    ap.add_argument("cache", type=Path)
    ap.add_argument("tokenizer", type=Path, help="tokenizer.json beside Whisper's weights")
    ap.add_argument("--merges", type=int, default=1000)
    ap.add_argument("--jobs", type=int, default=2)
    a = ap.parse_args()
    a.cache.mkdir(parents=True, exist_ok=True)
    clips = listing(a.speech)
    jobs = [(a.speech / c["path"], SPEEDS if c["part"] == "train" else (1.0,)) for c in clips]
    with Pool(a.jobs) as pool:
        arrays = pool.map(_work, jobs, chunksize=16)
    for i, s in enumerate(SPEEDS):
        at, parts = 0, []
        for c, got in zip(clips, arrays, strict=True):
            x = got[i] if len(got) > 1 else (got[0] if s == 1.0 else None)
            if x is not None:
                c[f"at_{s}"] = [at, len(x)]
                at += len(x)
                parts.append(x)
        np.save(a.cache / f"speed_{s}.npy", np.concatenate(parts))
    (a.cache / "clips.json").write_text(json.dumps(clips))
    tokenizer, ids = whisper_tokenizer(a.tokenizer, a.merges)
    tokenizer.save(str(a.cache / "tokenizer.json"))
    (a.cache / "whisper_ids.json").write_text(json.dumps(ids))
    picks = random.Random(2).sample([c for c in clips if c["part"] == "train"], 150)
    mix, error = fit_mix([load_wave(a.speech / c["path"]) for c in picks])
    torch.save(mix, a.cache / "mix.pt")
    hours = {}
    for c in clips:
        key = f"{c['part']}/{c['kind']}"
        hours[key] = hours.get(key, 0) + c["at_1.0"][1] / 360000
    print({k: round(v, 3) for k, v in hours.items()}, "map error", round(error, 4))


if __name__ == "__main__":
    main()
