"""Dialog that asks which part of a session to delete."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from granite_live.gui.fitting import fit_to_text
from granite_live.gui.sessions import titles
from granite_live.gui.theme import GRID_PX
from granite_live.library import Part, Session


class DeleteDialog(QDialog):
    """Emits `chosen` with the part to delete. Enter alone deletes nothing."""

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Delete"))
        question = QLabel(self.tr("What shall be deleted of “{0}”?").format(titles.title(session)))
        question.setWordWrap(True)
        warning = QLabel(self.tr("What is deleted cannot be brought back."))
        warning.setProperty("role", "soft")
        self.buttons: dict[Part, QPushButton] = {}
        choices = QHBoxLayout()
        labels = {
            Part.BOTH: self.tr("Everything"),
            Part.SOUND: self.tr("The sound only"),
            Part.TEXT: self.tr("The text only"),
        }
        is_gone = {Part.SOUND: session.sound_deleted, Part.TEXT: session.text_deleted}
        for part, label in labels.items():
            button = QPushButton(label, self)
            button.setAutoDefault(False)
            button.setVisible(not is_gone.get(part, False))
            button.clicked.connect(lambda _checked=False, part=part: self._choose(part))
            choices.addWidget(button)
            self.buttons[part] = button
        choices.addStretch(1)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setDefault(True)
        cancel.clicked.connect(self.reject)
        choices.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(question)
        column.addWidget(warning)
        column.addLayout(choices)
        fit_to_text(self, 28 * self.fontMetrics().height())

    def _choose(self, part: Part) -> None:
        self.accept()
        self.chosen.emit(part)
