"""Finds sound that never arrived, by comparing a stream with the clock.

A program that is stopped (or a computer that sleeps) for half a minute gets some of the sound
from the system's buffers and never hears of the rest. How far a stream lags behind the clock tells:

- While the stream is late, but its sound waits in a buffer, the lag grows and falls again.
- When sound is lost the lag stays where it is.

So the lag counts only where it kept still for two seconds. It moves by 100 ms on a quiet machine
and by as much as callbacks come late on a busy one; half a second more than before is a gap. The
lag of each such time is what the next is compared with, since clocks of devices drift.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """A time by two clocks [seconds]: `elapsed_s` goes on while the computer sleeps.

    On Windows both do, since its clocks of the first kind are out of Python's reach.
    """

    awake_s: float
    elapsed_s: float


def now() -> Moment:
    """Return the time by the system's clocks, which nobody sets."""
    awake_s = elapsed_s = time.monotonic()
    if sys.platform == "linux":
        elapsed_s = time.clock_gettime(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        awake_s = time.clock_gettime(time.CLOCK_UPTIME_RAW)
        elapsed_s = time.clock_gettime(time.CLOCK_MONOTONIC)
    return Moment(awake_s, elapsed_s)


@dataclass(frozen=True, slots=True)
class Missing:
    """Sound that never arrived.

    Attributes:
        seconds: How much, by the clock.
        asleep_s: For how much of it the computer slept.
        ago_s: How many seconds of sound arrived since.
    """

    seconds: float
    asleep_s: float = 0.0
    ago_s: float = 0.0

    @property
    def was_asleep(self) -> bool:
        """Whether the computer's sleep explains it."""
        return self.seconds - self.asleep_s < GAP_S


GAP_S = 0.5
"""What is missing less is not told: sound servers change their delay by some tenths."""
_STILL_S = 0.25
_SETTLES_S = 2.0


class Continuity:
    """Watches one stream. Not thread-safe, and cheap enough for a callback."""

    def __init__(self) -> None:
        self._heard_s = 0.0
        self._usual: Moment | None = None  # the lag by both clocks, as it was last
        self._since: Moment | None = None  # when the lag began to keep still
        self._least = self._most = Moment(0.0, 0.0)  # the lag since then
        self._heard_before_s = 0.0

    def heard(self, frames: int, sample_rate_hz: int, at: Moment) -> Missing | None:
        """Take a block that came at this moment; return what has been found missing, if anything.

        It is found some seconds after it was lost, see `Missing.ago_s`.
        """
        self._heard_s += frames / sample_rate_hz
        lag = Moment(at.awake_s - self._heard_s, at.elapsed_s - self._heard_s)
        if self._since is None or not self._keeps_still(lag):
            self._since, self._least, self._most = at, lag, lag
            self._heard_before_s = self._heard_s - frames / sample_rate_hz
            return None
        self._least, self._most = _of(min, self._least, lag), _of(max, self._most, lag)
        if at.elapsed_s - self._since.elapsed_s < _SETTLES_S:
            return None
        return self._settled(at)

    def _keeps_still(self, lag: Moment) -> bool:
        least, most = _of(min, self._least, lag), _of(max, self._most, lag)
        return most.elapsed_s - least.elapsed_s <= _STILL_S

    def _settled(self, at: Moment) -> Missing | None:
        usual, lag, ago_s = self._usual, self._least, self._heard_s - self._heard_before_s
        self._usual, self._since = lag, at
        self._least = self._most = Moment(at.awake_s - self._heard_s, at.elapsed_s - self._heard_s)
        self._heard_before_s = self._heard_s
        if usual is None or lag.elapsed_s - usual.elapsed_s < GAP_S:
            return None
        seconds, awake_s = lag.elapsed_s - usual.elapsed_s, lag.awake_s - usual.awake_s
        return Missing(seconds, max(0.0, seconds - max(0.0, awake_s)), ago_s)


def _of(which: Callable[[float, float], float], one: Moment, other: Moment) -> Moment:
    return Moment(which(one.awake_s, other.awake_s), which(one.elapsed_s, other.elapsed_s))
