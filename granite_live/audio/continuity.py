"""Detect audio that never arrived, by comparing a stream with the clock.

After a suspension of half a minute a program gets some of the audio from the system's buffers and
nothing says that the rest is lost. The lag of the stream behind the clock shows it:

- While the stream is late but its audio waits in a buffer, the lag grows and falls again.
- When audio is lost, the lag stays.

So the lag counts only after it was steady for two seconds. It varies by 100 ms on a quiet machine,
and on a busy one as much as callbacks are late; an increase by half a second is a gap. Each steady
lag is compared with the previous one, because device clocks drift.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A time by two clocks [seconds]; `elapsed_s` includes the sleep of the computer.

    On Windows both are the same, because Python cannot read a clock without the sleep.
    """

    awake_s: float
    elapsed_s: float


def read_clocks() -> ClockReading:
    """Return the time of the system's monotonic clocks."""
    awake_s = elapsed_s = time.monotonic()
    if sys.platform == "linux":
        elapsed_s = time.clock_gettime(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        awake_s = time.clock_gettime(time.CLOCK_UPTIME_RAW)
        elapsed_s = time.clock_gettime(time.CLOCK_MONOTONIC)
    return ClockReading(awake_s, elapsed_s)


def awake_s() -> float:
    """Return the time of a clock that stands still while the computer sleeps, in seconds."""
    return read_clocks().awake_s


@dataclass(frozen=True, slots=True)
class MissingAudio:
    """Audio that never arrived.

    Attributes:
        seconds: The missing time by the clock.
        asleep_s: For how much of it the computer slept.
        ago_s: Seconds of audio that have arrived since.
    """

    seconds: float
    asleep_s: float = 0.0
    ago_s: float = 0.0

    @property
    def was_asleep(self) -> bool:
        """Whether the missing time was the computer's sleep."""
        return self.seconds - self.asleep_s < MIN_GAP_S


MIN_GAP_S = 0.5
"""Smaller gaps are ignored: sound servers change their delay by some tenths of a second."""
_STILL_S = 0.25
_SETTLES_S = 2.0


class GapDetector:
    """Watches one stream. Not thread-safe; cheap enough for a callback."""

    def __init__(self) -> None:
        self._heard_s = 0.0
        self._usual: ClockReading | None = None  # the latest steady lag by both clocks
        self._since: ClockReading | None = None  # when the lag became steady
        self._least = self._most = ClockReading(0.0, 0.0)  # the range of the lag since then
        self._heard_before_s = 0.0

    def add_block(self, frames: int, sample_rate_hz: int, at: ClockReading) -> MissingAudio | None:
        """Add a block that arrived at `at`; return the audio found missing, if any.

        A gap is detected some seconds after it occurred, see `MissingAudio.ago_s`.
        """
        self._heard_s += frames / sample_rate_hz
        lag = ClockReading(at.awake_s - self._heard_s, at.elapsed_s - self._heard_s)
        if self._since is None or not self._keeps_still(lag):
            self._since, self._least, self._most = at, lag, lag
            self._heard_before_s = self._heard_s - frames / sample_rate_hz
            return None
        self._least, self._most = _of(min, self._least, lag), _of(max, self._most, lag)
        if at.elapsed_s - self._since.elapsed_s < _SETTLES_S:
            return None
        return self._settled(at)

    def _keeps_still(self, lag: ClockReading) -> bool:
        least, most = _of(min, self._least, lag), _of(max, self._most, lag)
        return most.elapsed_s - least.elapsed_s <= _STILL_S

    def _settled(self, at: ClockReading) -> MissingAudio | None:
        usual, lag, ago_s = self._usual, self._least, self._heard_s - self._heard_before_s
        self._usual, self._since = lag, at
        self._least = self._most = ClockReading(
            at.awake_s - self._heard_s, at.elapsed_s - self._heard_s
        )
        self._heard_before_s = self._heard_s
        if usual is None or lag.elapsed_s - usual.elapsed_s < MIN_GAP_S:
            return None
        seconds, awake_s = lag.elapsed_s - usual.elapsed_s, lag.awake_s - usual.awake_s
        return MissingAudio(seconds, max(0.0, seconds - max(0.0, awake_s)), ago_s)


def _of(
    which: Callable[[float, float], float], one: ClockReading, other: ClockReading
) -> ClockReading:
    return ClockReading(which(one.awake_s, other.awake_s), which(one.elapsed_s, other.elapsed_s))
