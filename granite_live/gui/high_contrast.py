"""The theme that the user or the system asks for: light, dark, or of the system's own colors."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from granite_live.gui.theme import DARK, HIGH_CONTRAST, LIGHT, Appearance, Colors, Theme, contrast

_MARK = 3.0
"""The least contrast of a mark that is no text, such as a frame."""
_STEPS = 20


@dataclass(frozen=True, slots=True)
class SystemColors:
    """The colors that the user chose in the system, as `#rrggbb`."""

    ground: str
    text: str
    highlight: str
    highlighted_text: str
    link: str


class SystemAppearance(QObject):
    """What the system says about appearance. Emits `changed`; replaceable in tests, because Qt has
    no function that sets the wish for contrast.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        styles = QGuiApplication.styleHints()
        styles.colorSchemeChanged.connect(lambda _scheme: self.changed.emit())
        hints = styles.accessibility()
        hints.contrastPreferenceChanged.connect(lambda _preference: self.changed.emit())

    def is_dark(self) -> bool:
        """Return whether the system asks for a dark appearance."""
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def wants_high_contrast(self) -> bool:
        """Return whether the system asks for high contrast."""
        styles = QGuiApplication.styleHints()
        hints = styles.accessibility()
        return hints.contrastPreference() is Qt.ContrastPreference.HighContrast

    def colors(self) -> SystemColors:
        """Return the system's colors, whatever palette the program has."""
        own = QApplication.palette()
        QApplication.setPalette(QPalette())
        palette, role = QApplication.palette(), QPalette.ColorRole
        QApplication.setPalette(own)
        return SystemColors(
            ground=palette.color(role.Window).name(),
            text=palette.color(role.WindowText).name(),
            highlight=palette.color(role.Highlight).name(),
            highlighted_text=palette.color(role.HighlightedText).name(),
            link=palette.color(role.Link).name(),
        )


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
    system: SystemAppearance | None = None,
) -> Theme:
    """Return the theme for the user's, or the system's, appearance."""
    is_dark = appearance is Appearance.DARK
    system = (system or SystemAppearance()) if appearance is Appearance.SYSTEM else None
    if system is not None:
        is_dark = system.is_dark()
    colors = DARK if is_dark else LIGHT
    if system is not None and system.wants_high_contrast():
        colors = high_contrast(system.colors())
        is_dark = contrast(colors.page, "#000000") < contrast(colors.page, "#ffffff")
    return Theme(
        colors,
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


def high_contrast(system: SystemColors) -> Colors:
    """Return a palette of the system's colors in which every text has a contrast of 7 or more.

    Texts keep the system's color. Colors that would be too weak are replaced by it, and a system
    whose own text is too weak gets black and white.
    """
    ground, text = system.ground, system.text
    if contrast(ground, text) < HIGH_CONTRAST:
        is_dark = contrast(ground, "#ffffff") > contrast(ground, "#000000")
        ground, text = ("#000000", "#ffffff") if is_dark else ("#ffffff", "#000000")
    accent = system.highlight if contrast(system.highlight, ground) >= _MARK else text
    on_accent = system.highlighted_text
    if contrast(on_accent, accent) < HIGH_CONTRAST:
        on_accent = max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, accent))
    selected = _tinted(ground, accent, text)
    grounds = (ground, selected)

    def readable(ink: str, least: float) -> str:
        return ink if all(contrast(ink, one) >= least for one in grounds) else text

    draft, soft = (_weaker(text, grounds, share) for share in (0.0, 0.5))
    return Colors(
        page=ground,
        panel=ground,
        raised=ground,
        hover=selected,
        selected=selected,
        line=text,
        edge=text,
        text=text,
        soft=soft,
        quiet=soft,
        draft=draft,
        accent=accent,
        accent_hover=accent,
        accent_ink=readable(system.link, HIGH_CONTRAST),
        on_accent=on_accent,
        focus=readable(accent, _MARK),
        danger=text,
        danger_fill=accent,
        warning=text,
        good=text,
        found=selected,
        found_current=selected,
    )


def _mix(one: str, other: str, share: float) -> str:
    """Return a color with a share of the other one, 0 to 1."""
    channels = (
        round(int(one[at : at + 2], 16) * (1 - share) + int(other[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{value:02x}" for value in channels)


def _tinted(ground: str, tint: str, text: str) -> str:
    """Return the ground with as much of the tint as leaves the text readable, half at most."""
    shares = (step / _STEPS / 2 for step in range(_STEPS, 0, -1))
    tinted = (_mix(ground, tint, share) for share in shares)
    # Weaker inks than the text must be readable on it, too.
    wanted = (contrast(ground, text) + HIGH_CONTRAST) / 2
    return next((one for one in tinted if contrast(one, text) >= wanted), ground)


def _weaker(text: str, grounds: tuple[str, ...], share: float) -> str:
    """Return the weakest ink that is readable on all grounds, with a share of the strong one."""
    weakest = text
    for step in range(1, _STEPS):
        ink = _mix(text, grounds[0], step / _STEPS)
        if any(contrast(ink, one) < HIGH_CONTRAST for one in grounds):
            break
        weakest = ink
    return _mix(weakest, text, share)
