"""A scroll area that shrinks if there is little space."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget


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

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of the content at the present width."""
        layout = self._inside.layout()
        assert layout is not None
        height = layout.sizeHint().height()
        if layout.hasHeightForWidth():
            height = layout.totalHeightForWidth(self.width())
        return QSize(layout.totalMinimumSize().width(), height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the height of two lines, or of the content if that is less."""
        wanted = self.sizeHint()
        return QSize(wanted.width(), min(wanted.height(), 2 * self.fontMetrics().lineSpacing()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Update the height for a new width; accept the focus if the content can be scrolled."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        can_scroll = self.height() < self.sizeHint().height()
        policy = Qt.FocusPolicy.StrongFocus if can_scroll else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: N802
        """Update the height when the content changes."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return False
