"""The window with a scripted engine behind it, on a screen that nobody sees."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication
from scripted_engine import ScriptedEngine, ScriptedSession

from granite_live.gui.app import Application
from granite_live.gui.background import Background
from granite_live.gui.style import dress, make_theme
from granite_live.gui.theme import Appearance, Theme
from granite_live.live import events


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    # What is not told to end is not waited for: that is the test's fault, or the window's.
    left = [one for one in set(threading.enumerate()) - before if not _ends(one)]
    assert not left


def _ends(thread: threading.Thread) -> bool:
    thread.join(5)
    return not thread.is_alive()


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    qapp.setStyle("Fusion")
    made = make_theme(Appearance.LIGHT, has_motion=False)
    dress(qapp, made)
    return made


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    made = Background()
    yield made
    assert made.join(5)


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


class Studio:
    """The window, its engine, and shortcuts to what tests do all the time."""

    def __init__(self, qtbot: QtBot, application: Application, engine: ScriptedEngine) -> None:
        self.qtbot, self.application, self.engine = qtbot, application, engine
        self.window = application.window
        self.dock, self.page, self.panel = self.window.dock, self.window.page, self.window.panel
        self.sidebar, self.model = self.window.sidebar, application.document.model
        self.is_over = False

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition, with events going on."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=10_000)

    def start(self) -> ScriptedSession:
        """Press the big button; return the session that listens."""
        known = len(self.engine.sessions)
        self.dock.button.click()
        self.until(lambda: len(self.engine.sessions) > known)
        session = self.engine.sessions[-1]
        session.tell(events.State(0.1, "listening", "Listening to a script."))
        self.until(lambda: self.dock.state.text().startswith("Listening"))
        return session

    def say(self, session: ScriptedSession, *finals: events.Final) -> None:
        """Let the session tell finals, and wait until all are shown and stored."""
        wanted = self.model.rowCount() + len(finals)
        session.tell(*finals)
        self.until(lambda: self.model.rowCount() == wanted)

    def texts(self) -> list[str]:
        """Return what the transcript shows."""
        return [line.text for line in self.model.lines]

    def end(self) -> bool:
        """End the program, once."""
        if not self.is_over:
            self.is_over = True
            return self.application.end()
        return True


@pytest.fixture
def make_studio(
    qtbot: QtBot, qapp: QApplication, engine: ScriptedEngine
) -> Iterator[Callable[[], Studio]]:
    made: list[Studio] = []

    def make() -> Studio:
        qapp.setStyle("Fusion")
        studio = Studio(qtbot, Application(qapp, engine), engine)
        made.append(studio)
        qtbot.addWidget(studio.window)
        studio.application.begin([])
        qtbot.waitExposed(studio.window)
        return studio

    yield make
    for studio in made:
        assert studio.end()


@pytest.fixture
def studio(make_studio: Callable[[], Studio]) -> Studio:
    return make_studio()
