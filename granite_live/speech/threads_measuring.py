"""Times a model's own encoder with one plan of threads after another, within a budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.speech import providers
from granite_live.speech.threads import ThreadPlan

BUDGET_S = 12.0
"""What a measurement may take, if its first plan does not take longer by itself."""

_ROWS = 100  # two seconds
_RUNS = 3
_RUNS_S = 2.0  # where one run takes longer, one after the first has to do


def measure_plans(
    plans: Iterable[ThreadPlan],
    time_plan: Callable[[ThreadPlan], tuple[float, float]],
    budget_s: float = BUDGET_S,
) -> dict[ThreadPlan, float]:
    """Return the seconds that plans took, in the order in which they were tried.

    Args:
        plans: The first is always tried, the others if they will probably end in time.
        time_plan: Returns the seconds of a run, and of all that was done to learn it.
        budget_s: For everything. A machine so busy that the first takes all of it is no place
            to compare others.
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
    """Return the seconds of the quickest of a few runs of the encoder at `path`, and of all.

    The quickest, since whatever else the machine does only ever adds to one.

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
