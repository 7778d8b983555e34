"""The context menu of a transcript line: copy, play, edit, the draft's word."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu

from granite_live.gui.transcript.editing import CopyFormat, TranscriptEditing
from granite_live.gui.transcript.lines import Line, LineState, WordMark
from granite_live.gui.transcript.model import TranscriptModel, is_editable

if TYPE_CHECKING:
    from granite_live.gui.transcript.panel import TranscriptPanel

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
        place = self._place_in_text()
        if place > 0:
            self.addAction(self.tr("Split here"), lambda: editing.split(row, place))
        self.addSeparator()
        self.addAction(self.tr("Delete"), panel.delete_selected)

    def _offered(self) -> list[WordMark]:
        """Return the word under the mouse; for the keyboard, the doubtful words."""
        if self._point is not None:
            found = self._panel.word_under(self._point)
            return [] if found is None else [found[1]]
        marks = self._panel.delegate.line_layout(self._model.index(self._row)).marks
        return [mark for mark in marks if mark.is_doubtful][:_MAX_OFFERED]

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
