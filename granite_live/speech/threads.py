"""How many threads compute, and how they wait for each other: decided from timings. Pure.

Threads that spin between the products of one run find their next work sooner and burn a core
meanwhile; whether that pays depends on the machine. After a run none spins: what computes next,
here or in another program, needs the cores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# What is gained by less than this is not worth threads that spin, are pinned, or are more.
_WORTH = 0.05


@dataclass(frozen=True, slots=True)
class ThreadPlan:
    """`threads` of one product; whether they spin within a run; whether each keeps to a core."""

    threads: int
    spinning: bool = True
    pinned: bool = False

    def __str__(self) -> str:
        count = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        how = [
            word for word, is_so in (("spinning", self.spinning), ("pinned", self.pinned)) if is_so
        ]
        return " ".join([count, *how]) if self.threads > 1 else count


@dataclass(frozen=True, slots=True)
class ThreadChoice:
    """A plan, and in a sentence why."""

    plan: ThreadPlan
    reason: str


def as_plan(threads: int | ThreadPlan) -> ThreadPlan:
    """Return a plan for a mere number of threads, as onnxruntime would have them."""
    return threads if isinstance(threads, ThreadPlan) else ThreadPlan(threads)


def most_threads(cores: int, *, live: bool) -> int:
    """Return how many threads may compute on `cores` physical cores.

    A live session leaves a core to what else the user does. Of two that would be half of the
    speed, for captions that come too late: there both compute, behind everything else.
    """
    return cores - 1 if live and cores > 2 else cores


def to_try(cores: int, *, can_pin: bool) -> Iterator[ThreadPlan]:
    """Yield what is worth a try, the most promising first. A measurement may stop early."""
    everything, one_less = cores, max(1, cores - 1)
    yield ThreadPlan(everything)
    if everything > 1:
        yield ThreadPlan(everything, spinning=False)
    if one_less not in (1, everything):
        yield ThreadPlan(one_less)
        yield ThreadPlan(one_less, spinning=False)
    half = (cores + 1) // 2
    if half < one_less or cores == 2:
        yield ThreadPlan(half, spinning=half > 1)
    if can_pin and everything > 1:
        yield ThreadPlan(everything, pinned=True)


def choose(timings_s: Mapping[ThreadPlan, float], cores: int, *, live: bool) -> ThreadChoice:
    """Return the least demanding plan that is as good as the quickest.

    Args:
        timings_s: Seconds of the same work by plan.
        cores: Physical cores that this process may use.
        live: For a live session, which also never pins: a busy core would hold everything up.
    """
    most = most_threads(cores, live=live)
    allowed = {
        plan: seconds
        for plan, seconds in timings_s.items()
        if plan.threads <= most and not (live and plan.pinned)
    }
    if not allowed:
        return ThreadChoice(ThreadPlan(most), "nothing was measured")
    quickest = min(allowed.values())
    good = [plan for plan, seconds in allowed.items() if seconds <= quickest * (1 + _WORTH)]
    chosen = min(good, key=lambda plan: (plan.pinned, plan.spinning, plan.threads, allowed[plan]))
    said = ", ".join(f"{plan} {seconds:.3f} s" for plan, seconds in allowed.items())
    left = ", a core is left to other programs" if most < cores else ""
    return ThreadChoice(chosen, f"measured here: {said}{left}")
