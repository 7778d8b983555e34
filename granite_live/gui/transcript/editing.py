"""Edit a line of a transcript in place, and the menu of a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QMenu

from granite_live.gui.background import LibraryStore
from granite_live.gui.transcript.lines import Line, LineState, WordMark, word_index
from granite_live.gui.transcript.model import TranscriptModel, is_editable
from granite_live.gui.transcript.speakers import SpeakerEditing, SpeakerMenu
from granite_live.library import Library, LineChange
from granite_live.transcript.export.text_formats import format_clock
from granite_live.util.errors import HistoryError

if TYPE_CHECKING:
    from granite_live.gui.transcript.panel import TranscriptPanel


class _EditCommand(QUndoCommand):
    """A change that the library has already made; undo and redo apply it again."""

    def __init__(self, editing: TranscriptEditing, change: LineChange, name: str) -> None:
        super().__init__(name)
        self._editing = editing
        self._change = change
        self._is_new = True

    def redo(self) -> None:
        """Apply the change again; do nothing the first time."""
        if not self._is_new:
            self._editing.apply(self._change)
        self._is_new = False

    def undo(self) -> None:
        """Apply the reverse change."""
        self._editing.apply(self._change.inverse)


class TranscriptEditing(QObject):
    """The user's edits of the displayed transcript.

    Emits `changed` after an edit, `corrected` with the change if one line was edited by hand, and
    `failed` with the reason if an edit failed.
    """

    changed = Signal()
    corrected = Signal(object)
    failed = Signal(str)

    def __init__(
        self, model: TranscriptModel, store: LibraryStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._store = store
        self._session_id = 0
        self.stack = QUndoStack(self)
        self.speakers = SpeakerEditing(model, self)

    def begin(self, session_id: int) -> None:
        """Switch to another session and clear the undo stack."""
        self._session_id = session_id
        self.stack.clear()
        self.speakers.begin()

    def remember(self, change: LineChange, name: str) -> None:
        """Add a change to the undo stack that is already stored and displayed."""
        self.stack.push(_EditCommand(self, change, name))

    def edit(self, row: int, text: str) -> None:
        """Set a line's text; delete the line if the text is empty."""
        line, text = self._model.line(row), " ".join(text.split())
        if not text:
            self.delete([row])
        elif text != line.text:
            self.run_edit(
                [line],
                lambda library, ids: library.edit_text(ids[0], text),
                self.tr("Edit"),
                self.corrected.emit,
            )

    def set_texts(self, texts: Mapping[int, str], name: str) -> None:
        """Set the texts of several rows as one undo step; a line with an empty text is deleted.

        Lines that are still being recognized stay as they are.
        """
        wanted: list[tuple[Line, str]] = []
        for row, text in texts.items():
            line, text = self._model.line(row), " ".join(text.split())
            if is_editable(line) and text != line.text:
                wanted.append((line, text))
        if not wanted:
            return

        def work(library: Library, ids: list[int]) -> LineChange:
            return library.edit_texts(dict(zip(ids, (text for _, text in wanted), strict=True)))

        self.run_edit([line for line, _ in wanted], work, name)

    def restore(self, row: int) -> None:
        """Restore the machine's text."""
        line = self._model.line(row)
        if line.is_edited:
            work = _machine_text
            self.run_edit([line], work, self.tr("Restore"))

    def delete(self, rows: Sequence[int]) -> None:
        """Delete lines, except those that are still being recognized."""
        lines = [line for line in map(self._model.line, rows) if is_editable(line)]
        if lines:
            self.run_edit(lines, Library.delete_utterances, self.tr("Delete"))

    def merge(self, row: int) -> None:
        """Merge this line with the next."""
        if self.can_merge(row):
            line = self._model.line(row)
            self.run_edit([line], lambda lib, ids: lib.merge_with_next(ids[0]), self.tr("Merge"))

    def can_merge(self, row: int) -> bool:
        """Return whether this line and the next can be edited."""
        pair = self._model.lines[row : row + 2]
        is_one_side = len({line.track for line in pair}) == 1
        return len(pair) == 2 and is_one_side and all(map(is_editable, pair))

    def split(self, row: int, position: int, text: str | None = None) -> None:
        """Split a line before the word at this position; `text` is its changed text, if any."""
        line = self._model.line(row)
        wanted = line.text if text is None else " ".join(text.split())
        at_word = word_index(wanted if text is None else text, position)
        if line.state is not LineState.FINAL or not 0 < at_word < len(wanted.split()):
            return
        if wanted != line.text:
            self.edit(row, wanted)
        self.run_edit([line], lambda library, ids: library.split(ids[0], at_word), self.tr("Split"))

    def apply(self, change: LineChange) -> None:
        """Apply a change of the library again, or its reverse."""
        session_id = self._session_id

        def done(whole: LineChange) -> None:
            count = len(change.after)
            if session_id == self._session_id and len(whole.after) > count:
                self._show(replace(whole, before=whole.before[count:], after=whole.after[count:]))

        self._store.run(lambda library: library.apply(change), done, self._refused)
        self._show(change)

    def run_edit(
        self,
        lines: Sequence[Line],
        work: Callable[[Library, list[int]], LineChange],
        name: str,
        report: Callable[[LineChange], None] | None = None,
    ) -> None:
        """Change lines in the library, as a step that can be undone.

        Args:
            lines: The lines to change.
            work: Makes the change for the ids of the lines, in the library's thread.
            name: The name of the step.
            report: Called with the change.
        """
        session_id = self._session_id

        def do(library: Library) -> LineChange:
            return work(library, _ids(library, session_id, lines))

        def done(change: LineChange) -> None:
            if session_id == self._session_id:
                self.stack.push(_EditCommand(self, change, name))
                self._show(change)
                if report is not None:
                    report(change)

        self._store.run(do, done, self.failed.emit)

    def _show(self, change: LineChange) -> None:
        self._model.change(change)
        self.speakers.update_unstored()
        self.changed.emit()

    def _refused(self, sentence: str) -> None:
        # The view shows a change that was not stored, so earlier changes cannot be undone either.
        self.stack.clear()
        self.failed.emit(sentence)


def _machine_text(library: Library, ids: list[int]) -> LineChange:
    return library.edit_text(ids[0], None)


def _ids(library: Library, session_id: int, lines: Sequence[Line]) -> list[int]:
    """Return the library ids of lines; live lines have only a number."""
    if all(line.stored is not None for line in lines):
        return [line.stored.id for line in lines if line.stored is not None]
    stored = {one.number: one.id for one in library.utterances(session_id)}
    try:
        return [line.stored.id if line.stored else stored[line.number] for line in lines]
    except KeyError as error:
        text = QCoreApplication.translate(
            "Editing", "This line is still being saved. Try again in a moment."
        )
        raise HistoryError(text) from error


_MARKUP = re.compile(r"[\\`*_\[\]<>#&|~]")


class CopyFormat(Enum):
    """The format of copied lines."""

    TEXT = "text"
    TIMES = "times"
    MARKDOWN = "markdown"


def format_lines(
    lines: Iterable[Line], form: CopyFormat, speaker: Callable[[Line], str] = lambda _line: ""
) -> str:
    """Return the lines that have text, one per line; Markdown as paragraphs.

    `speaker` returns who says a line, "" for nobody.
    """
    spoken = [(line, f"{name}: " if (name := speaker(line)) else "") for line in lines if line.text]
    match form:
        case CopyFormat.TEXT:
            return "\n".join(f"{name}{line.text}" for line, name in spoken)
        case CopyFormat.TIMES:
            return "\n".join(
                f"{format_clock(line.start_s)}\t{name}{line.text}" for line, name in spoken
            )
    return "\n\n".join(
        f"**{format_clock(line.start_s)}** {_plain(name + line.text)}" for line, name in spoken
    )


def _plain(text: str) -> str:
    return _MARKUP.sub(lambda found: "\\" + found.group(), text)


# The number of words offered to the keyboard; the mouse is offered the word under it.
_MAX_OFFERED = 5


class LineMenu(QMenu):
    """The menu of a line and of the other selected lines; deletes itself when closed."""

    def __init__(
        self,
        panel: TranscriptPanel,
        model: TranscriptModel,
        editing: TranscriptEditing,
        row: int,
        point: QPoint | None,
    ) -> None:
        """Fill the menu; `point` is the mouse position in the viewport, None for the keyboard."""
        super().__init__(panel)
        self.setToolTipsVisible(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._panel, self._model, self._editing = panel, model, editing
        self._row, self._point = row, point
        line = model.line(row)
        self.addAction(self.tr("Copy"), lambda: panel.copy(CopyFormat.TEXT))
        self.addAction(self.tr("Copy with times"), lambda: panel.copy(CopyFormat.TIMES))
        self.addAction(self.tr("Copy as Markdown"), lambda: panel.copy(CopyFormat.MARKDOWN))
        if line.state is not LineState.OPEN:
            self._add_playing(line)
        if is_editable(line):
            self._add_editing(line)

    def _add_playing(self, line: Line) -> None:
        panel = self._panel
        self.addSeparator()
        name = self.tr("Pause playback") if panel.is_playing(line) else self.tr("Play")
        play = self.addAction(name, lambda: panel.toggle_play(line))
        if panel.no_sound_reason:
            play.setEnabled(False)
            play.setToolTip(panel.no_sound_reason)

    def _add_editing(self, line: Line) -> None:
        row, editing, panel = self._row, self._editing, self._panel
        self.addSeparator()
        index = self._model.index(row)
        self.addAction(self.tr("Edit"), lambda: panel.edit(index))
        if line.is_edited:
            self.addAction(self.tr("Revert to original text"), lambda: editing.restore(row))
        if editing.can_merge(row):
            self.addAction(self.tr("Merge with next line"), lambda: editing.merge(row))
        for mark in self._offered():
            if mark.word.draft:
                name = self.tr("Replace “{0}” with “{1}”").format(mark.word.text, mark.word.draft)
                self.addAction(name, partial(self._use_draft, line, mark))
            if mark.word.replaced is not None:
                self._add_undoing_term(line, mark)
        place = self._place_in_text()
        if place > 0:
            self.addAction(self.tr("Split here"), lambda: editing.split(row, place))
        rows = panel.selected_rows()
        self.addMenu(SpeakerMenu(panel, editing.speakers, row, rows if row in rows else [row]))
        self.addSeparator()
        self.addAction(self.tr("Delete"), panel.delete_selected)

    def _add_undoing_term(self, line: Line, mark: WordMark) -> None:
        """Add an action that writes what a term of the vocabulary replaced."""
        marks = self._panel.delegate.line_layout(self._model.index(self._row)).marks
        first = stop = marks.index(mark)
        while first and marks[first].word.replaced == "":
            first -= 1
        while stop + 1 < len(marks) and marks[stop + 1].word.replaced == "":
            stop += 1
        start, end = marks[first].start, marks[stop].start + marks[stop].length
        recognized = marks[first].word.replaced
        if not recognized:
            return
        name = self.tr("Replace “{0}” with “{1}”").format(line.text[start:end], recognized)
        text = f"{line.text[:start]}{recognized}{line.text[end:]}"
        self.addAction(name, lambda: self._editing.edit(self._row, text))

    def _offered(self) -> list[WordMark]:
        """Return the word under the mouse; for the keyboard, the doubtful words."""
        if self._point is not None:
            found = self._panel.word_under(self._point)
            return [] if found is None else [found[1]]
        marks = self._panel.delegate.line_layout(self._model.index(self._row)).marks
        offered = [mark for mark in marks if mark.is_doubtful or mark.word.replaced]
        return offered[:_MAX_OFFERED]

    def _place_in_text(self) -> int:
        """Return the text position under the mouse, -1 if there is none."""
        if self._point is None:
            return -1
        index, delegate = self._model.index(self._row), self._panel.delegate
        corner = delegate.text_corner(self._panel.visualRect(index))
        return delegate.line_layout(index).position_at(QPointF(self._point) - corner)

    def _use_draft(self, line: Line, mark: WordMark) -> None:
        before, after = line.text[: mark.start], line.text[mark.start + mark.length :]
        self._editing.edit(self._row, f"{before}{mark.word.draft}{after}")
