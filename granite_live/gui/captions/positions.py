"""Positions of the caption window on each screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from urllib.parse import quote

from PySide6.QtCore import QRect, QSettings
from PySide6.QtGui import QGuiApplication

_WIDTH = 0.8
_BOTTOM = 0.95
"""The bottom of the default position, in the lower third of the screen."""
_GAP_PX = 8
_NOTHING = QRect()
_HOME, _PLACES = "captions/screen", "captions/places"


@dataclass(frozen=True, slots=True)
class Screen:
    """A connected screen; `id` stays the same across connections."""

    id: str
    area: QRect


def connected() -> list[Screen]:
    """Return the connected screens, the primary one first."""
    primary = QGuiApplication.primaryScreen()
    found = QGuiApplication.screens()
    found.sort(key=lambda one: one is not primary)
    return [
        Screen(
            quote(f"{one.name()} {one.manufacturer()} {one.model()} {one.serialNumber()}", safe=""),
            one.geometry(),
        )
        for one in found
    ]


def moved_within(window: QRect, area: QRect) -> QRect:
    """Return a window moved onto the screen, aligned at the top left if it is too large."""
    left = max(area.left(), min(window.left(), area.left() + area.width() - window.width()))
    top = max(area.top(), min(window.top(), area.top() + area.height() - window.height()))
    return QRect(left, top, window.width(), window.height())


@dataclass(frozen=True, slots=True)
class RelativePosition:
    """A position relative to a screen, which is valid at any resolution."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, window: QRect, area: QRect) -> RelativePosition:
        """Return the position of a window on a screen."""
        wide, high = max(1, area.width()), max(1, area.height())
        left, top = (window.left() - area.left()) / wide, (window.top() - area.top()) / high
        return cls(left, top, left + window.width() / wide, top + window.height() / high)

    def geometry_on(self, area: QRect, height_px: int, least_width_px: int) -> QRect:
        """Return the geometry of a window of this height, entirely on the screen.

        In the lower half of the screen the lower edge is kept, else the upper one.
        """
        left, right = (round(share * area.width()) for share in (self.left, self.right))
        width = min(area.width(), max(least_width_px, right - left))
        top = round(self.top * area.height())
        if self.top + self.bottom > 1:
            top = round(self.bottom * area.height()) - height_px
        found = QRect(area.left() + left, area.top() + top, width, height_px)
        return moved_within(found, area)


LOWER_THIRD = RelativePosition((1 - _WIDTH) / 2, _BOTTOM - 0.2, (1 + _WIDTH) / 2, _BOTTOM)


def beside(place: QRect, keep_free: QRect, area: QRect) -> QRect:
    """Move a window above or else below an area that it must not cover, if there is room."""
    if not place.intersects(keep_free):
        return place
    for top in (keep_free.top() - place.height() - _GAP_PX, keep_free.bottom() + 1 + _GAP_PX):
        moved = QRect(place.left(), top, place.width(), place.height())
        if area.contains(moved):
            return moved
    return place


class CaptionPositions:
    """Stores the positions in the window settings."""

    def __init__(self, stored: QSettings) -> None:
        self._stored = stored

    def choose(
        self,
        screens: Sequence[Screen],
        height_px: int,
        least_width_px: int,
        keep_free: QRect = _NOTHING,
    ) -> QRect | None:
        """Return the window's geometry, None without a screen.

        The user's screen is preferred; while it is disconnected, the first one is used. Where the
        user has not put the window, it does not cover the area `keep_free`.
        """
        if not screens:
            return None
        home = self._screen_id()
        screen = next((one for one in screens if one.id == home), screens[0])
        chosen = self._positions().get(screen.id)
        if chosen is not None:
            return chosen.geometry_on(screen.area, height_px, least_width_px)
        place = LOWER_THIRD.geometry_on(screen.area, height_px, least_width_px)
        return beside(place, keep_free, screen.area)

    def remember(self, window: QRect, screens: Sequence[Screen]) -> None:
        """Store the position that the user chose.

        The user's screen stays the same while it is disconnected: the move is temporary.
        """
        screen = next((one for one in screens if one.area.contains(window.center())), None)
        if screen is None:
            return
        places = self._positions() | {screen.id: RelativePosition.of(window, screen.area)}
        stored = {name: asdict(place) for name, place in places.items()}
        self._stored.setValue(_PLACES, json.dumps(stored))
        home = self._screen_id()
        if not home or any(one.id == home for one in screens):
            self._stored.setValue(_HOME, screen.id)
        self._stored.sync()

    def _screen_id(self) -> str:
        return str(self._stored.value(_HOME, "") or "")

    def _positions(self) -> dict[str, RelativePosition]:
        """Return the positions by screen, empty if the stored value is invalid."""
        try:
            stored = json.loads(str(self._stored.value(_PLACES, "{}")))
            return {str(name): _place(one) for name, one in stored.items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            return {}


def _place(stored: dict[str, float]) -> RelativePosition:
    shares = [float(stored[name]) for name in ("left", "top", "right", "bottom")]
    if not all(-1.0 <= share <= 2.0 for share in shares):
        raise ValueError("these are no shares of a screen")
    return RelativePosition(*shares)
