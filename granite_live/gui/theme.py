"""What everything looks like: one palette light and dark, one scale of type, a grid of 8 pixels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

GRID_PX = 8
"""Distances are multiples of this, or halves of it inside of a control."""
READING_CHARS = 68
"""Characters in a line of the transcript: 60 to 75 are read without losing the line."""
MOTION_MS = 140
"""How long anything moves or fades."""


class Appearance(Enum):
    """What the user asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colors:
    """One palette, as `#rrggbb`.

    `text` to `quiet` are inks from strong to weak; all of them are read on `page`, `panel` and
    `raised`. `line` sets areas apart, `edge` shows where a field is. `on_accent` is written on
    `accent`, and on nothing else. `focus` is the ring around what the keys go to.
    """

    page: str
    panel: str
    raised: str
    hover: str
    selected: str
    line: str
    edge: str
    text: str
    soft: str
    quiet: str
    draft: str
    accent: str
    accent_hover: str
    accent_ink: str
    on_accent: str
    focus: str
    danger: str
    danger_fill: str
    warning: str
    good: str
    found: str
    found_now: str


LIGHT = Colors(
    page="#ffffff",
    panel="#f5f5f3",
    raised="#ffffff",
    hover="#ebebe8",
    selected="#e3e9f6",
    line="#e2e2de",
    edge="#8b8b86",
    text="#1c1c1a",
    soft="#4a4a46",
    quiet="#676762",
    draft="#656560",
    accent="#2f5bd0",
    accent_hover="#274db3",
    accent_ink="#2c55c4",
    on_accent="#ffffff",
    focus="#2f5bd0",
    danger="#b3261e",
    danger_fill="#b3261e",
    warning="#8a5200",
    good="#1a7040",
    found="#fff0b3",
    found_now="#ffd24d",
)

DARK = Colors(
    page="#1b1c1e",
    panel="#232427",
    raised="#2b2d30",
    hover="#323438",
    selected="#2c3a5c",
    line="#393b40",
    edge="#777a81",
    text="#ececea",
    soft="#c6c6c2",
    quiet="#a5a6a3",
    draft="#a8a9a6",
    accent="#3f6ce0",
    accent_hover="#3560cf",
    accent_ink="#9db8ff",
    on_accent="#ffffff",
    focus="#9db8ff",
    danger="#ff9c92",
    danger_fill="#c2453b",
    warning="#f2bd68",
    good="#6fce97",
    found="#5a4a12",
    found_now="#7a5f08",
)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours, and sizes that follow the user's text size.

    `scale` is 1.0 to 2.0. `family` is a font's name, "" for the system's. `line_spacing` is
    that of the transcript.
    """

    colors: Colors = LIGHT
    is_dark: bool = False
    scale: float = 1.0
    family: str = ""
    line_spacing: float = 1.5
    has_motion: bool = True

    def px(self, size_px: float) -> int:
        """Return a size that grows with the text."""
        return round(size_px * self.scale)

    @property
    def small_px(self) -> int:
        """Times, hints."""
        return self.px(12)

    @property
    def body_px(self) -> int:
        """Controls."""
        return self.px(14)

    @property
    def reading_px(self) -> int:
        """The transcript."""
        return self.px(17)

    @property
    def title_px(self) -> int:
        """Titles of sessions and windows."""
        return self.px(20)

    @property
    def display_px(self) -> int:
        """The one line of an empty page."""
        return self.px(28)

    @property
    def motion_ms(self) -> int:
        """How long anything moves: not at all where the user wants it so."""
        return MOTION_MS if self.has_motion else 0


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb` as WCAG 2 defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
