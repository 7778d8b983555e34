"""How many threads compute: measured at the model's first use on this machine, then remembered."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.asr import providers
from granite_live.asr.threads import ThreadChoice, ThreadPlan, choose, most_threads, to_try
from granite_live.messages.models import AsrMessage
from granite_live.models.disk import read_cache_file, set_damaged_aside, write_cache_file
from granite_live.models.optimize.dependencies import processor_features, runtime_version
from granite_live.models.optimize.heads import WATCHED_CLASSES
from granite_live.util.paths import data_dir

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle


BUDGET_S = 12.0
"""The time limit of a measurement, unless the first plan alone takes longer."""

_ROWS = 100  # two seconds
_RUNS = 3
_RUNS_S = 2.0  # if runs take longer than this together, no further run is timed


def measure_plans(
    plans: Iterable[ThreadPlan],
    time_plan: Callable[[ThreadPlan], tuple[float, float]],
    budget_s: float = BUDGET_S,
) -> dict[ThreadPlan, float]:
    """Return the seconds that each plan took, in the order in which they were measured.

    Args:
        plans: The first is always measured, the others if they will probably finish in time.
        time_plan: Returns the seconds of one run, and of the whole measurement of the plan.
        budget_s: For everything. If the first plan uses it all, the machine is too busy to compare.
    """
    timings_s: dict[ThreadPlan, float] = {}
    spent_s = took_s = 0.0
    for plan in plans:
        if timings_s and spent_s + took_s > budget_s:
            break
        timings_s[plan], took_s = time_plan(plan)
        spent_s += took_s
    return timings_s


def time_encoder(
    path: Path, feature_dim: int, plan: ThreadPlan, opening: providers.OpeningOptions
) -> tuple[float, float]:
    """Return the seconds of the fastest of a few encoder runs, and of the whole measurement.

    The fastest, because other load only makes runs slower.

    Raises:
        ProviderError: The encoder cannot be opened.
    """
    began = time.perf_counter()
    opened = providers.open_session(
        path, providers.ProviderPlan((providers.CPU,)), plan, **opening._asdict()
    )
    noise = np.random.default_rng(0).normal(0.5, 0.4, (1, _ROWS, feature_dim))
    feed: dict[str, NDArray[Any]] = {
        "input_features": noise.astype(np.float32),
        "attention_mask": np.ones((1, _ROWS), np.int64),
        WATCHED_CLASSES: np.empty(0, np.int64),  # an input of prepared graphs
    }
    taken = {str(one.name): feed[one.name] for one in opened.session.get_inputs()}
    outputs = [one.name for one in opened.session.get_outputs()]
    took_s: list[float] = []
    while len(took_s) < 2 or (len(took_s) <= _RUNS and sum(took_s) < _RUNS_S):
        run_began = time.perf_counter()
        opened.session.run(outputs, taken)
        took_s.append(time.perf_counter() - run_began)
    return min(took_s[1:]), time.perf_counter() - began


_CACHE_NAME = "threads.json"
_MAX_ENTRIES = 32  # maximum number of entries; the oldest is removed
# Below this size measuring takes longer than a better plan would ever save.
_SMALL_BYTES = 200_000_000


def choose_threads(
    bundle: Bundle,
    *,
    live: bool = False,
    force: bool = False,
    on_progress: Callable[[str], None] = lambda _: None,
) -> ThreadChoice:
    """Return the thread plan for the bundle's graphs.

    Args:
        bundle: Opened, published or prepared; it is to run on the CPU.
        live: For a live session.
        force: Measure even if a measurement is cached.
        on_progress: Called with a sentence before a measurement, which takes some seconds.

    Raises:
        ProviderError: The encoder cannot be opened.
    """
    cores = providers.physical_core_count()
    encoder = bundle.graphs["encoder"]
    if cores == 1:
        return ThreadChoice(ThreadPlan(1), AsrMessage.THREADS_ONE_CORE())
    if providers.graph_bytes(bundle, "encoder") < _SMALL_BYTES:
        plan = ThreadPlan(most_threads(cores, live=live))
        return ThreadChoice(plan, AsrMessage.THREADS_SMALL_MODEL())
    key = _key(encoder, cores)
    timings_s = None if force else _read_cache().get(key)
    if timings_s is None:
        on_progress(AsrMessage.MEASURING_THREADS())
        timings_s = _measure(bundle, cores)
        _write_entry(key, timings_s)
    return choose(timings_s, cores, live=live)


def _measure(bundle: Bundle, cores: int) -> dict[ThreadPlan, float]:
    dim = bundle.front_end.feature_dim

    def time_plan(plan: ThreadPlan) -> tuple[float, float]:
        opening = providers.opening_options(bundle, "encoder")
        return time_encoder(bundle.graphs["encoder"], dim, plan, opening)

    # With hyper-threading it is unknown which processors share a core.
    can_pin = sys.platform != "darwin" and len(providers.allowed_cpus()) == cores
    plans = to_try(cores, can_pin=can_pin)
    return measure_plans(plans, time_plan)


def _key(encoder: Path, cores: int) -> str:
    facts = [
        processor_features(),
        platform.processor(),
        os.cpu_count(),
        cores,
        runtime_version(),
        hashlib.sha256(encoder.read_bytes()).hexdigest(),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]


def set_aside_damaged() -> str:
    """Set a damaged file aside; return a sentence for the user, "" if it is sound or missing."""
    return set_damaged_aside(data_dir() / _CACHE_NAME, _understand)


def _understand(said: Any) -> dict[str, dict[ThreadPlan, float]]:
    return {
        key: {
            ThreadPlan(int(n), bool(spinning), bool(pinned)): float(seconds)
            for n, spinning, pinned, seconds in rows
        }
        for key, rows in said.items()
    }


def _read_cache() -> dict[str, dict[ThreadPlan, float]]:
    return read_cache_file(data_dir() / _CACHE_NAME, _understand, {})


def _write_entry(key: str, timings_s: dict[ThreadPlan, float]) -> None:
    """Add an entry atomically. If writing fails, the next start measures again."""
    known = _read_cache()
    known.pop(key, None)
    known[key] = timings_s
    rows: dict[str, Any] = {
        one: [[plan.threads, plan.spinning, plan.pinned, round(s, 5)] for plan, s in of.items()]
        for one, of in list(known.items())[-_MAX_ENTRIES:]
    }
    write_cache_file(data_dir() / _CACHE_NAME, rows)
