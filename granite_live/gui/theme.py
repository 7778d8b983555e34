"""Colors, font sizes and spacing: one light and one dark palette, a grid of 8 pixels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

GRID_PX = 8
"""Spacing is a multiple of this, or of its half inside a control."""
READING_CHARS = 68
"""Characters per line of the transcript; 60 to 75 are comfortable to read."""
MOTION_MS = 140
"""The duration of animations."""
HIGH_CONTRAST = 7.0
"""The least contrast of texts with a system's high-contrast colors, the highest level of WCAG 2."""


class Appearance(Enum):
    """The user's choice of appearance."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colors:
    """One palette, as `#rrggbb`.

    `text` to `quiet` are text colors from strong to weak, all readable on `page`, `panel` and
    `raised`. `line` separates areas, `edge` outlines fields. `on_accent` is the text color on
    `accent` only. `focus` is the ring around the focused widget.
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
    found_current: str


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
    found_current="#ffd24d",
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
    found_current="#7a5f08",
)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colors, and sizes that follow the user's text size.

    `scale` is 1.0 to 2.0. `family` is a font name, "" for the system's. `line_spacing` applies to
    the transcript.
    """

    colors: Colors = LIGHT
    is_dark: bool = False
    scale: float = 1.0
    family: str = ""
    line_spacing: float = 1.5
    has_motion: bool = True

    def px(self, size_px: float) -> int:
        """Return a size in pixels, scaled with the text size."""
        return round(size_px * self.scale)

    @property
    def small_px(self) -> int:
        """Size of time stamps and hints."""
        return self.px(12)

    @property
    def body_px(self) -> int:
        """Size of controls."""
        return self.px(14)

    @property
    def reading_px(self) -> int:
        """Size of the transcript."""
        return self.px(17)

    @property
    def title_px(self) -> int:
        """Size of session and window titles."""
        return self.px(20)

    @property
    def display_px(self) -> int:
        """Size of the title of an empty view."""
        return self.px(28)

    @property
    def motion_ms(self) -> int:
        """The duration of animations, 0 if the system turns them off."""
        return MOTION_MS if self.has_motion else 0


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two colors `#rrggbb`, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
