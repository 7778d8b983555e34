"""The page of the first start: a microphone, a try, and the full model."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.input_controls import InputPicker
from granite_live.gui.level_meters import LevelBar
from granite_live.gui.models.widgets import ModelOffer
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import ProblemLabel, text_label


class _Card(QFrame):
    """One step: a title, a sentence, and controls in a row."""

    def __init__(self, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName(title)
        self.text = text_label(self, text, role="soft")
        self.controls = QHBoxLayout()
        self.controls.setSpacing(GRID_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX + GRID_PX // 2)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(text_label(self, title, role="title"))
        column.addWidget(self.text)
        column.addLayout(self.controls)


class FirstStartPage(QScrollArea):
    """Three steps on one page. Emits what the user wants.

    `test_toggled` starts or ends a test of the microphone, `captions_requested` shows or hides the
    captions, `done` leaves the page for good.
    """

    test_toggled = Signal(bool)
    captions_requested = Signal()
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        inside = QWidget(self)
        inside.setAutoFillBackground(False)
        self.title = text_label(inside, self.tr("Welcome to Granite Live"), role="title")
        told = self.tr(
            "Press Space and speak: your words appear here, and nothing leaves this computer."
        )
        self.text = text_label(inside, told, role="soft")
        self._make_microphone(inside)
        self._make_trial(inside)
        self.model = _Card(self.tr("3. Get the full model"), "", inside)
        self.done_button = QPushButton(self.tr("Skip these steps"), inside)
        self.done_button.clicked.connect(self.done)
        column = QVBoxLayout(inside)
        column.setContentsMargins(3 * GRID_PX, 0, 3 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2 + GRID_PX // 4)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.done_button)
        column.addLayout(head)
        for widget in (self.text, self.microphone, self.trial, self.model):
            column.addWidget(widget)
        self._offer_row = QHBoxLayout()
        column.addLayout(self._offer_row)
        column.addStretch(1)
        self._inside = inside
        inside.installEventFilter(self)
        self.setWidget(inside)

    def _make_microphone(self, inside: QWidget) -> None:
        text = self.tr("Test it: the bar moves while you speak. Nothing is recorded.")
        self.microphone = _Card(self.tr("1. Choose your microphone"), text, inside)
        self.picker = InputPicker(inside)
        self.test_button = QPushButton(inside)
        self.test_button.setCheckable(True)
        self.test_button.toggled.connect(self._toggle_test)
        self.meter = LevelBar(inside)
        self.problem = ProblemLabel(inside)
        for widget in (self.picker, self.test_button, self.meter):
            self.microphone.controls.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self.microphone.controls.addStretch(1)
        layout = self.microphone.layout()
        assert layout is not None
        layout.addWidget(self.problem)
        self._name_test(is_on=False)

    def _make_trial(self, inside: QWidget) -> None:
        self.trial = _Card(self.tr("2. Try dictation and captions"), "", inside)
        self.field = QLineEdit(inside)
        self.field.setAccessibleName(self.tr("Field to try dictation"))
        self.captions_button = QPushButton(self.tr("Captions overlay"), inside)
        self.captions_button.setCheckable(True)
        self.captions_button.clicked.connect(self.captions_requested)
        self.trial.controls.addWidget(self.field, 1)
        self.trial.controls.addWidget(self.captions_button)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the controls and a height that can be scrolled."""
        if self.isHidden():
            return QSize(0, 0)  # other pages of the stack may be smaller
        inside = self._inside.minimumSizeHint()
        bar_px = self.verticalScrollBar().sizeHint().width()
        return QSize(inside.width() + bar_px, 4 * self.fontMetrics().lineSpacing())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Update the minimum width when the steps change."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def hold_offer(self, offer: ModelOffer) -> None:
        """Show the offer of the full model as the third step."""
        offer.set_number("3. ")
        self._offer_row.addWidget(offer)

    def show_dictation(self, keys: str, reason: str, *, is_hold: bool) -> None:
        """Say how to dictate; `reason` says why no key works in other programs, "" if one does."""
        if keys and is_hold:
            text = self.tr(
                "Hold {0} and speak, here or in any other program. Captions show what is said "
                "on top of all windows."
            ).format(keys)
        elif keys:
            text = self.tr(
                "Press {0}, speak, and press it again, here or in any other program. Captions "
                "show what is said on top of all windows."
            ).format(keys)
        else:
            text = self.tr(
                "Dictation writes into other programs: open the dictation pad in the ⋯ menu. "
                "Captions show what is said on top of all windows."
            )
            text = " ".join(filter(None, (reason, text)))
        self.trial.text.setText(text)
        placeholder = self.tr("What you dictate appears here") if keys else ""
        self.field.setPlaceholderText(placeholder)
        self.field.setVisible(bool(keys))

    def show_model(self, sentence: str) -> None:
        """Say what there is to know about the model if nothing is offered, "" for nothing."""
        self.model.text.setText(sentence)
        self.model.setVisible(bool(sentence))

    def show_problem(self, sentence: str) -> None:
        """Say why the microphone cannot be tested, "" for no problem."""
        self.problem.show_problem(sentence)

    def mark_used(self) -> None:
        """Offer to finish the steps, not to skip them."""
        self.done_button.setText(self.tr("Done"))

    def insert(self, text: str) -> bool:
        """Write a dictated text into the field if the page has the keyboard; return whether."""
        has_keyboard = QGuiApplication.focusWindow() is not None
        focused = self.window().focusWidget()
        is_elsewhere = isinstance(focused, QLineEdit) and focused is not self.field
        if not (self.isVisible() and has_keyboard) or is_elsewhere:
            return False
        before = self.field.text()
        self.field.insert(text if not before or before.endswith(" ") else f" {text}")
        self.mark_used()
        return True

    def _toggle_test(self, is_on: bool) -> None:
        self._name_test(is_on=is_on)
        self.meter.set_active(is_on)
        self.show_problem("")
        self.test_toggled.emit(is_on)

    def _name_test(self, *, is_on: bool) -> None:
        self.test_button.setText(self.tr("End the test") if is_on else self.tr("Test"))
