"""Measure a model's encoder with several thread plans, within a time budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.asr import providers
from granite_live.asr.threads import ThreadPlan

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
    path: Path, feature_dim: int, plan: ThreadPlan, *, optimised: bool
) -> tuple[float, float]:
    """Return the seconds of the fastest of a few encoder runs, and of the whole measurement.

    The fastest, because other load only makes runs slower.

    Raises:
        ProviderError: The encoder cannot be opened.
    """
    began = time.perf_counter()
    opened = providers.open_session(
        path, providers.Plan((providers.CPU,)), plan, optimised=optimised
    )
    noise = np.random.default_rng(0).normal(0.5, 0.4, (1, _ROWS, feature_dim))
    feed: dict[str, NDArray[Any]] = {
        "input_features": noise.astype(np.float32),
        "attention_mask": np.ones((1, _ROWS), np.int64),
    }
    taken = {str(one.name): feed[one.name] for one in opened.session.get_inputs()}
    outputs = [one.name for one in opened.session.get_outputs()]
    took_s: list[float] = []
    while len(took_s) < 2 or (len(took_s) <= _RUNS and sum(took_s) < _RUNS_S):
        run_began = time.perf_counter()
        opened.session.run(outputs, taken)
        took_s.append(time.perf_counter() - run_began)
    return min(took_s[1:]), time.perf_counter() - began
