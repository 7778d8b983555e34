"""Keeps decoded sound on the recording's own clock, so that captions fit the picture.

Sound is counted, but where a file says that sound is missing (a damaged piece was
skipped, the microphone was off, the sound starts after the picture) silence takes
its place. A clock that makes no sense is ignored: sound is never dropped, and a
hostile clock cannot ask for endless silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Containers round their clocks (Matroska to 1 ms, ASF worse): less is no gap.
_SMALLEST_GAP_S = 0.2
# A jump beyond this, or the sum of all, is a broken clock and not a pause.
_LONGEST_SILENCE_S = 3600.0


@dataclass
class Timeline:
    """Where the next sound should stand, in seconds, and where it does stand.

    `origin_s` is what the container calls its start; None takes the first frame's time.
    """

    origin_s: float | None = None
    position_s: float = 0.0
    gap_s: float = 0.0
    first_gap_s: float = field(default=0.0, init=False)
    _silence_left_s: float = field(default=_LONGEST_SILENCE_S, init=False)

    def silence_before(self, time_s: float | None) -> float:
        """Return the seconds of silence that belong before a frame with this time."""
        if time_s is None:
            return 0.0
        if self.origin_s is None:
            self.origin_s = time_s - self.position_s
        ahead_s = time_s - self.origin_s - self.position_s
        if abs(ahead_s) < _SMALLEST_GAP_S:
            return 0.0
        if not 0.0 < ahead_s <= self._silence_left_s:
            # Backwards, or too far: believe the samples and set the clock by them.
            self.origin_s = time_s - self.position_s
            return 0.0
        self._silence_left_s -= ahead_s
        if self.position_s > 0.0:
            if self.gap_s == 0.0:
                self.first_gap_s = self.position_s
            self.gap_s += ahead_s
        return ahead_s

    def advance(self, samples: int, sample_rate_hz: int) -> None:
        """Count sound or silence that was handed on."""
        self.position_s += samples / sample_rate_hz
