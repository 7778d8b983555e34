"""Keep the tracks of a session on one clock: sample k of each was heard at the same time.

Two devices have two clocks, which differ by up to 200 parts per million: 1.4 s in two hours. So the
samples of each track are compared with the computer's clock. A block that is late says little,
because machines are busy, but the earliest of some seconds does: sound cannot arrive before it was
heard. What a track lacks after a loss is filled with silence; a slow drift is corrected by a change
of speed that nobody hears. The speed is changed rarely and is constant between: the removal of an
echo needs two tracks whose distance stays, or moves evenly, for half a minute.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

# The speed is learned from the least lags of so many times of this length, and the lag that is
# corrected is the least of the last ones.
_BIN_S = 5.0
_MOST_BINS, _LAG_BINS = 96, 3
# A lag is corrected within this time, and so long the speed stays; at first, for as long as the
# track is: the longer that is, the better the speed of its device is known.
_CORRECTION_S, _FIRST_S = 240.0, 10.0
# A lag of this much is corrected sooner.
_GREAT_LAG_S, _SOON_S = 0.06, 30.0
# The speed that was measured for this time counts as much as the one that was assumed before.
_BELIEVED_S = 5.0
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
        self._is_interrupted = True
        self._learned = 0.0
        self._restart()

    def _restart(self) -> None:
        self._elapsed_s = self._corrected_s = 0.0
        self._least_s = np.inf
        self._bin_ends_s = _BIN_S
        self._changed_s, self._stays_s = 0.0, _FIRST_S
        # Ends of bins, and the least lag in each as it would be at the device's own speed.
        self._lags: deque[tuple[float, float]] = deque(maxlen=_MOST_BINS)
        self.factor = 1.0 + self._learned
        """How much longer the track's next samples have to be."""

    def interrupt(self) -> None:
        """Fill what is missing before the next block: the sound before it was interrupted."""
        self._is_interrupted = True
        self._restart()

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
        self._least_s = min(self._least_s, lag_s + self._corrected_s)
        if self._elapsed_s >= self._bin_ends_s:
            self._lags.append((self._elapsed_s, self._least_s))
            self._least_s = np.inf
            self._bin_ends_s = self._elapsed_s + _BIN_S
            self._reconsider()
        self._elapsed_s += duration_s
        self._corrected_s += duration_s * (self.factor - 1.0)
        return 0.0

    def _reconsider(self) -> None:
        """Change the speed if it is time to."""
        lag_s = min(one for _, one in list(self._lags)[-_LAG_BINS:]) - self._corrected_s
        within_s = _SOON_S if abs(lag_s) > _GREAT_LAG_S else _CORRECTION_S
        stays_s = min(self._stays_s, within_s)
        if self._elapsed_s - self._changed_s < stays_s or len(self._lags) < 2:
            return
        self._learn()
        # Beyond the tolerance it begins at 0.
        lag_s -= min(_TOLERANCE_S, max(-_TOLERANCE_S, lag_s))
        self.factor = 1.0 + _limited(self._learned + lag_s / within_s)
        self._changed_s, self._stays_s = self._elapsed_s, min(within_s, self._elapsed_s)

    def _learn(self) -> None:
        """Learn the speed of the device, by which its lag grows, also if sound was lost once.

        That is the median of the medians of the slopes between each lag and the others, which a
        jump changes little. (Siegel, 1982: Robust regression using repeated medians.)
        """
        at_s, lags_s = np.array(self._lags).T
        apart_s = at_s[:, None] - at_s
        np.fill_diagonal(apart_s, np.nan)
        speed = np.median(np.nanmedian((lags_s[:, None] - lags_s) / apart_s, axis=1))
        whole_s = float(at_s[-1] - at_s[0])
        trust = whole_s**2 / (whole_s**2 + _BELIEVED_S**2)
        self._learned = _limited(self._learned + trust * (float(speed) - self._learned))


def _limited(change: float) -> float:
    return min(_MAX_CORRECTION, max(-_MAX_CORRECTION, change))
