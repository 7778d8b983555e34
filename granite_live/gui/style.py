"""The theme for Qt: palette, style sheet, fonts."""

from __future__ import annotations

from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from granite_live.gui.style_sheet import style_sheet
from granite_live.gui.theme import DARK, LIGHT, Appearance, Theme
from granite_live.util.resources import assets_dir

# The fallback fonts of a system without a desktop; better ones are often installed.
_PLAIN_FAMILIES = {"DejaVu Sans", "Bitstream Vera Sans", "Sans Serif", "Liberation Sans", "Arial"}
_BETTER_FAMILIES = ("Inter", "Cantarell", "Noto Sans", "Open Sans", "Ubuntu")


def make_theme(
    appearance: Appearance,
    *,
    scale: float = 1.0,
    family: str = "",
    line_spacing: float = 1.5,
    has_motion: bool = True,
) -> Theme:
    """Return the theme for the user's, or the system's, appearance."""
    is_dark = appearance is Appearance.DARK
    if appearance is Appearance.SYSTEM:
        is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return Theme(
        DARK if is_dark else LIGHT,
        is_dark,
        scale,
        family or system_family(),
        line_spacing,
        has_motion,
    )


def system_family() -> str:
    """Return the system's font, or a better installed one if that is a fallback font."""
    family = QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).family()
    if family not in _PLAIN_FAMILIES:
        return family
    installed = set(QFontDatabase.families())
    return next((better for better in _BETTER_FAMILIES if better in installed), family)


def font(theme: Theme, size_px: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the theme's font at a size."""
    made = QFont(theme.family)
    made.setPixelSize(size_px)
    made.setWeight(weight)
    return made


def dress(app: QApplication, theme: Theme) -> None:
    """Apply the theme to the whole program."""
    # Style sheets refer to images by file name.
    QDir.setSearchPaths("graniteicons", [str(assets_dir() / "icons")])
    app.setFont(font(theme, theme.body_px))
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))


def palette(theme: Theme) -> QPalette:
    """Return the palette for widgets that the style sheet does not cover."""
    c = theme.colors
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: c.page,
        QPalette.ColorRole.Base: c.page,
        QPalette.ColorRole.AlternateBase: c.panel,
        QPalette.ColorRole.Button: c.raised,
        QPalette.ColorRole.WindowText: c.text,
        QPalette.ColorRole.Text: c.text,
        QPalette.ColorRole.ButtonText: c.text,
        QPalette.ColorRole.PlaceholderText: c.quiet,
        QPalette.ColorRole.ToolTipBase: c.raised,
        QPalette.ColorRole.ToolTipText: c.text,
        QPalette.ColorRole.Highlight: c.accent,
        QPalette.ColorRole.HighlightedText: c.on_accent,
        QPalette.ColorRole.Accent: c.accent,
        QPalette.ColorRole.Link: c.accent_ink,
    }
    for role, color in roles.items():
        made.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.quiet))
    return made
