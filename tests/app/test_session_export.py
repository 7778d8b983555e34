"""Several sessions become files in one folder, and no file is lost."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers.scripted_engine import final

from granite_live.app.session_export import export_sessions, file_name
from granite_live.library import Library, NewSession, SavedSession, SourceKind
from granite_live.library.recorder import result_of_event
from granite_live.transcript.export.options import DEFAULT_OPTIONS


def store(*texts: str) -> SavedSession:
    with Library.open() as library:
        session_id = library.create_session(NewSession(datetime.now(UTC), SourceKind.MICROPHONE))
        said = (final(n, n * 5.0, text) for n, text in enumerate(texts, start=1))
        library.put_utterances(session_id, map(result_of_event, said))
        return library.session(session_id)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "exported"
    made.mkdir()
    return made


def test_each_session_becomes_a_file_and_none_is_replaced(folder: Path) -> None:
    (folder / "Meeting.txt").write_text("mine", encoding="utf-8")
    sessions = [(store("first"), "Meeting"), (store("second"), "Meeting"), (store("third"), "Talk")]
    progress: list[int] = []
    summary = export_sessions(sessions, folder, "txt", DEFAULT_OPTIONS, on_progress=progress.append)
    names = ["Meeting (2).txt", "Meeting (3).txt", "Talk.txt"]
    assert summary.written == tuple(folder / name for name in names)
    assert [path.read_text(encoding="utf-8").strip() for path in summary.written] == [
        "first",
        "second",
        "third",
    ]
    assert (folder / "Meeting.txt").read_text(encoding="utf-8") == "mine"
    assert progress == [1, 2, 3]
    assert not summary.failed


def test_a_session_without_text_has_no_file(folder: Path) -> None:
    summary = export_sessions([(store(), "Empty")], folder, "md", DEFAULT_OPTIONS)
    assert summary.empty == 1
    assert not list(folder.iterdir())


def test_canceled_it_keeps_what_is_written(folder: Path) -> None:
    sessions = [(store("first"), "A"), (store("second"), "B")]
    done: list[int] = []
    summary = export_sessions(
        sessions,
        folder,
        "docx",
        DEFAULT_OPTIONS,
        on_progress=done.append,
        is_canceled=lambda: bool(done),
    )
    assert summary.is_canceled
    assert [path.name for path in folder.iterdir()] == ["A.docx"]


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may write into any folder"
)
def test_a_folder_without_permission_is_told(folder: Path) -> None:
    folder.chmod(0o500)
    try:
        summary = export_sessions([(store("first"), "A")], folder, "txt", DEFAULT_OPTIONS)
    finally:
        folder.chmod(0o700)
    assert "A.txt" in summary.failed[0]
    assert not summary.written


def test_a_folder_that_has_gone_is_told_and_leaves_nothing(folder: Path) -> None:
    folder.rmdir()
    summary = export_sessions([(store("first"), "A")], folder, "txt", DEFAULT_OPTIONS)
    assert len(summary.failed) == 1
    assert str(folder) in summary.failed[0]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A/B: what?", "A-B- what-"),
        (" … ", "transcript"),
        ("x" * 300, "x" * 80),
        ("漢" * 100, "漢" * 66),
    ],
)
def test_titles_become_names_that_every_system_accepts(title: str, name: str) -> None:
    assert file_name(title) == name
