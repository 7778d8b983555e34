"""A recording dropped on the window: written down, found, exported as the command line does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.real_session import demo_model
from helpers.word_errors import normalize_words
from pytestqt.qtbot import QtBot

from granite_live.util.paths import assets_dir

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from granite_live.app.engine import Engine
from granite_live.gui.app import Application
from granite_live.gui.export_dialog import ExportDialog
from granite_live.gui.file_queue.jobs import JobState

SAMPLE = assets_dir() / "samples" / "welcome.flac"
SAID = normalize_words(SAMPLE.with_suffix(".txt").read_text(encoding="utf-8"))
WAIT_MS = 120_000


class WithoutInputs(Engine):
    """The real one, on a computer that nothing can be recorded with."""

    def watch_inputs(self) -> None:
        """Look for nothing."""


class User:
    """Does what a user does, and waits until it is done."""

    def __init__(self, qtbot: QtBot, application: Application) -> None:
        self._qtbot, self.application = qtbot, application
        self.window = application.window

    def until(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    def drop(self, path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        event = QDropEvent(
            QPointF(100, 100),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        self.window.dropEvent(event)
        assert event.isAccepted()

    def search(self, text: str) -> int:
        """Return how many sessions are listed for it."""
        sidebar = self.window.sidebar
        with self._qtbot.waitSignal(sidebar.model.modelReset, timeout=WAIT_MS):
            sidebar.search.setText(text)
        return sidebar.model.rowCount()

    def export(self, path: Path) -> None:
        self.window.actions_by_id["export"].trigger()
        self.until(lambda: self.window.findChildren(ExportDialog))
        (dialog,) = self.window.findChildren(ExportDialog)
        dialog.choose(path.suffix[1:])
        with self._qtbot.waitSignal(dialog.saved, timeout=WAIT_MS):
            dialog.save(path)
        self.until(lambda: not self.window.findChildren(ExportDialog))


@pytest.fixture
def user(qtbot: QtBot, qapp: QApplication) -> User:
    demo_model()
    qapp.setStyle("Fusion")
    application = Application(qapp, WithoutInputs())
    qtbot.addWidget(application.window)
    application.begin([])
    return User(qtbot, application)


def test_a_dropped_recording_is_written_down_found_and_exported(user: User, tmp_path: Path) -> None:
    application = user.application
    user.drop(SAMPLE)
    user.until(lambda: application.queue.jobs and application.queue.jobs[0].is_over)
    assert application.queue.jobs[0].state is JobState.DONE
    model = application.document.model
    user.until(lambda: model.rowCount() == 4)
    shown = normalize_words(" ".join(line.text for line in model.lines))
    right = [word for word in shown if word in SAID]
    assert len(right) >= 0.6 * len(SAID)
    longest = max(right, key=len)
    assert user.search(longest) == 1
    assert user.search("zebra crossing") == 0
    assert user.search("") == 1
    # All formats: tests/gui/test_exporting.py.
    user.export(tmp_path / "welcome.srt")
    user.window.close()
    assert application.end()
    command = ["transcribe", str(SAMPLE), "--format", "srt"]
    done = subprocess.run(
        [sys.executable, "-m", "granite_live", *command],
        capture_output=True,
        text=True,
        timeout=WAIT_MS / 1000,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "welcome.srt").read_text(encoding="utf-8") == done.stdout
