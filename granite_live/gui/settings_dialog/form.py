"""A page of settings: one row for each field, also for a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from PySide6.QtCore import QKeyCombination, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QCheckBox,
    QColorDialog,
    QComboBox,
    QFontComboBox,
    QFormLayout,
    QKeySequenceEdit,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.dialogs import show_dialog
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import ProblemLabel, add_side_margins, hint
from granite_live.settings import Settings

_MARGIN_PX = 2 * GRID_PX
_MIN_CHARS = 24
"""The minimum width of a combo box in characters."""


class ChangeSettings(Protocol):
    """Sets values by the names of the settings."""

    def __call__(self, **values: object) -> None:
        """Set the values."""


class FormPage(QWidget):
    """Rows of a label and a control, stacked on a narrow page.

    A row for a setting is added by its name: it shows the present value, and sets the new one.
    """

    def __init__(self, settings: Settings, change: ChangeSettings) -> None:
        super().__init__()
        self._settings, self._change = settings, change
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

    def add_number(
        self,
        label: str,
        bounds: tuple[int, int],
        *,
        name: str,
        step: int = 1,
        suffix: str = "",
    ) -> QSpinBox:
        """Add a row for a whole number."""
        box = QSpinBox(self)
        box.setRange(*bounds)
        box.setSingleStep(step)
        box.setSuffix(suffix)
        box.setValue(self._value(name))
        box.valueChanged.connect(lambda value: self._set(name, value))
        self.add_row(label, box)
        return box

    def add_switch(self, label: str, *, name: str) -> QCheckBox:
        """Add a check box."""
        box = QCheckBox(label, self)
        box.setChecked(self._value(name))
        box.toggled.connect(lambda is_on: self._set(name, is_on))
        self.add_wide(box)
        return box

    def add_choice(self, label: str, labels: Mapping[str, str], *, name: str) -> QComboBox:
        """Add a row for one of several values, with a label for each."""
        box = combo_box(name, labels, self._value(name), self._change)
        self.add_row(label, box)
        return box

    def add_text(self, label: str, *, name: str) -> QLineEdit:
        """Add a row for a text."""
        field = QLineEdit(self._value(name), self)
        field.editingFinished.connect(lambda: self._set(name, field.text().strip()))
        self.add_row(label, field)
        return field

    def add_font(self, label: str, default: str, *, name: str) -> QFontComboBox:
        """Add a row for a font; `default` is the one in use if none is set."""
        box = QFontComboBox(self)
        box.setEditable(False)
        box.setCurrentText(self._value(name) or default)
        box.currentTextChanged.connect(lambda family: self._set(name, family))
        self.add_row(label, box)
        return box

    def add_color(self, label: str, title: str, *, name: str) -> ColorButton:
        """Add a row for a color; `title` is that of its dialog."""
        button = ColorButton(self._value(name), title)
        button.chosen.connect(lambda color: self._set(name, color))
        self.add_row(label, button)
        return button

    def _value(self, name: str) -> Any:
        return getattr(self._settings, name)

    def _set(self, name: str, value: object) -> None:
        self._change(**{name: value})

    def add_wide(self, widget: QWidget) -> None:
        """Add a widget over the full width."""
        self._form.addRow(widget)

    def add_hint(self, text: str) -> None:
        """Add a hint."""
        self._form.addRow(hint(text))


class PlaceholderField(QLineEdit):
    """A text field that is never too narrow for its placeholder."""

    def minimumSizeHint(self) -> QSize:
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
    box.currentIndexChanged.connect(lambda _index: change(**{name: box.currentData()}))
    return box


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
        show_dialog(dialog)

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


_Key = Qt.Key
_INCOMPLETE = (
    _Key.Key_Control,
    _Key.Key_Shift,
    _Key.Key_Alt,
    _Key.Key_AltGr,
    _Key.Key_Meta,
    _Key.Key_Super_L,
    _Key.Key_Super_R,
    _Key.Key_CapsLock,
    _Key.Key_NumLock,
    _Key.Key_unknown,
)
_LEFT_TO_DIALOG = (_Key.Key_Escape, _Key.Key_Return, _Key.Key_Enter)


class KeySequenceField(QKeySequenceEdit):
    """Takes one combination of keys. Emits `keys_chosen` with it as stored, "" for none.

    Escape and Enter do in the dialog what they do in every other field, and Tab leaves the field.
    Backspace removes the shortcut. `problem` says why keys were refused; `column` contains both.
    """

    keys_chosen = Signal(str)

    def __init__(
        self, keys: str, why_refused: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        """Show these keys; `why_refused` returns why keys cannot be taken, "" if they can."""
        super().__init__(QKeySequence(keys), parent)
        self._keys, self._why_refused = keys, why_refused
        self.setMaximumSequenceLength(1)
        self.setClearButtonEnabled(True)
        self.problem = ProblemLabel(self)
        self.keySequenceChanged.connect(self._take)

    def column(self) -> QBoxLayout:
        """Return a layout with the field and the problem under it."""
        column = QVBoxLayout()
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self)
        column.addWidget(self.problem)
        return column

    def show_keys(self, keys: str) -> None:
        """Show other keys without asking whether they can be taken."""
        self._keys = keys
        with QSignalBlocker(self):
            self.setKeySequence(QKeySequence(keys))
        self._show_problem("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a complete combination; Qt would store the modifiers of an incomplete one."""
        key = Qt.Key(event.key())
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _INCOMPLETE:
            event.accept()
        elif is_plain and key in _LEFT_TO_DIALOG:
            event.ignore()
        elif is_plain and key is _Key.Key_Backspace:
            self.clear()
        else:
            self.setKeySequence(QKeySequence(_combination(event)))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Do nothing: the press was taken at once."""
        event.accept()

    def _take(self, sequence: QKeySequence) -> None:
        keys = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        if reason := self._why_refused(keys) if keys else "":
            self.show_keys(self._keys)
            self._show_problem(reason)
            return
        self._show_problem("")
        if keys != self._keys:
            self._keys = keys
            self.keys_chosen.emit(keys)

    def _show_problem(self, sentence: str) -> None:
        self.problem.show_problem(sentence)
        self.setAccessibleDescription(sentence)


def _combination(event: QKeyEvent) -> QKeyCombination:
    """Return the pressed keys, without a Shift that only selects the character."""
    text, modifiers = event.text(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if text and text.isprintable() and not text.isalnum() and not text.isspace():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeyCombination(modifiers, Qt.Key(event.key()))
