"""Dialog that asks for the model to transcribe a session again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from granite_live.app.models import ModelChoice
from granite_live.gui.dialog_parts import default_button
from granite_live.gui.fitting import fit_to_text
from granite_live.gui.sessions import titles
from granite_live.gui.theme import GRID_PX
from granite_live.library import Session


class AgainDialog(QDialog):
    """Emits `chosen` with the model."""

    chosen = Signal(object)

    def __init__(
        self, session: Session, models: Sequence[ModelChoice], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Transcribe again"))
        self._models = tuple(models)
        question = QLabel(
            self.tr("Which model shall hear “{0}” again?").format(titles.title(session)), self
        )
        question.setWordWrap(True)
        about = QLabel(
            self.tr(
                "A second session comes of it, with the lines that you have corrected; this one "
                "stays as it is."
            ),
            self,
        )
        about.setWordWrap(True)
        about.setProperty("role", "soft")
        self.choices = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(question)
        column.addWidget(about)
        for number, model in enumerate(self._models):
            text = titles.model_name(model.name, model.tier)
            if is_used(session, model):
                text = self.tr("{0} (made the present text)").format(text)
            choice = QRadioButton(text.replace("&", "&&"), self)
            choice.setToolTip(str(model.path))
            self.choices.addButton(choice, number)
            column.addWidget(choice)
        others = (n for n, model in enumerate(self._models) if not is_used(session, model))
        self.choices.button(next(others, 0)).setChecked(True)
        self.begin_button = default_button(self.tr("Transcribe again"), self._choose, self)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(cancel)
        bottom.addWidget(self.begin_button)
        column.addLayout(bottom)
        fit_to_text(self, 28 * self.fontMetrics().height())

    def _choose(self) -> None:
        self.accept()
        self.chosen.emit(self._models[self.choices.checkedId()])


def is_used(session: Session, model: ModelChoice) -> bool:
    """Return whether this model produced the session's text."""
    path = session.model.path if session.model is not None else session.model_path
    tier = session.model.tier if session.model is not None else session.tier
    return (path, tier) == (str(model.path), model.tier)
