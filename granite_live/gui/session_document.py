"""The displayed session: its lines, from the library or as they are spoken."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from granite_live.gui.background import LibraryStore
from granite_live.gui.transcript.editing import TranscriptEditing
from granite_live.gui.transcript.lines import Line
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.library import Library, LineChange, SavedSession, SavedUtterance, SourceKind
from granite_live.session import events


class TranscriptDocument(QObject):
    """Emits `session_changed` with the session when its lines are loaded; with None for a new,
    empty view. Before that, `opened` for a session of the library."""

    session_changed = Signal(object)
    opened = Signal(object)
    failed = Signal(str)

    def __init__(self, store: LibraryStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.model = TranscriptModel(self)
        self.editing = TranscriptEditing(self.model, store, self)
        self.editing.failed.connect(self.failed)
        self._pending_events: list[events.SessionEvent] | None = None
        self.session_id = 0
        """The id of the displayed session, 0 for none."""

    def clear(self) -> None:
        """Show an empty view."""
        self.session_id, self._pending_events = 0, None
        self.editing.begin(0)
        self.model.set_meeting(False)
        self.model.reset([])
        self.session_changed.emit(None)

    def begin(self, session_id: int) -> None:
        """Show a session that has just started."""
        self.session_id, self._pending_events = session_id, None
        self.editing.begin(session_id)
        self.model.set_meeting(False)
        self.model.reset([])
        self.reload_title()

    def open(self, session_id: int, correction: LineChange | None = None) -> None:
        """Show a session of the library.

        `correction` is a change just made to this session, which can be undone.
        """
        self.session_id = session_id
        meanwhile: list[events.SessionEvent] = []
        self._pending_events = meanwhile
        self.editing.begin(session_id)

        def read(library: Library) -> tuple[SavedSession, list[Line]]:
            lines = [Line.of(one) for one in library.utterances(session_id) if _is_shown(one)]
            return library.session(session_id), lines

        def show(found: tuple[SavedSession, list[Line]]) -> None:
            if self._pending_events is meanwhile:
                self._pending_events = None
                self.model.set_meeting(_is_meeting(found[0]))
                self.model.reset(found[1])
                # Apply events that arrived during the read. Lines that were read already keep that
                # state.
                for event in meanwhile:
                    self.model.apply(event)
                if correction is not None:
                    self.editing.remember(correction, self.tr("Take over corrections"))
                self.opened.emit(found[0])
                self.session_changed.emit(found[0])

        self._store.run(read, show, self.failed.emit)

    def reload_title(self) -> None:
        """Reload the title and length of the displayed session."""
        session_id = self.session_id

        def show(session: SavedSession) -> None:
            if self.session_id == session_id:
                self.model.set_meeting(_is_meeting(session))
                self.session_changed.emit(session)

        if session_id:
            self._store.run(lambda library: library.session(session_id), show, self.failed.emit)

    def apply(self, session_id: int, event: events.SessionEvent) -> None:
        """Apply an event of a running session if that session is displayed."""
        if session_id != self.session_id:
            return
        if self._pending_events is not None:
            self._pending_events.append(event)
        else:
            self.model.apply(event)


def _is_meeting(session: SavedSession) -> bool:
    return session.source_kind is SourceKind.MEETING


def _is_shown(line: SavedUtterance) -> bool:
    return bool(line.text) or bool(line.reason)
