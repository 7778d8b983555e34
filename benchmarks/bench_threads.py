"""Measure what each thread plan gives the model, and what it leaves to other programs.

    python benchmarks/bench_threads.py BUNDLE --tier int8 --graphs prepared

For each plan, at normal and at lowered priority, the encoder runs repeatedly. Meanwhile another
process measures what a user would notice: how much of its own arithmetic it gets done (100 % is
what it does alone), and how late it wakes from sleeps of 10 ms, as the callback of a sound card
would (99th percentile and maximum). Then the choice for files and for a session is printed. The
default bundle is the demo.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

NAP_S = 0.01
WATCHED_S = 6.0
ROWS = 250  # five seconds of sound


def compute(
    path: Path, dim: int, optimised: bool, plan: Any, nice: bool, ready: Event, over: Event
) -> float:
    """Run the encoder until stopped; return the median seconds of a run."""
    from granite_live.asr.providers import CPU, ProviderPlan, open_session
    from granite_live.util.process import lower_priority

    if nice:
        lower_priority()
    session = open_session(path, ProviderPlan((CPU,)), plan, optimized=optimised).session
    noise = np.random.default_rng(0).normal(0.5, 0.4, (1, ROWS, dim)).astype(np.float32)
    feed = {"input_features": noise, "attention_mask": np.ones((1, ROWS), np.int64)}
    taken = {one.name: feed[one.name] for one in session.get_inputs()}
    outputs = [one.name for one in session.get_outputs()]
    session.run(outputs, taken)
    ready.set()
    took_s = []
    while not over.is_set() or not took_s:
        began = time.perf_counter()
        session.run(outputs, taken)
        took_s.append(time.perf_counter() - began)
    return median(took_s)


def work(seconds: float) -> float:
    """Do arithmetic in one thread; return the amount done in a second."""
    numbers, done = np.arange(20_000, dtype=np.float64), 0
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        np.sqrt(numbers)
        done += 1
    return done / seconds


def nap(seconds: float) -> tuple[float, float]:
    """Sleep repeatedly; return how late it woke, 99th percentile and maximum, in ms."""
    late_ms = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        time.sleep(NAP_S)
        late_ms.append(1e3 * (time.perf_counter() - began - NAP_S))
    return float(np.percentile(late_ms, 99)), max(late_ms)


def measure(encoder: tuple[Path, int, bool], plan: Any, nice: bool, alone: float) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(1, mp_context=context) as pool:
        ready, over = manager.Event(), manager.Event()
        running = pool.submit(compute, *encoder, plan, nice, ready, over)
        while not ready.wait(0.5):
            if running.done():
                break  # Errors are raised below.
        late_ms = nap(WATCHED_S)
        share = work(WATCHED_S) / alone
        over.set()
        run_s = running.result()
    print(
        f"{plan!s:28s} {'lowered ' if nice else 'ordinary'}  encoder {run_s:6.3f} s beside others  "
        f"others get {share:4.0%}  wake {late_ms[0]:5.1f} ms late (worst {late_ms[1]:5.1f})"
    )


def main() -> None:
    from granite_live.app.factory import open_recognizer
    from granite_live.asr.providers import physical_core_count
    from granite_live.asr.thread_tuning import choose_threads
    from granite_live.asr.threads import to_try
    from granite_live.models.opening import open_bundle
    from granite_live.util.paths import demo_bundle_dir

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", nargs="?", type=Path)
    parser.add_argument("--tier", default="int8")
    parser.add_argument("--graphs", default="auto", choices=["auto", "published", "prepared"])
    args = parser.parse_args()
    bundle = open_bundle(args.bundle or demo_bundle_dir(), args.tier)
    with open_recognizer(bundle, "cpu", 1, args.graphs, print) as loaded:
        used = loaded.bundle
    cores = physical_core_count()
    late_ms, alone = nap(WATCHED_S), work(WATCHED_S)
    print(f"{cores} cores; nothing runs: wakes {late_ms[0]:.1f} ms late (worst {late_ms[1]:.1f})")
    encoder = (used.graphs["encoder"], used.front_end.feature_dim, used.prepared)
    for plan in to_try(cores, can_pin=True):
        for nice in (False, True):
            measure(encoder, plan, nice, alone)
    for live in (False, True):
        chosen = choose_threads(used, live=live, force=not live)
        print(f"{'to listen' if live else 'for files'}: {chosen.plan}, {chosen.reason}")


if __name__ == "__main__":
    main()
