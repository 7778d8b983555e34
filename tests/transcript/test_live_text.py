"""The text file that follows a session."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.model_fakes import make_words
from hypothesis import given
from hypothesis import strategies as st

from granite_live.app import listeners
from granite_live.app.listeners import LiveTextWriter
from granite_live.messages.settings import OutputMessage
from granite_live.session import events
from granite_live.util.errors import OutputError
from granite_live.util.files import write_output

WAIT_S = 10.0


def final(number: int, text: str) -> events.FinalText:
    return events.FinalText(0.0, number, 0.0, 1.0, text, make_words(text, 0.0, 1.0), 0.9, "")


def provisional(number: int, text: str) -> events.ProvisionalText:
    return events.ProvisionalText(0.0, number, 0.0, 1.0, text, ())


def written(path: Path, told: list[events.SessionEvent], lines: int = 0) -> str:
    text = LiveTextWriter(path, lines)
    for event in told:
        text(event)
    assert text.close()
    return path.read_text(encoding="utf-8")


def test_all_lines_in_the_order_of_speech(tmp_path: Path) -> None:
    told = [
        provisional(2, "grey"),
        final(1, "Hëllo\n there."),
        events.DraftText(0.0, 3, 2.0, "not yet", 0),
        final(2, "black"),
        final(3, ""),
    ]
    assert written(tmp_path / "now.txt", told) == "Hëllo there.\nblack\n"
    assert [path.name for path in tmp_path.iterdir()] == ["now.txt"]


def test_it_begins_empty_and_ends_with_the_last_lines(tmp_path: Path) -> None:
    path = tmp_path / "now.txt"
    path.write_text("of yesterday")
    assert written(path, []) == ""
    assert written(path, [final(n, f"line {n}") for n in range(1, 600)], lines=2) == (
        "line 598\nline 599\n"
    )


def test_a_slow_disk_keeps_nobody_waiting_and_gets_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, free = threading.Event(), threading.Event()
    contents: list[str] = []

    def slowly(path: Path, content: str, *, durable: bool) -> None:
        begun.set()
        assert free.wait(WAIT_S)
        contents.append(content)
        write_output(path, content, durable=durable)

    monkeypatch.setattr(listeners, "write_output", slowly)
    text = LiveTextWriter(tmp_path / "now.txt", 1)
    assert begun.wait(WAIT_S)
    for number in range(1, 100):
        text(final(number, f"line {number}"))
    free.set()
    assert text.close()
    assert contents == ["", "line 99\n"]


def test_trouble_is_told_once_until_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: queue.SimpleQueue[str] = queue.SimpleQueue()
    told: list[str] = []

    def tried(path: Path, content: str, *, durable: bool) -> None:
        try:
            write_output(path, content, durable=durable)
        finally:
            tries.put(content)

    monkeypatch.setattr(listeners, "write_output", tried)
    path = tmp_path / "folder" / "now.txt"
    text = LiveTextWriter(path, 0, told.append)
    assert tries.get(timeout=WAIT_S) == ""
    text(final(1, "one"))
    assert tries.get(timeout=WAIT_S) == "one\n"
    path.parent.mkdir()
    text(final(2, "two"))
    assert tries.get(timeout=WAIT_S) == "one\ntwo\n"
    path.unlink()
    path.parent.rmdir()
    text(final(3, "three"))
    assert tries.get(timeout=WAIT_S).endswith("three\n")
    assert text.close()
    assert len(told) == 2
    for sentence in told:
        assert shows(sentence, OutputMessage.FOLDER_MISSING)


def test_a_file_that_need_not_be_durable_is_written_whole_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", synced.append)
    write_output(tmp_path / "a", "text", durable=False)
    assert synced == []
    write_output(tmp_path / "a", b"\x00bytes")
    assert len(synced) == 1
    assert (tmp_path / "a").read_bytes() == b"\x00bytes"
    with pytest.raises(OutputError):
        write_output(tmp_path, "text", durable=False)


@given(st.lists(st.tuples(st.integers(1, 5), st.text(max_size=5))), st.integers(0, 3))
def test_it_holds_the_newest_text_of_each_utterance(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[int, str]], lines: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "property.txt"
    newest = {number: " ".join(text.split()) for number, text in told}
    said = [newest[number] for number in sorted(newest) if newest[number]]
    found = written(path, [final(*one) for one in told], lines)
    expected = "".join(f"{text}\n" for text in said[-lines:] if text)
    assert found == expected.encode("utf-8", errors="backslashreplace").decode()
