"""Settings page: the vocabulary, one set at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.dialogs import ask_for_file, ask_where_to_save
from granite_live.gui.preferences import VocabularyStore
from granite_live.gui.settings_dialog.form import PlaceholderField
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import hint, push_button, style_table
from granite_live.messages.settings import VocabularyMessage
from granite_live.settings.vocabulary import DEFAULT_SET, Term, TermSet, Vocabulary, read_terms
from granite_live.util.errors import GraniteError
from granite_live.util.files import write_output

_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class TermsModel(QAbstractTableModel):
    """The terms of a set: how each is written, and what sounds like it.

    Emits `edited` with the old term and the new one, `failed` with a sentence.
    """

    edited = Signal(object, object)
    failed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.terms: tuple[Term, ...] = ()

    def show(self, terms: Sequence[Term]) -> None:
        """Show other terms."""
        if tuple(terms) != self.terms:
            self.beginResetModel()
            self.terms = tuple(terms)
            self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return the number of terms."""
        return 0 if parent.isValid() else len(self.terms)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return 2: the term, and what sounds like it."""
        return 0 if parent.isValid() else 2

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return None
        term = self.terms[index.row()]
        return ", ".join(term.sounds_like) if index.column() else term.text

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Emit `edited`, or `failed` if the text is not usable."""
        if role != Qt.ItemDataRole.EditRole or value == self.data(index):
            return False
        old = self.terms[index.row()]
        text, spoken = (old.text, value) if index.column() else (value, ", ".join(old.sounds_like))
        try:
            new = Term.parse(f"{text} = {spoken}")
        except ValueError as error:
            self.failed.emit(VocabularyMessage.BAD_TERM(text=str(value)[:60], reason=error))
            return False
        self.edited.emit(old, new)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return that every cell can be edited."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the names of the columns."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Term"), self.tr("Sounds like"))[section]


class _TermField(PlaceholderField):
    """A field whose Return key adds the term and does not close the dialog."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class VocabularyPage(QWidget):
    """Changes are stored at once and apply from the next session on."""

    def __init__(self, store: VocabularyStore, report: Callable[[str], None]) -> None:
        """Show the stored vocabulary; `report` shows a problem, "" for none."""
        super().__init__()
        self._store, self._report = store, report
        self._vocabulary = Vocabulary()
        self.enabled = QCheckBox(self.tr("Listen for these terms"), self)
        self.enabled.setChecked(True)
        self.set_name = QComboBox(self)
        self.set_name.setEditable(True)
        self.set_name.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.set_name.setAccessibleName(self.tr("Set"))
        self.set_name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_name.setMinimumContentsLength(6)
        self.set_name.setToolTip(self.tr("Choose a set, or type the name of a new one"))
        self.set_enabled = QCheckBox(self.tr("Use this set"), self)
        self.set_enabled.setChecked(True)
        self.field = _TermField(self)
        self.field.setPlaceholderText(self.tr("Term to add"))
        self.field.setAccessibleName(self.tr("Term to add"))
        self.model = TermsModel(self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("Terms"))
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        style_table(self.table)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.add = push_button(self.tr("Add"), self, self._add, name=self.tr("Add the term"))
        self.remove = push_button(
            self.tr("Remove"), self, self._remove, name=self.tr("Remove the selected terms")
        )
        self.import_button = push_button(
            self.tr("Import…"),
            self,
            self._ask_import,
            name=self.tr("Import terms from a text file"),
        )
        self.export_button = push_button(
            self.tr("Export…"), self, self._ask_export, name=self.tr("Export the terms of this set")
        )
        self._lay_out()
        self._connect()
        self._show(self._vocabulary)
        store.reload()

    def _lay_out(self) -> None:
        label = QLabel(self.tr("Set"), self)
        label.setBuddy(self.set_name)
        explained = hint(
            self.tr(
                "Names and terms that the recognizer listens for. Changes apply to the next "
                "session."
            )
        )
        rows = [QHBoxLayout() for _ in range(4)]
        for row, widgets in zip(
            rows,
            (
                (label, self.set_name),
                (self.field,),
                (self.add, self.remove),
                (self.import_button, self.export_button),
            ),
            strict=True,
        ):
            row.setSpacing(GRID_PX)
            for widget in widgets:
                row.addWidget(widget, int(widget in (self.set_name, self.field)))
        for row in rows[2:]:
            row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.enabled)
        column.addWidget(explained)
        column.addSpacing(GRID_PX)
        column.addLayout(rows[0])
        column.addWidget(self.set_enabled)
        column.addLayout(rows[1])
        column.addLayout(rows[2])
        column.addWidget(self.table, 1)
        column.addLayout(rows[3])

    def _connect(self) -> None:
        self._store.changed.connect(self._show)
        self._store.failed.connect(self._report)
        self.model.edited.connect(self._edit)
        self.model.failed.connect(self._report)
        self.model.modelReset.connect(self._enable)
        self.table.selectionModel().selectionChanged.connect(self._enable)
        self.field.returnPressed.connect(self._add)
        self.field.textChanged.connect(self._enable)
        self.set_name.editTextChanged.connect(lambda _name: self._show_set())
        self.enabled.clicked.connect(self._switch)
        self.set_enabled.clicked.connect(self._switch_set)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._remove)

    # -- what is shown ------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        return " ".join(self.set_name.currentText().split()) or DEFAULT_SET

    def _show(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.enabled.setChecked(vocabulary.enabled)
        names = list(dict.fromkeys([DEFAULT_SET, *vocabulary.sets]))
        if names != [self.set_name.itemText(k) for k in range(self.set_name.count())]:
            current = self.set_name.currentText() or next(iter(vocabulary.sets), DEFAULT_SET)
            if current == DEFAULT_SET and DEFAULT_SET not in vocabulary.sets:
                current = next(iter(vocabulary.sets), DEFAULT_SET)
            self.set_name.blockSignals(True)
            self.set_name.clear()
            self.set_name.addItems(names)
            self.set_name.setEditText(current)
            self.set_name.blockSignals(False)
        self._show_set()

    def _show_set(self) -> None:
        terms = self._vocabulary.sets.get(self._name, TermSet())
        self.set_enabled.setChecked(terms.enabled)
        row = self.table.currentIndex().row()
        self.model.show(terms.terms)
        if row >= 0:
            row = min(row, len(terms.terms) - 1)
            self.table.setCurrentIndex(self.model.index(row, 0))
        self._enable()

    def _enable(self) -> None:
        self.add.setEnabled(bool(self.field.text().strip()))
        self.remove.setEnabled(self.table.selectionModel().hasSelection())
        self.export_button.setEnabled(bool(self.model.terms))
        self.set_enabled.setEnabled(bool(self.model.terms))

    # -- changes ------------------------------------------------------------------------------

    def _change(
        self, change: Callable[[TermSet], TermSet], done: Callable[[], None] | None = None
    ) -> None:
        """Change the chosen set."""
        name = self._name
        self._report("")
        self._store.change(
            lambda all_sets: all_sets.changed(name, change(all_sets.sets.get(name, TermSet()))),
            done,
        )

    def _add(self) -> None:
        text = " ".join(self.field.text().split())
        if not text:
            return
        try:
            term = Term.parse(text)
        except ValueError as error:
            self._report(VocabularyMessage.BAD_TERM(text=text[:60], reason=error))
            return
        self._change(lambda terms: terms.with_terms([term]))
        self.field.clear()

    def _edit(self, old: Term, new: Term) -> None:
        self._change(
            lambda terms: replace(
                terms, terms=tuple(new if one == old else one for one in terms.terms)
            )
        )

    def _remove(self) -> None:
        rows = {index.row() for index in self.table.selectionModel().selectedIndexes()}
        gone = {self.model.terms[row] for row in rows}
        if gone:
            self._change(
                lambda terms: replace(
                    terms, terms=tuple(one for one in terms.terms if one not in gone)
                )
            )

    def _switch(self) -> None:
        is_on = self.enabled.isChecked()
        self._report("")
        self._store.change(lambda vocabulary: replace(vocabulary, enabled=is_on))

    def _switch_set(self) -> None:
        is_on = self.set_enabled.isChecked()
        self._change(lambda terms: replace(terms, enabled=is_on))

    # -- files --------------------------------------------------------------------------------

    def _ask_import(self) -> None:
        kinds = [self.tr("Text files (*.txt)"), self.tr("All files (*)")]
        ask_for_file(self, self.tr("Import terms"), self.import_file, filters=kinds)

    def _ask_export(self) -> None:
        name = f"{self._name}.txt"
        title = self.tr("Export terms")
        ask_where_to_save(self, title, self.export_file, name=name, suffix="txt")

    def import_file(self, path: Path) -> None:
        """Add the terms of a text file to the chosen set; report lines that are not usable."""
        problems: list[str] = []

        def add(terms: TermSet) -> TermSet:
            found, unusable = read_terms(path)
            problems.extend(unusable)
            return terms.with_terms(found)

        self._change(add, lambda: self._report(problems[0] if problems else ""))

    def export_file(self, path: Path) -> None:
        """Write the terms of the chosen set to a text file."""
        try:
            write_output(path, "".join(f"{term}\n" for term in self.model.terms))
        except GraniteError as error:
            self._report(str(error))
        else:
            self._report("")
