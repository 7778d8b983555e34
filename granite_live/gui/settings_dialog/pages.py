"""Pages with a list of their names at the side."""

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
    """The list of names, as wide as the longest name."""

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self.sizeHintForColumn(0) + 2 * self.frameWidth()
        return QSize(
            width + self.verticalScrollBar().sizeHint().width(), super().sizeHint().height()
        )

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same width with the height of one row: the list can be scrolled."""
        return QSize(self.sizeHint().width(), self.sizeHintForRow(0) + 2 * self.frameWidth())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Update the width for another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()


class Pages(QWidget):
    """Shows one page at a time; more pages than fit into a row of tabs.

    If the names would take too much of the width, a combo box above the page shows them.
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
        """Add a page at the end; the first one is shown."""
        self._stack.addWidget(page)
        self.names.addItem(name)
        self.box.addItem(name)

    def setCurrentIndex(self, index: int) -> None:  # noqa: N802 - as Qt's own are called
        """Show a page."""
        self._stack.setCurrentIndex(index)
        self.names.setCurrentRow(index)
        self.box.setCurrentIndex(index)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Switch between list and combo box for the new width."""
        super().resizeEvent(event)
        is_narrow = self.names.sizeHint().width() > _MOST_OF_WIDTH * self.width()
        if is_narrow != self.names.isHidden():
            has_keys = self.names.hasFocus() or self.box.hasFocus()
            self.names.setHidden(is_narrow)
            self.box.setHidden(not is_narrow)
            if has_keys:
                (self.box if is_narrow else self.names).setFocus()
