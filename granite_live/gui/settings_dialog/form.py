"""Form fields of the settings pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QColorDialog,
    QComboBox,
    QFormLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.theme import GRID_PX

_MARGIN_PX = 2 * GRID_PX
_MIN_CHARS = 24
"""The minimum width of a combo box in characters."""


class ChangeSettings(Protocol):
    """Sets values by the names of the settings."""

    def __call__(self, **values: object) -> None:
        """Set the values."""


class FormPage(QWidget):
    """Rows of a label and a control, stacked on a narrow page."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        self._form = QFormLayout()
        column.addLayout(self._form)
        column.addStretch(1)
        self._form.setVerticalSpacing(2 * GRID_PX)
        self._form.setHorizontalSpacing(3 * GRID_PX)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        self._form.setLabelAlignment(side)

    def add_row(self, label: str, field: QWidget, *, beside: QLayout | None = None) -> None:
        """Add a control with its label; `beside` is the layout that contains it, if any."""
        words = QLabel(label, self)
        words.setWordWrap(True)
        words.setBuddy(field)
        words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        if not field.accessibleName():
            field.setAccessibleName(label)
        if isinstance(field, QAbstractSpinBox):
            add_side_margins(field)
        if beside is None:
            self._form.addRow(words, field)
        else:
            self._form.addRow(words, beside)

    def add_wide(self, widget: QWidget) -> None:
        """Add a widget over the full width."""
        self._form.addRow(widget)

    def add_hint(self, text: str) -> None:
        """Add a hint."""
        self._form.addRow(hint(text))


class PlaceholderField(QLineEdit):
    """A text field that is never too narrow for its placeholder."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return Qt's hint, widened for the placeholder."""
        hinted = super().minimumSizeHint()
        text_px = self.fontMetrics().horizontalAdvance(self.placeholderText() + "mm")
        margins = self.textMargins()
        return hinted.expandedTo(QSize(text_px + margins.left() + margins.right(), 0))


def combo_box(
    name: str, labels: Mapping[str, str], value: str, change: ChangeSettings
) -> QComboBox:
    """Return a combo box for a setting, with labels per value; an unknown value is kept."""
    box = QComboBox()
    for one, label in labels.items():
        box.addItem(label, one)
    if box.findData(value) < 0:
        box.addItem(value, value)
    box.setCurrentIndex(box.findData(value))
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(min(_MIN_CHARS, max(map(len, labels.values()))))
    box.currentIndexChanged.connect(lambda _index: change(**_pair(name, box.currentData())))
    return box


def _pair(name: str, value: Any) -> dict[str, object]:
    return {name: value}


def add_side_margins(box: QAbstractSpinBox) -> None:
    """Add side margins to the number, which style sheets cannot set."""
    inner = box.findChild(QLineEdit)
    assert inner is not None
    side_px = box.fontMetrics().averageCharWidth()
    inner.setTextMargins(side_px, 0, side_px, 0)


def hint(text: str) -> QLabel:
    """Return a hint label."""
    label = QLabel(text)
    label.setProperty("role", "small")
    label.setWordWrap(True)
    return label


class ColorButton(QPushButton):
    """Emits `chosen` with the chosen color, as `#rrggbb`."""

    chosen = Signal(str)

    def __init__(self, color: str, title: str, parent: QWidget | None = None) -> None:
        """Show a color.

        Args:
            color: The color, as `#rrggbb`.
            title: The accessible name, also the title of the dialog.
            parent: The Qt parent.
        """
        super().__init__(parent)
        self.color, self._title = color, title
        self.setAccessibleName(title)
        self.setStyleSheet("text-align: left;")
        self.clicked.connect(self._ask)
        self._show()

    def set_color(self, color: str) -> None:
        """Set the color; emit `chosen` if it changes."""
        if color != self.color:
            self.color = color
            self._show()
            self.chosen.emit(color)

    def _ask(self) -> None:
        dialog = QColorDialog(QColor(self.color), self)
        dialog.setWindowTitle(self._title)
        dialog.colorSelected.connect(lambda color: self.set_color(color.name()))
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
        painter.setBrush(QColor(self.color))
        painter.drawRect(swatch)
        painter.end()
        self.setIconSize(picture.size())
        self.setIcon(QIcon(picture))
        self.setText(self.color)
        self.setAccessibleDescription(self.color)
