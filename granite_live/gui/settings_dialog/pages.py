"""The pages of a dialog: their names at the side, the chosen one beside them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QListWidget,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from granite_live.gui.theme import GRID_PX

_MOST_OF_WIDTH = 0.25


class _Names(QListWidget):
    """As wide as the longest name: at any size of the text all of them can be read."""

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return that width."""
        width = self.sizeHintForColumn(0) + 2 * self.frameWidth()
        return QSize(
            width + self.verticalScrollBar().sizeHint().width(), super().sizeHint().height()
        )

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return that width, and the height of a name: the others can be scrolled to."""
        return QSize(self.sizeHint().width(), self.sizeHintForRow(0) + 2 * self.frameWidth())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Ask for the width of other letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()


class Pages(QWidget):
    """Shows one page at a time. There are more of them than tabs have room for side by side.

    Where the names would take too much of the width, a box above the page has them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = _Names(self)
        self.names.setObjectName("pages")
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.box = QComboBox(self)
        self.box.hide()
        for one in (self.names, self.box):
            one.setAccessibleName(self.tr("Pages"))
        self._stack = QStackedWidget(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID_PX)
        grid.addWidget(self.box, 0, 0, 1, 2)
        grid.addWidget(self.names, 1, 0)
        grid.addWidget(self._stack, 1, 1)
        grid.setColumnStretch(1, 1)
        self.names.currentRowChanged.connect(self.setCurrentIndex)
        self.box.currentIndexChanged.connect(self.setCurrentIndex)

    def add(self, page: QWidget, name: str) -> None:
        """Add a page behind the others; the first one is shown."""
        self._stack.addWidget(page)
        self.names.addItem(name)
        self.box.addItem(name)

    def setCurrentIndex(self, index: int) -> None:  # noqa: N802 - as Qt's own are called
        """Show a page."""
        self._stack.setCurrentIndex(index)
        self.names.setCurrentRow(index)
        self.box.setCurrentIndex(index)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the names stand where there is room for them."""
        super().resizeEvent(event)
        is_narrow = self.names.sizeHint().width() > _MOST_OF_WIDTH * self.width()
        if is_narrow != self.names.isHidden():
            has_keys = self.names.hasFocus() or self.box.hasFocus()
            self.names.setHidden(is_narrow)
            self.box.setHidden(not is_narrow)
            if has_keys:
                (self.box if is_narrow else self.names).setFocus()
