"""The window of a test, with a scripted engine."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from granite_live.gui.app import Application
from granite_live.library import Library, SavedSession
from granite_live.session import events
from helpers.scripted_engine import ScriptedEngine, ScriptedSession


class WindowDriver:
    """The window, its engine, and shortcuts for common steps."""

    def __init__(self, qtbot: QtBot, application: Application, engine: ScriptedEngine) -> None:
        self.qtbot, self.application, self.engine = qtbot, application, engine
        self.window = application.window
        self.control_bar, self.page, self.panel = (
            self.window.control_bar,
            self.window.session_view,
            self.window.panel,
        )
        self.sidebar, self.model = self.window.sidebar, application.document.model
        self.is_over = self.is_ended = False

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition while events are processed."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=10_000)

    def start(self) -> ScriptedSession:
        """Press the start button; return the running session."""
        known = len(self.engine.sessions)
        self.control_bar.button.click()
        self.until(lambda: len(self.engine.sessions) > known)
        session = self.engine.sessions[-1]
        session.tell(events.StateChanged(0.1, "listening", "Listening to a script."))
        listening = QCoreApplication.translate("Words", "Listening")
        self.until(lambda: self.control_bar.state.text().startswith(listening))
        return session

    def say(self, session: ScriptedSession, *finals: events.FinalText) -> None:
        """Emit final texts and wait until all are shown and stored."""
        wanted = self.model.rowCount() + len(finals)
        session.tell(*finals)
        self.until(lambda: self.model.rowCount() == wanted)

    def stop(self) -> None:
        """Press the stop button and wait for the end of the session."""
        self.control_bar.button.click()
        self.until(lambda: not self.application.live.is_active)

    def hear(self, *finals: events.FinalText) -> SavedSession:
        """Record a session with these final texts; return it when it has ended and is displayed."""
        self.say(self.start(), *finals)
        self.stop()
        with Library.open() as library:
            return library.sessions()[0]

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        """Press a key in the window; offscreen, the window shown last has the focus."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        self.qtbot.keyClick(self.window, key, modifiers)

    def accept_recovery(self, offered: str) -> None:
        """Wait for this recovery offer and accept it."""
        notices = self.page.notices
        self.until(lambda: notices.isVisible() and offered in notices.text.text())
        notices.action.click()

    def texts(self) -> list[str]:
        """Return the displayed lines."""
        return [line.text for line in self.model.lines]

    def end(self) -> bool:
        """Quit the program, once; return whether nothing was left running."""
        if not self.is_over:
            self.is_over = True
            self.is_ended = self.application.end()
        return self.is_ended
