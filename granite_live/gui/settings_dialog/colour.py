"""A button that shows a color and opens a color dialog."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QPushButton, QWidget


class ColourButton(QPushButton):
    """Emits `chosen` with the chosen color, as `#rrggbb`."""

    chosen = Signal(str)

    def __init__(self, colour: str, title: str, parent: QWidget | None = None) -> None:
        """Show a color.

        Args:
            colour: The color, as `#rrggbb`.
            title: The accessible name, also the title of the dialog.
            parent: The Qt parent.
        """
        super().__init__(parent)
        self.colour, self._title = colour, title
        self.setAccessibleName(title)
        self.setStyleSheet("text-align: left;")
        self.clicked.connect(self._ask)
        self._show()

    def set_colour(self, colour: str) -> None:
        """Set the color; emit `chosen` if it changes."""
        if colour != self.colour:
            self.colour = colour
            self._show()
            self.chosen.emit(colour)

    def _ask(self) -> None:
        dialog = QColorDialog(QColor(self.colour), self)
        dialog.setWindowTitle(self._title)
        dialog.colorSelected.connect(lambda colour: self.set_colour(colour.name()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show(self) -> None:
        side = self.fontMetrics().height()
        # The rest of the picture is the gap to the text.
        picture = QPixmap(QSize(2 * side + side // 2, side))
        picture.fill(Qt.GlobalColor.transparent)
        swatch = QRect(0, 0, 2 * side - 1, side - 1)
        if self.isRightToLeft():
            swatch.translate(side // 2, 0)
        painter = QPainter(picture)
        painter.setPen(self.palette().placeholderText().color())
        painter.setBrush(QColor(self.colour))
        painter.drawRect(swatch)
        painter.end()
        self.setIconSize(picture.size())
        self.setIcon(QIcon(picture))
        self.setText(self.colour)
        self.setAccessibleDescription(self.colour)
