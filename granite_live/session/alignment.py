"""Keep the tracks of a session on one clock: sample k of each was heard at the same time.

Two devices have two clocks, which differ by up to 200 parts per million: 1.4 s in two hours. So the
samples of each track are compared with the computer's clock. A block that is late says little,
because machines are busy, but the earliest of some seconds does: sound cannot arrive before it was
heard. What a track lacks after a loss is filled with silence; a slow drift is corrected by a change
of speed that nobody hears. The speed of a device is learned and then stays, because the removal of
an echo needs two tracks whose distance is the same for half a minute.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

# A track's lag is the least one in this time.
_WINDOW_S = 10.0
# A lag is corrected within about this time, and the speed learned so that it does not come back
# (a PI controller without overshoot). A drift of 200 ppm lags by 5 ms at most.
_CORRECTION_S = 30.0
_LEARNING = 1.0 / (4.0 * _CORRECTION_S**2)
_MAX_CORRECTION = 0.005
# Less is an inaccuracy of the arrival times and changes nothing.
_TOLERANCE_S = 0.002
# The longest silence for a time in which no track had sound.
MAX_FILLED_S = 3600.0


class SessionClock:
    """The clock of a session: what time the first sample of its tracks was heard.

    `position_s` of all tracks return how much of them was recorded [seconds]. For one thread.
    """

    def __init__(self) -> None:
        self._origin_s: float | None = None
        self._positions: list[Callable[[], float]] = []

    def add_track(self, position_s: Callable[[], float]) -> TrackAlignment:
        """Return the alignment of a further track."""
        self._positions.append(position_s)
        return TrackAlignment(self, position_s)

    def pause(self) -> None:
        """Let the next block go on at the end of the longest track, whenever it comes."""
        self._origin_s = None

    def expected_s(self, heard_s: float, position_s: float) -> float:
        """Return the place of a sound in the recording.

        Args:
            heard_s: When it began, by the computer's clock.
            position_s: The end of its track.
        """
        longest_s = max(position() for position in self._positions)
        if self._origin_s is None:
            self._origin_s = heard_s - longest_s
        if position_s >= longest_s:
            # No track had sound meanwhile.
            self._origin_s = max(self._origin_s, heard_s - position_s - MAX_FILLED_S)
        return heard_s - self._origin_s


class TrackAlignment:
    """Tells how one track stays on the session's clock; made by `SessionClock.add_track`."""

    def __init__(self, clock: SessionClock, position_s: Callable[[], float]) -> None:
        self._clock = clock
        self._position_s = position_s
        self._lags: deque[tuple[float, float]] = deque()
        self._is_interrupted = True
        self._learned = 0.0
        self.factor = 1.0
        """How much longer the track's next samples have to be."""

    def interrupt(self) -> None:
        """Fill what is missing before the next block: the sound before it was interrupted."""
        self._is_interrupted = True
        self._lags.clear()
        self.factor = 1.0 + self._learned

    def pause(self) -> None:
        """Leave out the time before the next block."""
        self._clock.pause()
        self.interrupt()

    def missing_before(self, arrived_s: float, duration_s: float) -> float:
        """Add a block and return how much silence to record before it [seconds].

        Args:
            arrived_s: When its last sample arrived, by the computer's clock without its sleep.
            duration_s: Its length.
        """
        position_s = self._position_s()
        lag_s = self._clock.expected_s(arrived_s - duration_s, position_s) - position_s
        if self._is_interrupted:
            self._is_interrupted = False
            return max(0.0, lag_s)
        # The deque holds those lags that can still become the least one of the window.
        while self._lags and self._lags[-1][1] >= lag_s:
            self._lags.pop()
        self._lags.append((arrived_s, lag_s))
        while self._lags[0][0] < arrived_s - _WINDOW_S:
            self._lags.popleft()
        least_s = self._lags[0][1]
        # Beyond the tolerance it begins at 0, so that the speed does not jump.
        least_s -= min(_TOLERANCE_S, max(-_TOLERANCE_S, least_s))
        self._learned = _limited(self._learned + _LEARNING * least_s * duration_s)
        self.factor = 1.0 + _limited(self._learned + least_s / _CORRECTION_S)
        return 0.0


def _limited(change: float) -> float:
    return min(_MAX_CORRECTION, max(-_MAX_CORRECTION, change))
