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

from helpers.scripted_engine import ScriptedEngine, words
from helpers.scripted_platform import FakePlatform
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication

from granite_live.app.session_tasks import InterruptedSession
from granite_live.gui.app import Application
from granite_live.gui.background import Background
from granite_live.gui.high_contrast import SystemAppearance, make_theme
from granite_live.gui.style_sheet import apply_theme
from granite_live.gui.theme import Appearance, Theme
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.gui.transcript.view import TranscriptListView
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
        made = TranscriptListView(model)
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


@pytest.fixture
def make_driver(
    qtbot: QtBot, qapp: QApplication, engine: ScriptedEngine
) -> Iterator[Callable[..., WindowDriver]]:
    made: list[WindowDriver] = []

    def make(
        *, is_first_start: bool = False, system: SystemAppearance | None = None
    ) -> WindowDriver:
        ui_state = QSettings(str(paths.config_dir() / "window.ini"), QSettings.Format.IniFormat)
        if not is_first_start:
            ui_state.setValue("first_start/done", True)
            ui_state.sync()
        qapp.setStyle("Fusion")
        # A scripted desktop: tests must not take keys of the user who runs them.
        application = Application(qapp, engine, FakePlatform().services, system)
        driver = WindowDriver(qtbot, application, engine)
        made.append(driver)
        # As in the program: it ends while the window is still there.
        qtbot.addWidget(driver.window, before_close_func=lambda _window: driver.end())
        driver.application.begin([])
        qtbot.waitExposed(driver.window)
        return driver

    yield make
    for driver in made:
        assert driver.end()


@pytest.fixture
def make_interrupted(
    make_driver: Callable[[], WindowDriver], engine: ScriptedEngine
) -> Callable[..., WindowDriver]:
    def make(count: int = 1, duration_s: float = 0.0) -> WindowDriver:
        """Open the window after a crash; sessions with a length are recovered at once."""
        began = datetime.now(UTC)
        engine.left = tuple(
            InterruptedSession(Path(f"/left-{n}"), began, duration_s, "") for n in range(count)
        )
        return make_driver()

    return make


@pytest.fixture
def driver(make_driver: Callable[[], WindowDriver]) -> WindowDriver:
    return make_driver()
