"""Measure the cost of an hour of sound in the journal: time, memory and disk.

`python benchmarks/bench_journal.py [MINUTES]` (default: 60).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from granite_live.audio.journal import Journal, find_unfinished, open_for_recovery
from granite_live.audio.journal.sound import SAMPLE_RATE_HZ

BLOCK_SAMPLES = 480  # 30 ms, the detector's frame


def babble(rng: np.random.Generator, seconds: int) -> np.ndarray:
    """Return noise, int16, that swells and pauses like speech and compresses about as well."""
    samples = seconds * SAMPLE_RATE_HZ
    tone = np.cumsum(rng.normal(0, 1, samples))
    tone -= np.convolve(tone, np.ones(64) / 64, mode="same")
    swell = np.clip(np.sin(np.arange(samples) / SAMPLE_RATE_HZ * 2.1), 0.01, 1)
    return np.clip(tone * swell * 700, -32768, 32767).astype(np.int16)


def resident_mb() -> float:
    return psutil.Process().memory_info().rss / 1e6


def main() -> None:
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    minute = babble(np.random.default_rng(0), 60)
    with tempfile.TemporaryDirectory() as folder:
        append_and_finish(Path(folder), minute, minutes)


def append_and_finish(folder: Path, minute: np.ndarray, minutes: int) -> None:
    costs_ms = np.zeros(minutes * len(minute) // BLOCK_SAMPLES)
    journal = Journal.create(folder)
    # Run once before measuring, so that one-time imports and allocations do not count.
    journal.append(minute[:BLOCK_SAMPLES])
    before_mb, number, busy = resident_mb(), 0, time.process_time()
    for _ in range(minutes):
        for start in range(0, len(minute), BLOCK_SAMPLES):
            began = time.perf_counter()
            journal.append(minute[start : start + BLOCK_SAMPLES])
            costs_ms[number] = (time.perf_counter() - began) * 1e3
            number += 1
    grown_mb = resident_mb() - before_mb
    p50, p99 = np.percentile(costs_ms, [50, 99])
    print(f"{minutes} min of sound in blocks of {BLOCK_SAMPLES / SAMPLE_RATE_HZ * 1e3:.0f} ms")
    print(f"append            {costs_ms.sum() / 1e3:7.2f} s in all, mostly waiting for the disk")
    print(f"  processor       {time.process_time() - busy:7.2f} s")
    print(f"  one block       {p50:7.3f} ms median, {p99:.2f} ms p99, {costs_ms.max():.1f} ms max")
    print(f"  memory grew     {grown_mb:7.1f} MB")
    pcm_mb = (journal.path / "sound.pcm").stat().st_size / 1e6

    began = time.perf_counter()
    journal.close()
    (found,) = find_unfinished(folder)
    with open_for_recovery(found.path) as recovery:
        print(f"found and opened  {time.perf_counter() - began:7.3f} s after a crash")
        before_mb, began, busy = resident_mb(), time.perf_counter(), time.process_time()
        flac = recovery.finish()
    assert flac is not None
    print(f"finish            {time.perf_counter() - began:7.2f} s (encoded, decoded, compared)")
    print(f"  processor       {time.process_time() - busy:7.2f} s")
    print(f"  memory grew     {resident_mb() - before_mb:7.1f} MB, the decoder's code included")
    print(f"  disk            {pcm_mb:7.1f} MB PCM, {flac.stat().st_size / 1e6:.1f} MB FLAC")


if __name__ == "__main__":
    main()
