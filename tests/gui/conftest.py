"""Fixtures: the window with a scripted engine on an offscreen display."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests expect English, whatever the locale.
os.environ["LANGUAGE"] = "en"

from helpers.scripted_engine import ScriptedEngine, ScriptedSession, words
from helpers.scripted_platform import FakePlatform
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtWidgets import QApplication

from granite_live.app.session_tasks import InterruptedSession
from granite_live.gui.app import Application
from granite_live.gui.background import Background
from granite_live.gui.style_sheet import apply_theme, make_theme
from granite_live.gui.theme import Appearance, Theme
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.gui.transcript.view import TranscriptListView
from granite_live.library import Library, SavedSession
from granite_live.session import events
from granite_live.util import paths


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    # A thread that was not told to end is an error in the test or the window.
    left = [one for one in set(threading.enumerate()) - before if not _ends(one)]
    assert not left


@pytest.fixture(autouse=True)
def _no_widget_is_left(qapp: QApplication) -> Iterator[None]:
    """Delete the widgets of a test: those that are left make every later style sheet slower."""
    yield
    qapp.processEvents()  # answers of the background, which need the window
    # Without a running event loop nobody else does what QWidget.deleteLater() asks for.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _ends(thread: threading.Thread) -> bool:
    thread.join(5)
    return not thread.is_alive()


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    qapp.setStyle("Fusion")
    made = make_theme(Appearance.LIGHT, has_motion=False)
    apply_theme(qapp, made)
    return made


@pytest.fixture
def make_column(qtbot: QtBot, theme: Theme) -> Callable[[Sequence[str]], TranscriptListView]:
    def make(texts: Sequence[str]) -> TranscriptListView:
        """Show a transcript view with a final line for each text."""
        model = TranscriptModel()
        made = TranscriptListView(model, theme)
        model.setParent(made)
        made.resize(700, 500)
        qtbot.addWidget(made)
        made.show()
        qtbot.waitExposed(made)
        model.reset(
            Line(n, n * 6.0, n * 6.0 + 5, LineState.FINAL, text, words(text, n * 6.0))
            for n, text in enumerate(texts)
        )
        return made

    return make


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    made = Background()
    yield made
    assert made.join(5)


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


class WindowDriver:
    """The window, its engine, and shortcuts for common steps."""

    def __init__(self, qtbot: QtBot, application: Application, engine: ScriptedEngine) -> None:
        self.qtbot, self.application, self.engine = qtbot, application, engine
        self.window = application.window
        self.dock, self.page, self.panel = (
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
        self.dock.button.click()
        self.until(lambda: len(self.engine.sessions) > known)
        session = self.engine.sessions[-1]
        session.tell(events.StateChanged(0.1, "listening", "Listening to a script."))
        listening = QCoreApplication.translate("Words", "Listening")
        self.until(lambda: self.dock.state.text().startswith(listening))
        return session

    def say(self, session: ScriptedSession, *finals: events.FinalText) -> None:
        """Emit final texts and wait until all are shown and stored."""
        wanted = self.model.rowCount() + len(finals)
        session.tell(*finals)
        self.until(lambda: self.model.rowCount() == wanted)

    def stop(self) -> None:
        """Press the stop button and wait for the end of the session."""
        self.dock.button.click()
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


@pytest.fixture
def make_studio(
    qtbot: QtBot, qapp: QApplication, engine: ScriptedEngine
) -> Iterator[Callable[..., WindowDriver]]:
    made: list[WindowDriver] = []

    def make(*, is_first_start: bool = False) -> WindowDriver:
        ui_state = QSettings(str(paths.config_dir() / "window.ini"), QSettings.Format.IniFormat)
        if not is_first_start:
            ui_state.setValue("first_start/done", True)
            ui_state.sync()
        qapp.setStyle("Fusion")
        # A scripted desktop: tests must not take keys of the user who runs them.
        studio = WindowDriver(qtbot, Application(qapp, engine, FakePlatform().services), engine)
        made.append(studio)
        # As in the program: it ends while the window is still there.
        qtbot.addWidget(studio.window, before_close_func=lambda _window: studio.end())
        studio.application.begin([])
        qtbot.waitExposed(studio.window)
        return studio

    yield make
    for studio in made:
        assert studio.end()


@pytest.fixture
def make_interrupted(
    make_studio: Callable[[], WindowDriver], engine: ScriptedEngine
) -> Callable[..., WindowDriver]:
    def make(count: int = 1, duration_s: float = 0.0) -> WindowDriver:
        """Open the window after a crash; sessions with a length are recovered at once."""
        began = datetime.now(UTC)
        engine.left = tuple(
            InterruptedSession(Path(f"/left-{n}"), began, duration_s, "") for n in range(count)
        )
        return make_studio()

    return make


@pytest.fixture
def studio(make_studio: Callable[[], WindowDriver]) -> WindowDriver:
    return make_studio()
