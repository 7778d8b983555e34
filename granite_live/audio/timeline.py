"""Keep decoded sound on the recording's own clock, so that captions fit the picture."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.interpolation import RateCorrector

# Containers round their clocks (Matroska and ASF to 1 ms): smaller differences are ignored.
_TOLERANCE_S = 0.005
# A correction continues until the difference is below this.
_CORRECTED_S = 0.001
# A larger step of the clock is missing audio; a smaller one is drift.
_GAP_S = 0.04
# Gaps from this length on are reported to the user.
_MIN_REPORTED_GAP_S = 0.2
# Some programs stamp audio with its time of arrival: a step counts only if most of the stamps
# within this time after it agree.
_LOOKAHEAD_S = 0.5
# A difference is corrected within this time, with at most this change of speed, which does not
# affect recognition.
_CORRECTION_S = 0.5
_MAX_CORRECTION = 0.1
# A clock that steps back further than this restarts, as in concatenated files.
_OVERLAP_S = 1.0
# A longer jump, or a larger sum of jumps, is a broken clock and not a pause.
_MAX_SILENCE_S = 3600.0
# In broadcast formats the clock may jump at any time, as between concatenated streams. FFmpeg has
# the same limit (option -dts_delta_threshold).
_MAX_BROADCAST_GAP_S = 10.0
# Silence is generated in pieces of this length.
_SILENCE_PIECE_S = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class MonoFrame:
    """A mono frame [shape=(samples,)], and its start by the container's clock."""

    samples: NDArray[np.float32]
    rate_hz: int
    time_s: float | None

    @property
    def duration_s(self) -> float:
        """The length in seconds."""
        return len(self.samples) / self.rate_hz


class Timeline:
    """Turns frames with times into audio without gaps, in which samples count time.

    Args:
        origin_s: The container's start time; None for the first frame's time.
        may_jump: Whether the format's clock may jump anywhere (`AVFMT_TS_DISCONT`).
        has_no_clock: Whether the format stores no times, so that FFmpeg counts them and they only
            show where a damaged piece was skipped.
    """

    def __init__(
        self,
        origin_s: float | None = None,
        *,
        may_jump: bool = False,
        has_no_clock: bool = False,
    ) -> None:
        self.position_s = 0.0
        self.gap_s = 0.0
        self.first_gap_s = 0.0
        self.jumps = 0
        self.first_jump_s = 0.0
        self._has_no_clock = has_no_clock
        self._smallest_gap_s = _MIN_REPORTED_GAP_S if has_no_clock else _GAP_S
        self._longest_gap_s = _MAX_BROADCAST_GAP_S if may_jump else _MAX_SILENCE_S
        self._silence_left_s = _MAX_SILENCE_S
        # The container's time minus the time of the delivered samples: the target is the offset of
        # each frame, `_applied_s` is the value reached by silence and warping.
        self._applied_s = origin_s
        self._counted_s = 0.0
        self._waiting: deque[tuple[MonoFrame, float]] = deque()
        self._waiting_s = 0.0
        self._warp = RateCorrector()
        self._is_correcting = False
        self._has_begun = False

    def add(self, sound: MonoFrame) -> Iterator[tuple[NDArray[np.float32], int]]:
        """Add the next frame and yield (samples, rate) of what is ready."""
        if sound.time_s is not None:
            offset_s = sound.time_s - self._counted_s
        elif self._waiting:
            offset_s = self._waiting[-1][1]
        else:
            offset_s = self._applied_s or 0.0
        if self._applied_s is None:
            self._applied_s = offset_s
        self._counted_s += sound.duration_s
        self._waiting.append((sound, offset_s))
        self._waiting_s += sound.duration_s
        while self._waiting_s - self._waiting[0][0].duration_s > _LOOKAHEAD_S:
            yield from self._release()

    def finish(self) -> Iterator[tuple[NDArray[np.float32], int]]:
        """Yield the remaining audio."""
        rate_hz = 0
        while self._waiting:
            rate_hz = self._waiting[0][0].rate_hz
            yield from self._release()
        if rate_hz:
            yield from self._emit(self._warp.flush(), rate_hz)

    def _release(self) -> Iterator[tuple[NDArray[np.float32], int]]:
        """Yield the oldest waiting frame at its place."""
        assert self._applied_s is not None
        ahead_s = self._waiting[0][1] - self._applied_s
        if not self._has_begun and ahead_s >= _TOLERANCE_S:
            yield from self._close_gap(ahead_s)
        elif ahead_s >= self._smallest_gap_s or ahead_s <= -_OVERLAP_S:
            # Take the step that most later frames show, but at most that of this frame.
            agreed_s = median(offset for _, offset in self._waiting) - self._applied_s
            if ahead_s > 0 and agreed_s >= self._smallest_gap_s:
                yield from self._close_gap(min(ahead_s, agreed_s))
            elif ahead_s < 0 and agreed_s <= -_OVERLAP_S:
                self._follow_jump(ahead_s)
        self._has_begun = True
        sound, _ = self._waiting[0]
        factor = self._factor()
        self._waiting.popleft()
        self._waiting_s -= sound.duration_s
        warped = self._warp.feed(sound.samples, factor)
        self._applied_s += (len(warped) - len(sound.samples)) / sound.rate_hz
        yield from self._emit(warped, sound.rate_hz)

    def _factor(self) -> float:
        """Return the stretch factor of the next frame to fit the container's clock."""
        assert self._applied_s is not None
        first_s = self._waiting[0][1]
        is_near = abs(first_s - self._applied_s) <= _TOLERANCE_S
        if self._has_no_clock or (is_near and not self._is_correcting):
            return 1.0
        near = (offset for _, offset in self._waiting if abs(offset - first_s) < _GAP_S)
        ahead_s = median(near) - self._applied_s
        self._is_correcting = abs(ahead_s) > _CORRECTED_S
        change = min(_MAX_CORRECTION, max(-_MAX_CORRECTION, ahead_s / _CORRECTION_S))
        return 1.0 + change if self._is_correcting else 1.0

    def _close_gap(self, ahead_s: float) -> Iterator[tuple[NDArray[np.float32], int]]:
        """Yield silence for a step of the clock, or treat the step as a broken clock."""
        assert self._applied_s is not None
        if ahead_s > min(self._silence_left_s, self._longest_gap_s):
            self._follow_jump(ahead_s)
            return
        rate_hz = self._waiting[0][0].rate_hz
        self._silence_left_s -= ahead_s
        if self._has_begun and ahead_s >= _MIN_REPORTED_GAP_S:
            if self.gap_s == 0.0:
                self.first_gap_s = self.position_s
            self.gap_s += ahead_s
        yield from self._emit(self._warp.flush(), rate_hz)
        missing = round(ahead_s * rate_hz)
        self._applied_s += missing / rate_hz
        while missing > 0:
            piece = np.zeros(min(missing, int(rate_hz * _SILENCE_PIECE_S)), dtype=np.float32)
            missing -= len(piece)
            yield from self._emit(piece, rate_hz)

    def _follow_jump(self, ahead_s: float) -> None:
        """Set the clock by the samples."""
        assert self._applied_s is not None
        self._applied_s += ahead_s
        if self._has_no_clock or not self._has_begun:
            return
        if not self.jumps:
            self.first_jump_s = self.position_s
        self.jumps += 1

    def _emit(
        self, samples: NDArray[np.float32], rate_hz: int
    ) -> Iterator[tuple[NDArray[np.float32], int]]:
        if len(samples):
            self.position_s += len(samples) / rate_hz
            yield samples, rate_hz
