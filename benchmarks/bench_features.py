"""Measure the log-mel front end: processor seconds per second of sound, on one core.

    python benchmarks/bench_features.py

The goal is at most 1 % of real time. Processor time is counted, not the clock's, so that other
work on the machine does not show; the maths libraries are held to one thread.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import time  # noqa: E402  (numpy reads the thread counts when it is imported)

import numpy as np  # noqa: E402

from granite_live.asr.features import LogMel  # noqa: E402
from granite_live.models.bundle import FrontEnd  # noqa: E402

GOAL = 0.01
DURATIONS_S = (1, 3, 10, 30, 94)
REPEATS = 5


def cost_s(features: LogMel, waveform: np.ndarray) -> float:
    """Return the least processor time of one call, in seconds."""
    best = float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        features(waveform)
        best = min(best, time.process_time() - began)
    return best


def main() -> None:
    front_end = FrontEnd()
    features = LogMel(front_end)
    rng = np.random.default_rng(0)
    worst = 0.0
    print("sound s   processor ms   share of real time")
    for duration_s in DURATIONS_S:
        samples = duration_s * front_end.sample_rate_hz
        waveform = (0.1 * rng.standard_normal(samples)).astype(np.float32)
        spent_s = cost_s(features, waveform)
        share = spent_s / duration_s
        worst = max(worst, share)
        print(f"{duration_s:7d}   {1e3 * spent_s:12.2f}   {share:18.3%}")
    verdict = "met" if worst <= GOAL else "MISSED"
    print(f"worst {worst:.3%} of real time, goal {GOAL:.0%}: {verdict}")


if __name__ == "__main__":
    main()
