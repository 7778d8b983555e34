"""Icons, small widgets, and layout helpers that several windows share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap, QPixmapCache, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QFrame,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QTableView,
    QToolButton,
    QWidget,
)

from granite_live.gui.messages import translate_message
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

    def __init__(self, parent: QWidget, role: str = "") -> None:
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


_FRAME_PX = 6 * GRID_PX
"""Height reserved for the system's title bar."""


def resize_within_screen(window: QWidget, width_px: int, height_px: int) -> None:
    """Resize a window to this size, limited to the screen."""
    window.resize(QSize(width_px, height_px).boundedTo(_available_size(window)))


def fit_to_text(window: QWidget, width_px: int) -> None:
    """Resize a dialog to about this width and the height that its text needs."""
    for one in window.findChildren(QWidget):
        one.ensurePolished()  # the style sheet sets the text size
    layout = window.layout()
    assert layout is not None
    width_px = max(
        layout.totalMinimumSize().width(), min(width_px, _available_size(window).width())
    )
    height_px = layout.totalSizeHint().height()
    if layout.hasHeightForWidth():
        height_px = max(height_px, layout.totalHeightForWidth(width_px))
    resize_within_screen(window, width_px, height_px)


def _available_size(window: QWidget) -> QSize:
    return window.screen().availableSize() - QSize(0, _FRAME_PX)


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


def set_icon(button: QAbstractButton, name: str, color: str, side_px: int) -> None:
    """Show an icon of this size on a button."""
    button.setIcon(icon(name, color, side_px))
    button.setIconSize(QSize(side_px, side_px))


def set_role(widget: QWidget, role: str) -> None:
    """Give a visible widget another role in the style sheet."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def text_label(
    parent: QWidget | None = None, text: str = "", role: str = "", *, wraps: bool = True
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
    return text_label(None, text, "small")


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


class ShrinkingArea(QScrollArea):
    """Has the preferred height of its content and shrinks to two lines."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = inside
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidgetResizable(True)
        self.setWidget(inside)
        # Show the background of the parent widget.
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        inside.installEventFilter(self)
        self.verticalScrollBar().rangeChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the height of the content at the present width."""
        layout = self._inside.layout()
        assert layout is not None
        height = layout.sizeHint().height()
        if layout.hasHeightForWidth():
            # Beside a scroll bar the content is higher; without that height the bar would stay.
            has_bar = self.verticalScrollBar().isVisible()
            width = self.viewport().width() if has_bar else self.width()
            height = layout.totalHeightForWidth(width)
        return QSize(layout.totalMinimumSize().width(), height)

    def minimumSizeHint(self) -> QSize:
        """Return the height of two lines, or of the content if that is less."""
        wanted = self.sizeHint()
        return QSize(wanted.width(), min(wanted.height(), 2 * self.fontMetrics().lineSpacing()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Update the height for a new width; accept the focus if the content can be scrolled."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        can_scroll = self.height() < self.sizeHint().height()
        policy = Qt.FocusPolicy.StrongFocus if can_scroll else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Update the height when the content changes."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return False


class WrappingWidget(QWidget):
    """Has the height that its wrapped content needs at the present width.

    Qt's height-for-width does not pass through a splitter, so content in one would be clipped.
    Therefore this class returns the height as an ordinary size hint and updates it whenever the
    width changes.
    """

    _is_laid_out = False
    can_shrink = False
    """Whether the widget can be lower than its size hint, because a child can shrink."""

    def hasHeightForWidth(self) -> bool:
        """Return False: `sizeHint` is complete."""
        return False

    def sizeHint(self) -> QSize:
        """Return the content's size at the present width."""
        layout = self._layout()
        wanted = layout.totalSizeHint()
        if layout.hasHeightForWidth():
            wanted.setHeight(layout.totalHeightForWidth(self._available_width()))
        return wanted

    def minimumSizeHint(self) -> QSize:
        """Return the same height, or less if the widget gives way."""
        layout = self._layout()
        least = layout.totalMinimumSize()
        if not self.can_shrink:
            least.setHeight(self.sizeHint().height())
        elif layout.hasHeightForWidth():
            least.setHeight(layout.totalMinimumHeightForWidth(self._available_width()))
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Update the height for a new width."""
        super().resizeEvent(event)
        self._is_laid_out = True
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _available_width(self) -> int:
        """Return the width, or the parent's before the first layout: Qt's guess is too narrow."""
        parent = self.parentWidget()
        if self._is_laid_out or parent is None:
            return self.width()
        return parent.width()

    def _layout(self) -> QLayout:
        layout = self.layout()
        assert layout is not None
        return layout


class TransientWidget(WrappingWidget):
    """A widget that comes and goes. Emits `focus_lost` if it is hidden while it has the focus.

    Qt would move the focus to the next widget, where Space would do something unexpected.
    """

    focus_lost = Signal()

    def setVisible(self, visible: bool) -> None:
        """Show or hide the widget."""
        focused = QApplication.focusWidget()
        has_keys = focused is not None and self.isAncestorOf(focused)
        super().setVisible(visible)
        if has_keys and not visible:
            self.focus_lost.emit()


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
