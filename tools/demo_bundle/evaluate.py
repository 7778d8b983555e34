"""Measure the shipped files through onnxruntime: word error rates, false words, speed.

python evaluate.py SPEECH BUNDLE [--json OUT] [--seconds 150]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from host import Bundle
from prepare import VOICES, listing, load_wave
from text import word_errors

NOISY_DB = 10.0


def source(clip: dict) -> str:
    """Return the row of the table that a clip belongs to."""
    if clip["part"] != "dev":
        return clip["part"]
    s = clip["speaker"]
    return "dev " + (
        s if s in ("LJ", "librivox", "jfk") or s.startswith("ls") else "arctic, others"
    )


def pick(clips: list[dict], seconds: float) -> list[dict]:
    """Return at most `seconds` of every speaker or held-out voice, in a fixed order."""
    spent: dict[str, float] = {}
    out = []
    for c in sorted(clips, key=lambda c: c["path"][::-1]):
        n = c["seconds"]
        held = [v for v in VOICES if v in c["speaker"].split("+")]
        who = held[0] if held else c["speaker"]
        if spent.get(who, 0.0) + n <= seconds:
            spent[who] = spent.get(who, 0.0) + n
            out.append(c)
    return out


def with_noise(wave: np.ndarray, noise: np.ndarray, db: float) -> np.ndarray:
    """Add noise at `db` below the speech (both over their whole length)."""
    n = np.tile(noise, len(wave) // len(noise) + 1)[: len(wave)]
    gain = np.sqrt((wave**2).mean() / ((n**2).mean() + 1e-12) * 10 ** (-db / 10))
    return (wave + gain * n).astype(np.float32)


def main() -> None:
    """Print the table of error rates and speed."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("speech", type=Path)
    ap.add_argument("bundle", type=Path)
    ap.add_argument("--json", type=Path)
    ap.add_argument("--seconds", type=float, default=120.0, help="of a stranger")
    ap.add_argument("--parts", default="dev,noisy,strangers,voices,rough,noise")
    ap.add_argument("--show", type=int, default=0, help="print this many texts of a part")
    a = ap.parse_args()
    start = time.time()
    bundle = Bundle(a.bundle)
    load = time.time() - start
    listed = listing(a.speech)

    def part_of(name: str) -> list[dict]:
        return [c for c in listed if c["part"] == name]

    rng = np.random.default_rng(0)
    noises = [load_wave(a.speech / c["path"]) for c in part_of("noise_held")]
    noises = [n for n in noises if (n**2).mean() > 1e-6]
    jobs: list[tuple[str, dict]] = []
    for part in a.parts.split(","):
        if part in ("dev", "noisy"):
            clips = part_of("dev")[:: 1 if part == "dev" else 2]
        elif part == "noise":
            clips = part_of("noise_held")
        else:
            clips = pick(part_of(part), 30.0 if part == "rough" else a.seconds)
        jobs += [(part, c) for c in clips]
    table: dict[str, list[float]] = {}
    spent, audio = 0.0, 0.0
    shown: dict[str, int] = {}
    for part, clip in jobs:
        wave = load_wave(a.speech / clip["path"])
        if part == "noisy":
            wave = with_noise(wave, noises[rng.integers(len(noises))], NOISY_DB)
        t = time.time()
        draft, edited = bundle.transcribe(wave)
        spent, audio = spent + time.time() - t, audio + len(wave) / 16000
        d, n = word_errors(clip["text"], draft)
        e, _ = word_errors(clip["text"], edited)
        keys = {"dev": ["dev", source(clip)], "noisy": ["dev + noise 10 dB"]}.get(part, [part])
        for key in keys:
            row = table.setdefault(key, [0.0] * 4)
            for i, v in enumerate((d, e, n, len(wave) / 960000)):
                row[i] += v
        if shown.get(part, 0) < a.show:
            shown[part] = shown.get(part, 0) + 1
            print(f"[{part}] {clip['text']}\n  draft  {draft}\n  edited {edited}")
    report = {"load_s": round(load, 2), "times_real_time": round(audio / spent, 1), "rows": {}}
    print(f"load {load:.2f} s, {audio / spent:.1f} x real time on this machine")
    print("| what | minutes | words | draft | edited |\n|---|---|---|---|---|")
    for key, (d, e, n, m) in table.items():
        if n:
            got = [f"{m:.1f}", f"{n:.0f}", f"{100 * d / n:.1f} %", f"{100 * e / n:.1f} %"]
        else:
            got = [f"{m:.1f}", "0", f"{d / m:.1f} false words/min", f"{e / m:.1f} false words/min"]
        report["rows"][key] = got
        print(f"| {key} | " + " | ".join(got) + " |")
    if a.json:
        a.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
