"""Windows and widgets that are as high as their text needs at the present width."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from granite_live.gui.theme import GRID_PX

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
