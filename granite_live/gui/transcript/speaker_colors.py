"""The colors of speakers, readable on the page in both appearances."""

from __future__ import annotations

from PySide6.QtGui import QColor

from granite_live.gui.theme import DARK, HIGH_CONTRAST, LIGHT, Theme, contrast

_ON_LIGHT = ("#2c55c4", "#8a3a00", "#146c2e", "#7b3fa0", "#00636b", "#a11d52")
_ON_DARK = ("#9db8ff", "#ffb27a", "#81c995", "#d7aefb", "#78d9ec", "#ff9cbc")


def speaker_color(theme: Theme, number: int) -> str:
    """Return the color of a speaker's name; from the seventh speaker on the colors repeat.

    The name is always shown with it: nobody is told apart by color alone. A color that is too weak
    on a system's high-contrast colors is replaced by that of the text.
    """
    is_dark = QColor(theme.colors.page).lightness() < 128
    colors = _ON_DARK if is_dark else _ON_LIGHT
    color = colors[number % len(colors)]
    is_own_palette = theme.colors in (LIGHT, DARK)
    is_readable = is_own_palette or contrast(color, theme.colors.page) >= HIGH_CONTRAST
    return color if is_readable else theme.colors.text
