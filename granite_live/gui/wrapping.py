"""Widgets whose height depends on their width."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QLayout, QWidget


class Wrapping(QWidget):
    """Has the height that its wrapped content needs at the present width.

    Qt's height-for-width does not pass through a splitter, so content in one would be clipped.
    Therefore this class returns the height as an ordinary size hint and updates it whenever the
    width changes.
    """

    _is_laid_out = False
    gives_way = False
    """Whether the widget can be lower than its size hint, because a child can shrink."""

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Return False: `sizeHint` is complete."""
        return False

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the content's size at the present width."""
        layout = self._layout()
        wanted = layout.totalSizeHint()
        if layout.hasHeightForWidth():
            wanted.setHeight(layout.totalHeightForWidth(self._room()))
        return wanted

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same height, or less if the widget gives way."""
        layout = self._layout()
        least = layout.totalMinimumSize()
        if not self.gives_way:
            least.setHeight(self.sizeHint().height())
        elif layout.hasHeightForWidth():
            least.setHeight(layout.totalMinimumHeightForWidth(self._room()))
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Update the height for a new width."""
        super().resizeEvent(event)
        self._is_laid_out = True
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _room(self) -> int:
        """Return the width, or the parent's before the first layout: Qt's guess is too narrow."""
        parent = self.parentWidget()
        if self._is_laid_out or parent is None:
            return self.width()
        return parent.width()

    def _layout(self) -> QLayout:
        layout = self.layout()
        assert layout is not None
        return layout


class Passing(Wrapping):
    """A widget that comes and goes. Emits `keys_left` if it is hidden while it has the focus.

    Qt would move the focus to the next widget, where Space would do something unexpected.
    """

    keys_left = Signal()

    def setVisible(self, visible: bool) -> None:  # noqa: N802
        """Show or hide the widget."""
        focused = QApplication.focusWidget()
        has_keys = focused is not None and self.isAncestorOf(focused)
        super().setVisible(visible)
        if has_keys and not visible:
            self.keys_left.emit()
