"""Measure memory: the peak while a tier is prepared, and what a loaded tier holds.

Each figure is of a process of its own. Mapped files count as far as they were touched, as the
system counts them.

    python benchmarks/bench_memory.py BUNDLE --tiers int8,fp32

The default bundle is the demo, which is so small that most of the printed memory is the program's.
Graphs are prepared again in a folder that is removed afterwards; the folder is beside
$GRANITE_LIVE_HOME if that is set, because it takes as much room as the tier (int8: twice).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

PREPARING_LIMIT_GB = 1.5
LOADED_LIMIT_GB = 0.4
SOUND_S = 10.0
TOKENS = 32


def prepare(bundle: Path, tier: str) -> dict[str, float]:
    """Prepare the tier; return its cost."""
    from granite_live.app.bench import peak_rss_mb
    from granite_live.models.opening import open_bundle
    from granite_live.models.optimize import prepare_tier

    opened = open_bundle(bundle, tier)
    began = time.perf_counter()
    prepare_tier(opened)
    return {
        "seconds": time.perf_counter() - began,
        "peak_gb": peak_rss_mb() / 1e3,
        "files_gb": _files_gb(opened.graphs),
    }


def load(bundle: Path, tier: str, form: str) -> dict[str, float]:
    """Load the tier and transcribe with it; return the resident memory after each step."""
    import psutil

    from granite_live.app.factory import open_recognizer
    from granite_live.models.opening import open_bundle

    process = psutil.Process()
    began = time.perf_counter()
    with open_recognizer(open_bundle(bundle, tier), "cpu", 2, form) as loaded:
        load_s = time.perf_counter() - began
        loaded_gb = process.memory_info().rss / 1e9
        noise = np.random.default_rng(0).standard_normal(round(SOUND_S * loaded.sample_rate_hz))
        draft = loaded.draft((0.1 * noise).astype(np.float32))
        loaded.edit(draft, [(97 * k) % loaded.bundle.vocab_size for k in range(TOKENS)])
        memory = process.memory_full_info()
        return {
            "load_s": load_s,
            "loaded_gb": loaded_gb,
            "used_gb": memory.rss / 1e9,
            "own_gb": memory.uss / 1e9,
            "files_gb": _files_gb(loaded.bundle.graphs),
        }


def _files_gb(graphs: Any) -> float:
    files = {file for path in graphs.values() for file in path.parent.glob(f"{path.stem}.*")}
    return sum(file.stat().st_size for file in files) / 1e9


def _alone(task: Callable[..., dict[str, float]], *arguments: Any) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(task, *arguments).result()


def _say(title: str, figures: dict[str, float]) -> None:
    print(f"{title:22s}", "  ".join(f"{name} {value:.2f}" for name, value in figures.items()))


def _verdict(what: str, got_gb: float, files_gb: float, extra_gb: float) -> None:
    word = "within" if got_gb <= files_gb + extra_gb else "ABOVE"
    print(f"  {what}: {got_gb:.2f} GB, {word} {files_gb:.2f} + {extra_gb} GB")


def main() -> None:
    from granite_live.util.paths import demo_bundle_dir

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", nargs="?", type=Path)
    parser.add_argument("--tiers", default="int8")
    args = parser.parse_args()
    bundle = args.bundle or demo_bundle_dir()
    beside = os.environ.get("GRANITE_LIVE_HOME")
    with tempfile.TemporaryDirectory(dir=beside and Path(beside).parent) as folder:
        os.environ["GRANITE_LIVE_HOME"] = folder
        for tier in args.tiers.split(","):
            made = _alone(prepare, bundle, tier)
            _say(f"{tier} preparing", made)
            _verdict("at most", made["peak_gb"], made["files_gb"], PREPARING_LIMIT_GB)
            for form in ("published", "prepared"):
                held = _alone(load, bundle, tier, form)
                _say(f"{tier} {form}", held)
                if form == "prepared":
                    _verdict("after load", held["loaded_gb"], held["files_gb"], LOADED_LIMIT_GB)
                    _verdict("after use", held["used_gb"], held["files_gb"], LOADED_LIMIT_GB)


if __name__ == "__main__":
    main()
