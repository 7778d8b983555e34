"""How long after the last word its final text comes."""

from __future__ import annotations

from granite_live.session import events

LEVEL_EVERY_S = 0.1
"""The interval of level events while recording."""
# Levels arrive a little unevenly. A longer gap is a pause or a lost device.
_GAP_S = 0.4


class DelayTracker:
    """Follows one session. The recording's time stops during pauses; the clock `t` does not."""

    def __init__(self) -> None:
        self._not_recorded_s = 0.0
        self._level_s: float | None = None

    def apply(self, event: events.SessionEvent) -> float | None:
        """Return the delay of a final text in seconds, None for other events."""
        if isinstance(event, events.LevelMeasured):
            self._follow(event.t)
        if not isinstance(event, events.FinalText):
            return None
        return max(0.0, event.t - event.end_s - self._not_recorded_s)

    def _follow(self, t: float) -> None:
        before_s = 0.0 if self._level_s is None else self._level_s
        missing_s = t - before_s - LEVEL_EVERY_S
        if self._level_s is None or missing_s > _GAP_S:
            self._not_recorded_s += max(0.0, missing_s)
        self._level_s = max(before_s, t)
