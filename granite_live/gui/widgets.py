"""Icons, labels, buttons and other small widgets that several windows share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QTableView,
    QToolButton,
    QWidget,
)

from granite_live.gui.messages import translate_message
from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.theme import GRID_PX
from granite_live.util.paths import assets_dir

_SCALES = (1.0, 2.0)


def icon(name: str, color: str, size_px: int = 20) -> QIcon:
    """Return the icon `assets/icons/NAME.svg` in this color, sharp at scales 1 and 2.

    Raises:
        FileNotFoundError: There is no such icon.
    """
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(pixmap(name, color, size_px, scale))
    return made


def pixmap(name: str, color: str, size_px: int, scale: float = 0.0) -> QPixmap:
    """Return the icon as a pixmap; scale 0 means that of the sharpest screen."""
    if not scale:
        app = QApplication.instance()
        scale = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    side = round(size_px * scale)
    key = f"granite-live/{name}/{color}/{side}/{scale}"
    drawn = QPixmap()
    if QPixmapCache.find(key, drawn):
        return drawn
    drawn = QPixmap(QSize(side, side))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _renderer(name, color).render(painter, QRectF(0, 0, side, side))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    QPixmapCache.insert(key, drawn)
    return drawn


@cache
def _source(name: str) -> str:
    return (assets_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1)  # an icon's scales are drawn one after the other
def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))


def leading_alignment(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """Return the absolute alignment of a layout's leading side, whatever the text's direction."""
    side = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeading)
    return side | Qt.AlignmentFlag.AlignAbsolute


class ElidedLabel(QLabel):
    """One line of text with an ellipsis if the width is too small."""

    def __init__(self, parent: QWidget, *, role: str = "") -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text that fits."""
        painter = QPainter(self)
        # English text in a right-to-left window stays left-to-right: it is cut off at its right.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        room = self.contentsRect()
        mode = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self.text(), mode, room.width())
        side = leading_alignment(self.layoutDirection()) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, side, shown)
        painter.end()


def icon_button(parent: QWidget, label: str = "", act: Any = None, *, tip: str = "") -> QToolButton:
    """Return a new icon button.

    Args:
        parent: The parent widget.
        label: The accessible name; "" if it changes.
        act: The signal or function that a click triggers.
        tip: The tool tip, if it differs from the label.
    """
    button = QToolButton(parent)
    button.setProperty("role", "icon")
    name_button(button, label, tip)
    if act is not None:
        button.clicked.connect(act)
    return button


def name_button(button: QToolButton, label: str, tip: str = "") -> None:
    """Name a button without a text, and show its tool tip, if that differs from the name."""
    button.setAccessibleName(label)
    button.setToolTip(tip or label)


class _ButtonIcon(QObject):
    """Draws the icon of a button again in each theme."""

    def __init__(self, button: QAbstractButton, name: str, side_px: int, ink: str) -> None:
        super().__init__(button)
        self._button, self.look = button, (name, side_px, ink)
        follow_theme(self.draw)

    def draw(self) -> None:
        name, side_px, ink = self.look
        side_px = current_theme().px(side_px)
        self._button.setIcon(icon(name, getattr(current_theme().colors, ink), side_px))
        self._button.setIconSize(QSize(side_px, side_px))


def set_icon(button: QAbstractButton, name: str, side_px: int, ink: str = "soft") -> None:
    """Show an icon on a button in every theme.

    Args:
        button: The button.
        name: The name of the icon.
        side_px: Its size at the usual text size.
        ink: The field of `Colors` with its color.
    """
    shown = button.findChild(_ButtonIcon)
    if shown is None:
        _ButtonIcon(button, name, side_px, ink)
    else:
        shown.look = (name, side_px, ink)
        shown.draw()


def set_role(widget: QWidget, role: str) -> None:
    """Give a visible widget another role in the style sheet."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def text_label(
    parent: QWidget | None = None, text: str = "", *, role: str = "", wraps: bool = True
) -> QLabel:
    """Return a label for plain text. `role` is its look in the style sheet."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    if role:
        label.setProperty("role", role)
    return label


def hint(text: str) -> QLabel:
    """Return a hint: small text under a control."""
    return text_label(None, text, role="small")


class ProblemLabel(QLabel):
    """Says what went wrong; hidden while nothing did."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "danger")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.hide()

    def show_problem(self, sentence: str) -> None:
        """Show a problem in the window's language, "" for none."""
        self.setText(translate_message(sentence))
        self.setVisible(bool(sentence))


def push_button(
    text: str, parent: QWidget, act: Any = None, *, name: str = "", tip: str = ""
) -> QPushButton:
    """Return a button that Enter does not press from the other fields of a dialog.

    Args:
        text: The text.
        parent: The parent widget.
        act: The signal or function that a click triggers.
        name: The accessible name, if it differs from the text.
        tip: The tool tip.
    """
    button = QPushButton(text, parent)
    button.setAutoDefault(False)
    button.setAccessibleName(name)
    button.setToolTip(tip)
    if act is not None:
        button.clicked.connect(act)
    return button


def link_button(text: str, parent: QWidget, act: Any = None, *, name: str = "") -> QPushButton:
    """Return a button that looks like a link."""
    button = push_button(text, parent, act, name=name)
    button.setProperty("role", "link")
    return button


def style_table(table: QTableView) -> None:
    """Make a table without numbers of rows; Tab leaves it, and its headings begin at its side."""
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)


def add_side_margins(box: QAbstractSpinBox) -> None:
    """Add side margins to the number, which style sheets cannot set."""
    inner = box.findChild(QLineEdit)
    assert inner is not None
    side_px = box.fontMetrics().averageCharWidth()
    inner.setTextMargins(side_px, 0, side_px, 0)


def default_button(text: str, act: Callable[[], object], parent: QWidget) -> QPushButton:
    """Return the dialog's default button, which Enter presses too."""
    button = QPushButton(text, parent)
    button.setProperty("role", "primary")
    button.setDefault(True)
    button.clicked.connect(act)
    return button


class DropHint(QLabel):
    """Covers a window while files are dragged over it, and says what dropping them does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dropHint")
        self.setText(self.tr("Drop audio and video files here to transcribe them"))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        # The window below receives the drag.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_over(self, area: QRect) -> None:
        """Cover an area of the window, less a margin."""
        self.setGeometry(area.adjusted(GRID_PX, GRID_PX, -GRID_PX, -GRID_PX))
        self.raise_()
        self.show()
