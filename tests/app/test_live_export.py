"""The text file that follows a session, from any moment to any moment."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

import pytest
from helpers.messages import shows

from granite_live.app.listeners import LiveExport
from granite_live.messages.settings import OutputMessage
from granite_live.session import events


def final(number: int, text: str) -> events.FinalText:
    return events.FinalText(0.0, number, number * 6.0, number * 6.0 + 4.0, text, (), 1.0, text)


@pytest.fixture
def troubles() -> queue.SimpleQueue[str]:
    return queue.SimpleQueue()


@pytest.fixture
def export(troubles: queue.SimpleQueue[str]) -> LiveExport:
    return LiveExport(troubles.put)


def test_what_was_said_before_it_began_is_written_too(export: LiveExport, tmp_path: Path) -> None:
    path = tmp_path / "captions.txt"
    export(events.ProvisionalText(0.0, 1, 6.0, 10.0, "won", ()))
    export(final(1, "one"))
    export(events.DraftText(0.0, 2, 12.0, "tw", 0))
    export.start(path, 0)
    export(final(2, "two"))
    assert export.stop()
    assert path.read_text() == "one\ntwo\n"


def test_another_file_takes_over_and_the_first_stays_as_it_was(
    export: LiveExport, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    export.start(first, 0)
    export(final(1, "one"))
    export.start(second, 1)
    export(final(2, "two"))
    assert export.stop()
    assert first.read_text() == "one\n"
    assert second.read_text() == "two\n"


def test_after_its_end_nothing_is_written_and_no_thread_is_left(
    export: LiveExport, tmp_path: Path
) -> None:
    before = threading.active_count()
    path = tmp_path / "captions.txt"
    export.start(path, 0)
    export(final(1, "one"))
    assert export.stop()
    export(final(2, "two"))
    assert export.stop()
    assert path.read_text() == "one\n"
    assert threading.active_count() == before


def test_trouble_is_told_in_a_sentence(
    export: LiveExport, troubles: queue.SimpleQueue[str], tmp_path: Path
) -> None:
    export.start(tmp_path / "missing" / "captions.txt", 0)
    assert shows(troubles.get(timeout=10), OutputMessage.FOLDER_MISSING)
    assert export.stop()


def test_beginning_from_two_threads_leaves_one_file_open(
    export: LiveExport, tmp_path: Path
) -> None:
    before = threading.active_count()
    threads = [
        threading.Thread(target=export.start, args=(tmp_path / f"{n}.txt", 0)) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert threading.active_count() == before + 1
    assert export.stop()
    assert threading.active_count() == before
