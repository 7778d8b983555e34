"""Open the dialog that aligns a text, and save its result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from granite_live.app.engine import Engine
from granite_live.gui.background import Background
from granite_live.gui.dialogs import show_dialog
from granite_live.gui.live_session import LiveSession
from granite_live.gui.main_window import MainWindow
from granite_live.gui.session_document import TranscriptDocument
from granite_live.gui.sessions.actions import SessionActions
from granite_live.transcript.model import RecordingTranscript

if TYPE_CHECKING:
    from granite_live.gui.alignment.dialog import AlignmentDialog


class AlignmentController(QObject):
    """Opens the dialog for the menu, and for a recording and a text that are dropped together."""

    def __init__(
        self,
        engine: Engine,
        window: MainWindow,
        document: TranscriptDocument,
        live: LiveSession,
        background: Background,
        actions: SessionActions,
    ) -> None:
        super().__init__(window)
        self._engine, self._window, self._background = engine, window, background
        self._document, self._live, self._actions = document, live, actions
        window.actions_by_id.bind("align", self.open)
        window.text_dropped.connect(self.align)

    def open(self) -> AlignmentDialog:
        """Open the dialog."""
        from granite_live.gui.alignment.dialog import AlignmentDialog

        window = self._window
        dialog = AlignmentDialog(self._engine, self._background, window.ui_state, window)
        dialog.save_requested.connect(self._save)
        dialog.session_saved.connect(self._show_session)
        show_dialog(dialog)
        return dialog

    def align(self, recording: Path, text: Path) -> None:
        """Open the dialog and align these files."""
        self.open().align(recording, text)

    def _show_session(self, session_id: int) -> None:
        self._window.sidebar.refresh()
        if not self._live.is_active:
            self._document.open(session_id)

    def _save(self, transcript: RecordingTranscript, name: str) -> None:
        self._actions.export_text(transcript, name, as_subtitles=True)
