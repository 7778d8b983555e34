"""The lines as a Qt model, updated by session events and library changes."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from granite_live.gui.messages import translate_message
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.library import LineChange, SavedUtterance
from granite_live.messages.library import LibraryMessage
from granite_live.session import events
from granite_live.transcript.export.text_formats import format_clock
from granite_live.transcript.model import Track

LINE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class TranscriptModel(QAbstractListModel):
    """Lines in the order of their start times.

    Emits `finalized` with a line that became final.
    """

    finalized = Signal(object)
    speakers_shown = Signal(object)
    """Emitted with the model when lines begin to have speakers to show, else with None."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self._starts: list[float] = []
        self._names: Counter[str] = Counter()
        self._is_meeting = self._shows_speakers = False

    # -- Qt interface -------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a line's text, the line itself, or its text for screen readers."""
        if not index.isValid() or not 0 <= index.row() < len(self._lines):
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return line.text
            case Qt.ItemDataRole.AccessibleTextRole:
                text, speaker = accessible_text(line), self.speaker_label(line)
                return f"{speaker}, {text}" if speaker else text
            case _ if role == LINE_ROLE:
                return line
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return that final lines are editable."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if is_editable(self._lines[index.row()]):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    # -- program interface --------------------------------------------------------------------

    @property
    def lines(self) -> Sequence[Line]:
        """All lines; read-only."""
        return self._lines

    def line(self, row: int) -> Line:
        """Return the line of a row."""
        return self._lines[row]

    # -- speakers ---------------------------------------------------------------------------

    @property
    def is_meeting(self) -> bool:
        """Whether the session has two sides, whose speakers are shown without names too."""
        return self._is_meeting

    def set_meeting(self, is_meeting: bool) -> None:
        """Say whether the session has two sides."""
        self._is_meeting = is_meeting
        self._update_speakers()

    def speaker_label(self, line: Line) -> str:
        """Return who says a line, "" if nobody is named."""
        if line.speaker or not self._is_meeting:
            return line.speaker
        is_own = line.track == Track.MICROPHONE
        return translate_message(LibraryMessage.ME() if is_own else LibraryMessage.OTHERS())

    def speaker_number(self, line: Line) -> int:
        """Return the place of a line's speaker among all: sides first, then names as they came."""
        if not line.speaker:
            return line.track
        return 2 * self._is_meeting + list(self._names).index(line.speaker)

    @property
    def speaker_names(self) -> tuple[str, ...]:
        """The names that lines have."""
        return tuple(self._names)

    def name_speaker(self, row: int, speaker: str) -> None:
        """Show a speaker for a line that is not stored yet."""
        self._set(row, replace(self._lines[row], speaker=speaker))

    def take_over_speaker(self, row: int) -> None:
        """Show that the speaker of the line before goes on in this one."""
        speaker = self._speaker_before(row, self._lines[row].track)
        if speaker != self._lines[row].speaker:
            self.name_speaker(row, speaker)

    def _speaker_before(self, row: int, track: int) -> str:
        """Return the speaker of the last line of the track before this row: who still speaks."""
        before = (self._lines[at] for at in range(row - 1, -1, -1))
        return next((line.speaker for line in before if line.track == track), "")

    def _count(self, line: Line, change: int) -> None:
        if line.speaker:
            self._names[line.speaker] += change
            if self._names[line.speaker] <= 0:
                del self._names[line.speaker]

    def _update_speakers(self) -> None:
        shows = self._is_meeting or bool(self._names)
        if shows != self._shows_speakers:
            self._shows_speakers = shows
            self.speakers_shown.emit(self if shows else None)

    # -- rows -------------------------------------------------------------------------------

    def row_at_time(self, at_s: float) -> int:
        """Return the row of the line that began last at this time, -1 before the first."""
        return bisect_right(self._starts, at_s) - 1

    def row_of(self, line: Line) -> int:
        """Return the row of a line, -1 if it is not in the model."""
        at = bisect_right(self._starts, line.start_s)
        for row in range(at - 1, -1, -1):
            if self._lines[row].key == line.key:
                return row
            if self._starts[row] < line.start_s:
                break
        return -1

    def reset(self, lines: Iterable[Line]) -> None:
        """Replace all lines."""
        self.beginResetModel()
        self._lines = sorted(lines, key=lambda line: line.start_s)
        self._starts = [line.start_s for line in self._lines]
        self._names = Counter(line.speaker for line in self._lines if line.speaker)
        self.endResetModel()
        self._update_speakers()

    def apply(self, event: events.SessionEvent) -> None:
        """Apply a session event."""
        match event:
            case events.DraftText(
                utterance=number, start_s=start_s, text=text, stable_words=stable, track=track
            ):
                state = LineState.OPEN
                self._put(Line(number, start_s, start_s, state, text, (), stable, track=track))
            case events.ProvisionalText():
                self._put(_line_of_event(event, LineState.PROVISIONAL, event.words))
            case events.FinalText():
                self._put(_line_of_event(event, LineState.FINAL, event.words))
            case events.TranscriptionFailed(
                utterance=number, start_s=start_s, end_s=end_s, reason=reason, track=track
            ):
                state = LineState.FAILED
                self._put(Line(number, start_s, end_s, state, "", reason=reason, track=track))

    def change(self, change: LineChange) -> None:
        """Apply a library change."""
        for old in change.before:
            row = self._row_of_stored(old)
            if row is not None and not any(new.id == old.id for new in change.after):
                self._remove(row)
        for new in change.after:
            line, row = Line.of(new), self._row_of_stored(new)
            if row is None:
                self._insert(line)
            elif self._starts[row] == line.start_s:
                self._set(row, replace(line, key=self._lines[row].key))
            else:
                self._remove(row)
                self._insert(line)

    # -- implementation -----------------------------------------------------------------------

    def _put(self, line: Line) -> None:
        """Set the newest text of an utterance; remove its line if the text is empty."""
        row = self._row_of_utterance(line.number)
        is_shown = bool(line.text) or line.state is LineState.FAILED
        if row is None:
            if is_shown:
                place = bisect_right(self._starts, line.start_s)
                speaker = self._speaker_before(place, line.track)
                self._insert(replace(line, speaker=speaker) if speaker else line)
        elif self._lines[row].state is LineState.FINAL:
            return  # late draft
        elif not is_shown:
            self._remove(row)
        elif line.start_s != self._starts[row]:
            line = replace(line, speaker=self._lines[row].speaker)
            self._remove(row)
            self._insert(line)
        else:
            old = self._lines[row]
            self._set(row, replace(line, key=old.key, speaker=old.speaker))
        if line.state is LineState.FINAL and is_shown:
            row = self._row_of_utterance(line.number)
            if row is not None:
                self.finalized.emit(self._lines[row])

    def _row_of_utterance(self, number: int) -> int | None:
        # Lines that are not final are near the end.
        for row in range(len(self._lines) - 1, -1, -1):
            if self._lines[row].number == number:
                return row
            if self._lines[row].number < number and row < len(self._lines) - 64:
                return None
        return None

    def _row_of_stored(self, stored: SavedUtterance) -> int | None:
        for row, line in enumerate(self._lines):
            if line.stored is not None:
                if line.stored.id == stored.id:
                    return row
            elif line.number == stored.number:
                return row
        return None

    def _insert(self, line: Line) -> None:
        row = bisect_right(self._starts, line.start_s)
        self.beginInsertRows(_ROOT, row, row)
        self._lines.insert(row, line)
        self._starts.insert(row, line.start_s)
        self._count(line, 1)
        self.endInsertRows()
        self._update_speakers()

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(_ROOT, row, row)
        self._count(self._lines[row], -1)
        del self._lines[row], self._starts[row]
        self.endRemoveRows()

    def _set(self, row: int, line: Line) -> None:
        if self._lines[row].speaker != line.speaker:
            self._count(line, 1)
            self._count(self._lines[row], -1)
        self._lines[row] = line
        self._update_speakers()
        index = self.index(row)
        self.dataChanged.emit(index, index)


def is_editable(line: Line) -> bool:
    """Return whether the user may edit a line: its text is final or failed."""
    return line.state in (LineState.FINAL, LineState.FAILED)


def _line_of_event(
    event: events.ProvisionalText | events.FinalText, phase: LineState, words: Any
) -> Line:
    bounds = event.start_s, event.end_s
    return Line(event.utterance, *bounds, phase, event.text, tuple(words), track=event.track)


def accessible_text(line: Line) -> str:
    """Return a line's text for screen readers."""
    translate = QCoreApplication.translate
    if line.state is LineState.FAILED:
        text = translate("TranscriptModel", "No text: {0}").format(translate_message(line.reason))
    else:
        text = line.text
    kind = {
        LineState.OPEN: translate("TranscriptModel", "in progress"),
        LineState.PROVISIONAL: translate("TranscriptModel", "draft"),
    }.get(line.state)
    if line.is_edited:
        kind = translate("TranscriptModel", "edited")
    parts = (
        [format_clock(line.start_s), text]
        if kind is None
        else [format_clock(line.start_s), kind, text]
    )
    return ", ".join(parts)
