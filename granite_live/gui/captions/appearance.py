"""The look of captions: the user's font and colors, and derived sizes. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from granite_live.gui.theme import contrast
from granite_live.settings import Settings

_READABLE = 4.5
"""The minimum contrast of draft text, as in WCAG 2."""
_FADES_PERCENT = range(35, 0, -5)
_ROW = 1.3
"""The row height relative to the font size."""


@dataclass(frozen=True, slots=True)
class CaptionStyle:
    """Sizes in logical pixels, colors as `#rrggbb`.

    Attributes:
        lines: The number of visible rows.
        family: The font family.
        size_px: The font size.
        color: The color of final text.
        outline_px: The width of the outline, 0 for none.
        background: The background color.
        opacity_percent: The opacity of the background.
    """

    lines: int
    family: str
    size_px: int
    color: str
    outline_px: int
    background: str
    opacity_percent: int

    @classmethod
    def of(cls, settings: Settings, family: str) -> CaptionStyle:
        """Return the look of the settings, with `family` if they name none."""
        return cls(
            settings.captions_lines,
            settings.captions_font_family or family,
            settings.captions_font_size_px,
            settings.captions_colour,
            settings.captions_outline_px,
            settings.captions_background_colour,
            settings.captions_opacity_percent,
        )

    @property
    def draft_color(self) -> str:
        """The color of drafts: as faint as is still readable."""
        fades = (_mixed(self.color, self.background, percent) for percent in _FADES_PERCENT)
        readable = (one for one in fades if contrast(one, self.background) >= _READABLE)
        return next(readable, _mixed(self.color, self.background, _FADES_PERCENT[-1]))

    @property
    def outline_color(self) -> str:
        """Black or white, whichever contrasts more with the text."""
        return max(("#000000", "#ffffff"), key=lambda one: contrast(one, self.color))

    @property
    def row_px(self) -> int:
        """The row height."""
        return round(self.size_px * _ROW) + 2 * self.outline_px

    @property
    def pad_px(self) -> int:
        """The padding above and below the text."""
        return max(4, round(self.size_px * 0.2))

    @property
    def side_px(self) -> int:
        """The padding at the sides of the text."""
        return max(8, round(self.size_px * 0.5))

    @property
    def height_px(self) -> int:
        """The height of the window."""
        return self.lines * self.row_px + 2 * self.pad_px

    @property
    def least_width_px(self) -> int:
        """The minimum width, which fits a short word."""
        return 2 * self.side_px + 6 * self.size_px


def _mixed(one: str, other: str, percent: int) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{(a * (100 - percent) + b * percent) // 100:02x}" for a, b in pairs)


def _channels(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
