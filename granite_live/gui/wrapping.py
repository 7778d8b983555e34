"""Parts of the window whose height follows from their width."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QLayout, QWidget


class Wrapping(QWidget):
    """As high as its lines need when they wrap at its present width.

    Qt's own way, a height asked for with each width, ends at the first splitter: what stands in
    one would be given too little, and be clipped. So this tells its height as an ordinary wish,
    and again whenever its width changes.
    """

    _is_laid_out = False
    gives_way = False
    """Whether it can be lower than what it wants, because something in it can."""

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Tell that `sizeHint` says all."""
        return False

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of everything, at the present width."""
        layout = self._layout()
        wanted = layout.totalSizeHint()
        if layout.hasHeightForWidth():
            wanted.setHeight(layout.totalHeightForWidth(self._room()))
        return wanted

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same height, or less where it gives way."""
        layout = self._layout()
        least = layout.totalMinimumSize()
        if not self.gives_way:
            least.setHeight(self.sizeHint().height())
        elif layout.hasHeightForWidth():
            least.setHeight(layout.totalMinimumHeightForWidth(self._room()))
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Ask for the height that belongs to a new width."""
        super().resizeEvent(event)
        self._is_laid_out = True
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _room(self) -> int:
        """Return its width, or about what it will be: at Qt's own guess all lines would wrap."""
        parent = self.parentWidget()
        if self._is_laid_out or parent is None:
            return self.width()
        return parent.width()

    def _layout(self) -> QLayout:
        layout = self.layout()
        assert layout is not None
        return layout


class Passing(Wrapping):
    """Comes and goes. `keys_left` tells that it went while the keys were in it.

    Qt would give them to whatever comes next, and what Space does there surprises.
    """

    keys_left = Signal()

    def setVisible(self, visible: bool) -> None:  # noqa: N802
        """Come or go."""
        focused = QApplication.focusWidget()
        has_keys = focused is not None and self.isAncestorOf(focused)
        super().setVisible(visible)
        if has_keys and not visible:
            self.keys_left.emit()
