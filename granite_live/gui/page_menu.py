"""The menu of the session view."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QUndoStack

from granite_live.gui.main_window import MainWindow
from granite_live.gui.sessions import titles
from granite_live.gui.transcript.copying import CopyAs
from granite_live.library import Session, SessionState


class PageMenu(QObject):
    """Emits the chosen action; handles undo, redo, copy and play itself."""

    rename_wanted = Signal()
    again_wanted = Signal()
    delete_wanted = Signal()
    live_text_wanted = Signal()
    models_wanted = Signal()
    captions_wanted = Signal()
    captions_through_wanted = Signal()
    dictation_wanted = Signal()

    def __init__(self, window: MainWindow, stack: QUndoStack) -> None:
        super().__init__(window)
        self._window = window
        self._fill_lines(stack)
        window.page.more.addSeparator()
        self._rename = self._add(self.tr("Rename…"), self.rename_wanted.emit, "Shift+F2")
        self._again = self._add(self.tr("Transcribe again…"), self.again_wanted.emit)
        self._delete = self._add(self.tr("Delete…"), self.delete_wanted.emit)
        window.page.more.addSeparator()
        self.captions = self._add_switch(
            self.tr("Captions over the screen"), self.captions_wanted.emit, "Ctrl+Shift+L"
        )
        self.captions_through = self._add_switch(
            self.tr("Let clicks through the captions"),
            self.captions_through_wanted.emit,
            "Ctrl+Shift+T",
        )
        self._add(self.tr("Dictation pad"), self.dictation_wanted.emit, "Ctrl+D")
        self._add(self.tr("Live text file…"), self.live_text_wanted.emit)
        self._add(self.tr("Models…"), self.models_wanted.emit)

    def show(self, session: Session | None) -> None:
        """Enable the actions that apply to this session, with the reason if one does not."""
        reason = "" if session is None else titles.reason_against_again(session)
        self._rename.setEnabled(session is not None)
        self._again.setEnabled(session is not None and not reason)
        self._again.setToolTip(reason)
        is_over = session is not None and session.state is not SessionState.RUNNING
        self._delete.setEnabled(is_over)

    def _fill_lines(self, stack: QUndoStack) -> None:
        panel, menu = self._window.panel, self._window.page.more
        menu.setToolTipsVisible(True)
        undo = self._add(self.tr("Undo"), stack.undo, "Ctrl+Z")
        redo = self._add(self.tr("Redo"), stack.redo, "Ctrl+Shift+Z")
        stack.canUndoChanged.connect(undo.setEnabled)
        stack.canRedoChanged.connect(redo.setEnabled)
        undo.setEnabled(False)
        redo.setEnabled(False)
        menu.addSeparator()
        for form, name, keys in (
            (CopyAs.TIMES, self.tr("Copy with times"), "Ctrl+Shift+C"),
            (CopyAs.MARKDOWN, self.tr("Copy as Markdown"), "Ctrl+Alt+C"),
        ):
            self._add(name, partial(panel.copy, form), keys)
        self._add(self.tr("Play or stop the line"), panel.play_current, "Ctrl+L")

    def _add_switch(self, name: str, act: Callable[..., object], keys: str) -> QAction:
        """Add a checkable action. The caller sets its state."""
        action = self._add(name, act, keys)
        action.setCheckable(True)
        return action

    def _add(self, name: str, act: Callable[..., object], keys: str = "") -> QAction:
        action = self._window.page.add_more(name, keys)
        # Drop the `checked` argument of Qt.
        action.triggered.connect(lambda _checked=False: act())
        self._window.addAction(action)
        return action
