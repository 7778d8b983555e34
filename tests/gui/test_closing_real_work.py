"""Closing with the real engine, the demo model and real processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers.real_session import demo_model
from helpers.worker_processes import workers_of
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from granite_live.app.engine import Engine
from granite_live.app.library_sync import sync_library
from granite_live.audio.files import open_audio
from granite_live.audio.journal import Journal, closed_record, find_unfinished
from granite_live.gui.app import Application
from granite_live.gui.file_queue.jobs import JobState
from granite_live.library import Library, SessionState
from granite_live.session import events
from granite_live.util.pcm import to_int16

WELCOME = Path(__file__).parents[2] / "assets" / "samples" / "welcome.flac"
WAIT_MS = 120_000


class WithoutInputs(Engine):
    """The real engine on a computer without inputs."""

    def watch_inputs(self) -> None:
        """Do nothing."""


@pytest.fixture
def make_window(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[[], Application]]:
    demo_model()
    made: list[Application] = []

    def make() -> Application:
        qapp.setStyle("Fusion")
        application = Application(qapp, WithoutInputs())
        made.append(application)
        qtbot.addWidget(application.window)
        application.begin([])
        # The startup jobs in the background end before anything else is requested.
        qtbot.waitUntil(lambda: application.background.join(0), timeout=WAIT_MS)
        return application

    yield make
    assert made


def close(application: Application) -> None:
    """Close within the program's own limit and assert that nothing is left."""
    application.window.close()
    began_s = time.monotonic()
    assert application.end()
    assert time.monotonic() - began_s < 2.5
    assert workers_of() == []


def recorded(*, is_finished: bool) -> str:
    """Store a session of four utterances, with texts if finished; return its name."""
    journal = Journal.create()
    with open_audio(WELCOME) as file:
        for block in file.blocks(journal.sample_rate_hz):
            journal.append(to_int16(block))
    for number in range(4):
        bounds_s = number * 4.5, number * 4.5 + 4.0
        journal.append_record(
            closed_record(number + 1, *(round(16_000 * at_s) for at_s in bounds_s))
        )
        if is_finished:
            final = events.FinalText(0.0, number + 1, *bounds_s, f"old {number}", (), 0.5, "")
            journal.append_record(events.to_json(final))
    if is_finished:
        journal.finish()
    else:
        journal.close()
    return journal.path.name


def test_while_a_file_is_written_down(make_window: Callable[[], Application], qtbot: QtBot) -> None:
    application = make_window()
    application.queue.add_files([WELCOME])
    qtbot.waitUntil(lambda: application.document.model.rowCount() > 0, timeout=WAIT_MS)
    shown = [line.text for line in application.document.model.lines]
    close(application)
    with Library.open() as library:
        (session,) = library.sessions()
        texts = [line.text for line in library.utterances(session.id)]
    assert texts[: len(shown)] == shown
    if session.state is SessionState.INTERRUPTED:
        assert [one.path.name for one in find_unfinished()] == [session.journal]


def test_while_a_session_is_transcribed_again(
    make_window: Callable[[], Application], qtbot: QtBot
) -> None:
    recorded(is_finished=True)
    with Library.open() as library:
        sync_library(library)
        (session,) = library.sessions()
    application = make_window()
    application.window.sidebar.retranscribe_requested.emit(session)
    qtbot.waitUntil(lambda: bool(application.queue.jobs), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: bool(workers_of()), timeout=WAIT_MS)
    close(application)
    with Library.open() as library:
        assert [one.id for one in library.sessions()] == [session.id]
        assert [line.text for line in library.utterances(session.id)] == [
            f"old {number}" for number in range(4)
        ]


def test_while_a_session_is_recovered(make_window: Callable[[], Application], qtbot: QtBot) -> None:
    name = recorded(is_finished=False)
    application = make_window()
    notices = application.window.session_view.notices
    qtbot.waitUntil(notices.action.isVisible, timeout=WAIT_MS)
    notices.action.click()
    qtbot.waitUntil(lambda: bool(workers_of()), timeout=WAIT_MS)
    assert application.queue.jobs[0].state is JobState.RUNNING
    close(application)
    assert [one.path.name for one in find_unfinished()] == [name]


@pytest.mark.soak
def test_a_file_becomes_a_session_and_is_heard_again(
    make_window: Callable[[], Application], qtbot: QtBot
) -> None:
    application = make_window()
    queue = application.queue
    queue.add_files([WELCOME])
    qtbot.waitUntil(lambda: queue.jobs[0].state is JobState.DONE, timeout=WAIT_MS)
    heard = queue.jobs[0]
    first = [line.text for line in application.document.model.lines]
    assert "window" in first[0]
    assert application.background.join(WAIT_MS / 1000)
    application.document.editing.edit(0, "what was really said")
    model = application.document.model
    qtbot.waitUntil(lambda: model.line(0).text == "what was really said", timeout=WAIT_MS)
    with Library.open() as library:
        (session,) = library.sessions()
    application.window.sidebar.retranscribe_requested.emit(session)
    # A batch that is done gives its place to the next one.
    qtbot.waitUntil(lambda: queue.jobs[-1] is not heard, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: queue.jobs[-1].state is JobState.DONE, timeout=WAIT_MS)
    qtbot.waitUntil(
        lambda: application.document.session_id == queue.jobs[-1].session_id, timeout=WAIT_MS
    )
    qtbot.waitUntil(application.document.editing.stack.canUndo, timeout=WAIT_MS)
    assert model.line(0).text == "what was really said"
    assert model.line(0).machine_text == first[0]
    assert [line.text for line in model.lines][1:] == first[1:]
    close(application)
