"""The program's theme as Qt's palette, style sheet and fonts.

The program has one theme at a time, as it has one palette: widgets paint with `current_theme()`,
and do with `follow_theme` what another theme needs again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QDir, QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from granite_live.gui.theme import Theme
from granite_live.util.paths import assets_dir


def style_sheet(theme: Theme) -> str:
    """Return the style sheet for a theme."""
    parts = (
        _base,
        _buttons,
        _fields,
        _spin_boxes,
        _combo_boxes,
        _dates,
        _menus,
        _lists,
        _panels,
        _pages,
        _choices,
        _tables,
    )
    return "".join(part(theme) for part in parts)


def _base(theme: Theme) -> str:
    c = theme.colors
    return f"""
* {{ outline: none; }}
QWidget {{ color: {c.text}; }}
QMainWindow, QDialog, #page {{ background: {c.page}; }}
#sidebar {{ background: {c.panel}; border: none; }}
QAbstractItemView {{ background: {c.raised}; border: 1px solid {c.line}; }}
QWidget QListView, QWidget QAbstractScrollArea {{ background: transparent; border: none; }}
QLabel {{ background: transparent; }}
QLabel[role="title"] {{ font-size: {theme.title_px}px; font-weight: 600; }}
QLabel[role="display"] {{ font-size: {theme.display_px}px; font-weight: 600; }}
QLabel[role="soft"] {{ color: {c.soft}; }}
QLabel[role="small"] {{ color: {c.quiet}; font-size: {theme.small_px}px; }}
QLabel[role="section"] {{ color: {c.quiet}; font-size: {theme.small_px}px; font-weight: 600; }}
QLabel[role="danger"] {{ color: {c.danger}; }}
QLabel[role="lead"] {{ color: {c.soft}; font-size: {theme.reading_px}px; }}
QToolTip {{
    background: {c.raised}; color: {c.text}; border: 1px solid {c.line}; padding: 4px 8px;
}}
"""


def _buttons(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
QPushButton, QToolButton {{
    background: {c.raised}; border: 1px solid {c.line}; border-radius: {px(8)}px;
    padding: {px(6)}px {px(14)}px; min-height: {px(20)}px;
}}
QPushButton:hover, QToolButton:hover {{ background: {c.hover}; }}
QPushButton:focus, QToolButton:focus {{
    border: 2px solid {c.focus}; padding: {px(6) - 1}px {px(14) - 1}px;
}}
QPushButton:disabled, QToolButton:disabled {{ color: {c.quiet}; background: {c.panel}; }}
QPushButton[role="primary"] {{
    background: {c.accent}; border-color: {c.accent}; color: {c.on_accent};
}}
QPushButton[role="primary"]:hover {{ background: {c.accent_hover}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {c.text}; }}
QPushButton[role="primary"]:disabled {{
    background: {c.hover}; border-color: {c.line}; color: {c.quiet};
}}
QPushButton[role="link"] {{
    background: transparent; border: none; color: {c.accent_ink}; padding: 0 {px(4)}px;
    text-decoration: underline;
}}
QPushButton[role="link"]:focus {{ border: 1px solid {c.focus}; }}
QToolButton[role="icon"] {{
    background: transparent; border: 1px solid transparent; padding: {px(6)}px;
}}
QToolButton[role="icon"]:hover, QToolButton[role="icon"]:checked {{ background: {c.hover}; }}
QToolButton[role="icon"]:focus {{ border: 2px solid {c.focus}; padding: {px(6) - 1}px; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QPushButton[role="menu"] {{ padding-right: {px(28)}px; }}
QPushButton::menu-indicator {{
    image: url(graniteicons:arrow-down.svg); width: {px(12)}px; height: {px(12)}px;
    subcontrol-origin: padding; subcontrol-position: center right; right: {px(8)}px;
}}
"""


def _fields(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {{
    background: {c.raised}; border: 1px solid {c.edge}; border-radius: {px(8)}px;
    padding: {px(6)}px {px(10)}px; min-height: {px(20)}px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus,
QPlainTextEdit:focus, QTextEdit:focus {{
    border: 2px solid {c.focus}; padding: {px(6) - 1}px {px(10) - 1}px;
}}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{
    background: {c.panel}; border-color: {c.line}; color: {c.quiet};
}}
"""


def _spin_boxes(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{
    background: transparent; border: none; padding: 0 {px(8)}px; min-height: 0;
}}
QAbstractSpinBox {{ min-width: {px(88)}px; max-height: {px(20)}px; }}
QLineEdit QToolButton {{
    background: transparent; border: none; padding: 0; min-height: 1px; min-width: 1px;
}}
QKeySequenceEdit QLineEdit, QKeySequenceEdit QLineEdit:focus {{
    padding: 0 {px(10)}px; min-height: {px(32)}px;
}}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    subcontrol-origin: border; width: {px(26)}px; border: none; background: transparent;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin-top: 2px; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin-bottom: 2px; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{
    background: {c.hover}; margin-right: 2px; border-radius: {px(4)}px;
}}
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow, QComboBox::down-arrow {{
    width: {px(12)}px; height: {px(12)}px;
}}
QAbstractSpinBox::up-arrow {{ image: url(graniteicons:arrow-up.svg); }}
QAbstractSpinBox::down-arrow, QComboBox::down-arrow {{
    image: url(graniteicons:arrow-down.svg);
}}
QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::down-arrow:off {{ image: none; }}
"""


def _combo_boxes(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
QComboBox:hover {{ background: {c.hover}; }}
QComboBox::drop-down {{
    subcontrol-origin: border; subcontrol-position: center right;
    border: none; width: {px(28)}px;
}}
QComboBox QAbstractItemView {{
    background: {c.raised}; border: 1px solid {c.line}; padding: {px(4)}px;
    selection-background-color: {c.selected}; selection-color: {c.text};
}}
QComboBox QAbstractItemView::item {{
    min-height: {px(28)}px; padding: 0 {px(8)}px; border-radius: {px(4)}px;
}}
QComboBox QAbstractItemView::item:selected {{ background: {c.selected}; color: {c.text}; }}
"""


def _dates(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
QDateEdit {{ padding-right: {px(28)}px; min-width: {px(112)}px; }}
QDateEdit::drop-down {{
    subcontrol-origin: border; subcontrol-position: center right;
    border: none; width: {px(28)}px;
}}
QDateEdit::down-arrow {{
    image: url(graniteicons:arrow-down.svg); width: {px(12)}px; height: {px(12)}px;
}}
#qt_calendar_navigationbar {{ background: {c.panel}; }}
#qt_calendar_navigationbar QToolButton {{ border: none; padding: {px(6)}px; }}
#qt_calendar_navigationbar QToolButton:hover {{ background: {c.hover}; }}
QCalendarWidget QAbstractItemView {{
    background: {c.raised}; color: {c.text}; border: none; border-radius: 0;
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QCalendarWidget QAbstractItemView:disabled {{ color: {c.quiet}; }}
"""


def _menus(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
QMenu {{ background: {c.raised}; border: 1px solid {c.line}; padding: {px(4)}px; }}
QMenu::item {{ padding: {px(6)}px {px(24)}px {px(6)}px {px(12)}px; border-radius: {px(4)}px; }}
QMenu::item:selected {{ background: {c.selected}; color: {c.text}; }}
QMenu::item:disabled {{ color: {c.quiet}; }}
QMenuBar {{ background: {c.panel}; border-bottom: 1px solid {c.line}; }}
QMenuBar::item {{ background: transparent; padding: {px(4)}px {px(8)}px; }}
QMenuBar::item:selected {{ background: {c.selected}; color: {c.text}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: {px(4)}px {px(8)}px; }}
"""


def _lists(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
QDialog QPlainTextEdit {{ background: {c.raised}; border: 1px solid {c.edge}; }}
QDialog QPlainTextEdit:focus {{ border: 2px solid {c.focus}; }}
QScrollArea:focus {{ border: 2px solid {c.focus}; border-radius: {px(4)}px; }}
#sessions::item {{ border: none; }}
QScrollBar:vertical {{ background: transparent; width: {px(12)}px; margin: 0; }}
QScrollBar::handle:vertical {{
    background: {c.edge}; border-radius: {px(4)}px; min-height: {px(32)}px; margin: 2px;
}}
QScrollBar::handle:hover {{ background: {c.quiet}; }}
QScrollBar:horizontal {{ background: transparent; height: {px(12)}px; margin: 0; }}
QScrollBar::handle:horizontal {{
    background: {c.edge}; border-radius: {px(4)}px; min-width: {px(32)}px; margin: 2px;
}}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _panels(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
#dock {{ background: {c.panel}; border-top: 1px solid {c.line}; }}
#notice {{ background: {c.panel}; border: 1px solid {c.line}; border-radius: {px(8)}px; }}
#dropHint {{
    background: {c.raised}; color: {c.text}; font-size: {theme.title_px}px;
    border: {px(3)}px dashed {c.accent}; border-radius: {px(12)}px;
}}
#findBar {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: {px(12)}px; }}
QProgressBar {{
    background: {c.line}; border: none; border-radius: {px(3)}px;
    min-height: {px(6)}px; max-height: {px(6)}px;
}}
QProgressBar::chunk {{ background: {c.accent}; border-radius: {px(3)}px; }}
"""


def _pages(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
#pages {{ border: 2px solid transparent; border-radius: {px(6)}px; outline: none; }}
#pages:focus {{ border-color: {c.focus}; }}
#pages::item {{ padding: {px(8)}px {px(12)}px; border-radius: {px(6)}px; color: {c.soft}; }}
#pages::item:hover {{ background: {c.hover}; color: {c.text}; }}
#pages::item:selected {{ background: {c.selected}; color: {c.text}; }}
"""


def _choices(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
QCheckBox, QRadioButton {{
    spacing: {px(8)}px; border: 2px solid transparent; border-radius: {px(6)}px; padding: {px(2)}px;
}}
QCheckBox:disabled, QRadioButton:disabled {{ color: {c.quiet}; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {c.focus}; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: {px(16)}px; height: {px(16)}px; background: {c.raised}; border: 1px solid {c.edge};
}}
QCheckBox::indicator {{ border-radius: {px(4)}px; }}
QCheckBox::indicator:checked {{
    background: {c.accent}; border-color: {c.accent}; image: url(graniteicons:checked.svg);
}}
QCheckBox::indicator:disabled {{ background: {c.panel}; border-color: {c.edge}; }}
QCheckBox::indicator:checked:disabled {{
    background: {c.quiet}; border-color: {c.quiet}; image: url(graniteicons:checked.svg);
}}
QRadioButton::indicator {{ border-radius: {px(8) + 1}px; }}
QRadioButton::indicator:checked {{
    width: {px(8)}px; height: {px(8)}px; background: {c.on_accent};
    border: {px(4) + 1}px solid {c.accent};
}}
"""


def _tables(theme: Theme) -> str:
    c, px = theme.colors, theme.px
    return f"""
QHeaderView::section {{
    background: {c.panel}; color: {c.quiet}; border: none; padding: {px(6)}px {px(8)}px;
    font-size: {theme.small_px}px; font-weight: 600;
}}
#places {{
    background: {c.raised}; border: 1px solid {c.edge}; border-radius: {px(8)}px; padding: 1px;
}}
#places:focus {{ border: 2px solid {c.focus}; padding: 0; }}
QTableView, QTableWidget {{
    background: {c.raised}; border: 1px solid {c.edge}; border-radius: {px(8)}px;
    gridline-color: {c.line}; selection-background-color: {c.selected}; selection-color: {c.text};
}}
QTableView:focus {{ border: 2px solid {c.focus}; }}
QTableView::item {{ padding: {px(5)}px {px(8) - 3}px; }}
QHeaderView {{ background: transparent; }}
QHeaderView::section:first {{ border-top-left-radius: {px(8) - 1}px; }}
QHeaderView::section:last {{ border-top-right-radius: {px(8) - 1}px; }}
QTableView QLineEdit {{ border-radius: 0; padding: 0 {px(4)}px; min-height: 0; }}
QTableView QLineEdit:focus {{ padding: 0 {px(4) - 1}px; }}
QSplitter::handle {{ background: {c.line}; }}
"""


class _ProgramTheme(QObject):
    changed = Signal()
    theme = Theme()


@cache
def _program_theme() -> _ProgramTheme:
    return _ProgramTheme()


def current_theme() -> Theme:
    """Return the program's theme."""
    return _program_theme().theme


def follow_theme(apply: Callable[[], object]) -> None:
    """Call a method now and after each change of the theme, as long as its object exists."""
    apply()
    _program_theme().changed.connect(apply)


def font(size_px: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the theme's font at a size."""
    made = QFont(current_theme().family)
    made.setPixelSize(size_px)
    made.setWeight(weight)
    return made


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Apply the theme to the whole program."""
    _program_theme().theme = theme
    # Style sheets refer to images by file name.
    QDir.setSearchPaths("graniteicons", [str(assets_dir() / "icons")])
    app.setFont(font(theme.body_px))
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))
    _program_theme().changed.emit()


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
