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
"""What a measurement may take, and what its first plan took to read the model from the disk."""

_ROWS = 100  # two seconds
_RUNS = 3


def measure_plans(
    plans: Iterable[ThreadPlan],
    time_plan: Callable[[ThreadPlan], tuple[float, float]],
    budget_s: float = BUDGET_S,
) -> dict[ThreadPlan, float]:
    """Return the seconds that plans took, in the order in which they were tried.

    Args:
        plans: The first is always tried, the others if they will probably end in time.
        time_plan: Returns the seconds of a run, and of all that was done to learn it.
        budget_s: For everything, except that the first counts as half of it at most: it may
            have read the model from the disk, which the others find in memory.
    """
    timings_s: dict[ThreadPlan, float] = {}
    spent_s = next_s = 0.0
    for plan in plans:
        if timings_s and spent_s + next_s > budget_s:
            break
        timings_s[plan], took_s = time_plan(plan)
        next_s = took_s if spent_s else min(took_s, budget_s / 2)
        spent_s += next_s
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
    took_s = []
    for _ in range(1 + _RUNS):
        run_began = time.perf_counter()
        opened.session.run(outputs, taken)
        took_s.append(time.perf_counter() - run_began)
    return min(took_s[1:]), time.perf_counter() - began
