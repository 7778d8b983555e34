"""Measure load time and real-time factor of the demo model, on noise and on the shipped samples.

    python benchmarks/bench_demo.py [BUNDLE] [--threads N] [--samples DIR]

The goals: loaded in 0.8 s (median), at least 15 times faster than real time on two cores.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
from bench_overhead import waveform_of

from granite_live.asr import Recognizer
from granite_live.audio.files import open_audio
from granite_live.models.opening import open_bundle
from granite_live.util.paths import assets_dir, demo_bundle_dir

GOAL_LOAD_S, GOAL_FASTER = 0.8, 15.0
LOADS = 9
SYNTHETIC_S = (3, 10, 30)


def load(path: Path, threads: int | None) -> tuple[Recognizer, float]:
    """Return a recognizer and the seconds that opening and loading took, imports included."""
    began = time.perf_counter()
    loaded = Recognizer.load(open_bundle(path), "cpu", threads)
    return loaded, time.perf_counter() - began


def report(name: str, loaded: Recognizer, waveform: np.ndarray, repeats: int = 3) -> float:
    """Print one line; return how many times faster than real time it was."""
    duration_s = len(waveform) / loaded.sample_rate_hz
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        transcript = loaded.transcribe(waveform)
        best = min(best, time.perf_counter() - began)
    timing = transcript.timing
    print(
        f"{name:20s} {duration_s:6.1f} s   {best:6.3f} s   factor {best / duration_s:.4f} "
        f"= {duration_s / best:5.1f}x   features {timing.features_s:.3f}, encoder "
        f"{timing.encoder_s:.3f}, editor {timing.editor_s:.3f} s, {len(transcript.words)} words"
    )
    return duration_s / best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", nargs="?", type=Path)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--samples", type=Path)
    args = parser.parse_args()
    path = args.bundle or demo_bundle_dir()
    if not path.is_dir():
        print(f"no bundle at {path}: give one as the argument")
        return
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    first, first_s = load(path, args.threads)
    first.close()
    loads_s = []
    for _ in range(LOADS - 1):
        again, took_s = load(path, args.threads)
        again.close()
        loads_s.append(took_s)
    loaded, took_s = load(path, args.threads)
    again_s = statistics.median([*loads_s, took_s])
    print(
        f"{path}: {size / 1e6:.1f} MB, {loaded.threads} threads; "
        f"loaded in {first_s:.2f} s (with the imports), again in {again_s:.2f} s "
        f"(median of {LOADS})"
    )
    with loaded:
        speeds = [
            report(f"noise, {seconds} s", loaded, waveform_of(seconds, loaded.sample_rate_hz))
            for seconds in SYNTHETIC_S
        ]
        folder = args.samples or assets_dir() / "samples"
        for file in sorted(folder.glob("*.flac")) + sorted(folder.glob("*.wav")):
            with open_audio(file) as audio:
                waveform = np.concatenate(list(audio.blocks(loaded.sample_rate_hz)))
            speeds.append(report(file.name, loaded, waveform))
    print(
        f"slowest {min(speeds):.1f}x real time, goal {GOAL_FASTER:.0f}x: "
        f"{'met' if min(speeds) >= GOAL_FASTER else 'missed'}; "
        f"load {again_s:.2f} s, goal {GOAL_LOAD_S} s: "
        f"{'met' if again_s <= GOAL_LOAD_S else 'missed'}"
    )


if __name__ == "__main__":
    main()
