"""How captions look: the user's letters and colours, and what follows from them. Without Qt."""

from __future__ import annotations

from dataclasses import dataclass

from granite_live.gui.theme import contrast
from granite_live.settings import Settings

_READABLE = 4.5
"""The least contrast of a draft, that of WCAG 2 for text."""
_FADES_PERCENT = range(35, 0, -5)
_ROW = 1.3
"""Height of a row in sizes of its letters."""


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes in device-independent pixels, colours as `#rrggbb`.

    Attributes:
        lines: How many rows are seen.
        family: Of the letters.
        size_px: Of the letters.
        colour: Of final text.
        outline_px: How far the letters' outline reaches, 0 for none.
        background: Behind the text.
        opacity_percent: How much of it covers what is behind.
    """

    lines: int
    family: str
    size_px: int
    colour: str
    outline_px: int
    background: str
    opacity_percent: int

    @classmethod
    def of(cls, settings: Settings, family: str) -> Look:
        """Return the look that the settings ask for, in `family` where they name none."""
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
    def draft_colour(self) -> str:
        """The colour of what is not final: as near to the background as can be read well."""
        fades = (_mixed(self.colour, self.background, percent) for percent in _FADES_PERCENT)
        readable = (one for one in fades if contrast(one, self.background) >= _READABLE)
        return next(readable, _mixed(self.colour, self.background, _FADES_PERCENT[-1]))

    @property
    def outline_colour(self) -> str:
        """Black or white, whichever sets the letters apart."""
        return max(("#000000", "#ffffff"), key=lambda one: contrast(one, self.colour))

    @property
    def row_px(self) -> int:
        """The distance from row to row."""
        return round(self.size_px * _ROW) + 2 * self.outline_px

    @property
    def pad_px(self) -> int:
        """The room above and below the text."""
        return max(4, round(self.size_px * 0.2))

    @property
    def side_px(self) -> int:
        """The room at the sides of the text."""
        return max(8, round(self.size_px * 0.5))

    @property
    def height_px(self) -> int:
        """The height of the whole window."""
        return self.lines * self.row_px + 2 * self.pad_px

    @property
    def least_width_px(self) -> int:
        """The width that holds a short word."""
        return 2 * self.side_px + 6 * self.size_px


def _mixed(one: str, other: str, percent: int) -> str:
    """Return `one` with so much of `other` in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{(a * (100 - percent) + b * percent) // 100:02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
