"""Choose the number of threads and how they wait, from timings. Pure functions.

Threads that spin between the operators of one run start faster but keep a core busy; whether that
pays depends on the machine. No thread spins after a run, so that other work gets the cores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from granite_live.messages.models import AsrMessage

# A gain below this share does not justify spinning, pinning or more threads.
_WORTH = 0.05


@dataclass(frozen=True, slots=True)
class ThreadPlan:
    """The intra-op thread count, whether threads spin during a run, and whether each is pinned."""

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
    """A plan and the reason for it, as a sentence."""

    plan: ThreadPlan
    reason: str


def as_plan(threads: int | ThreadPlan) -> ThreadPlan:
    """Return the plan for a plain number of threads, with onnxruntime's defaults."""
    return threads if isinstance(threads, ThreadPlan) else ThreadPlan(threads)


def most_threads(cores: int, *, live: bool) -> int:
    """Return the maximum number of threads on `cores` physical cores.

    A live session leaves one core to other programs. With two cores that would halve the speed and
    delay captions, so both are used, at low priority.
    """
    return cores - 1 if live and cores > 2 else cores


def to_try(cores: int, *, can_pin: bool) -> Iterator[ThreadPlan]:
    """Yield the plans to measure, the most promising first. The caller may stop early."""
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
    """Return the least demanding plan that is about as fast as the fastest.

    Args:
        timings_s: Seconds of the same work by plan.
        cores: Physical cores that this process may use.
        live: For a live session. It never pins threads, because one busy core would delay all.
    """
    most = most_threads(cores, live=live)
    allowed = {
        plan: seconds
        for plan, seconds in timings_s.items()
        if plan.threads <= most and not (live and plan.pinned)
    }
    if not allowed:
        return ThreadChoice(ThreadPlan(most), AsrMessage.THREADS_NOT_MEASURED())
    quickest = min(allowed.values())
    good = [plan for plan, seconds in allowed.items() if seconds <= quickest * (1 + _WORTH)]
    chosen = min(good, key=lambda plan: (plan.pinned, plan.spinning, plan.threads, allowed[plan]))
    said = ", ".join(f"{plan} {seconds:.3f} s" for plan, seconds in allowed.items())
    measured = AsrMessage.THREADS_MEASURED if most >= cores else AsrMessage.THREADS_MEASURED_LIVE
    return ThreadChoice(chosen, measured(timings=said))
