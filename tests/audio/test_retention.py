"""Sessions are deleted by the setting, and never before they are finished."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from granite_live.audio.journal import Journal, filesystem, find_unfinished, retention
from granite_live.audio.journal.retention import (
    Deletion,
    DeletionScope,
    StoredSession,
    apply_retention,
    delete,
    select_deletions,
    stored_sessions,
)
from granite_live.settings import Keep, Retention

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAYS = Retention(Keep.DAYS, days=7)
TEXT = Retention(Keep.TEXT)


def stored(name: str, *, days_ago: float, sound: bool = True, done: bool = True) -> StoredSession:
    return StoredSession(Path(name), NOW - timedelta(days=days_ago), sound, done)


SESSIONS = [
    stored("old", days_ago=7.01),
    stored("textual", days_ago=8, sound=False),
    stored("crashed", days_ago=400, done=False),
    stored("edge", days_ago=7),
    stored("new", days_ago=0.1),
    stored("future", days_ago=-3),
]


def test_nothing_goes_when_all_is_kept() -> None:
    assert select_deletions(SESSIONS, Retention(), NOW) == ()


def test_text_only_takes_the_sound_of_finished_sessions() -> None:
    chosen = [Path(name) for name in ("old", "edge", "new", "future")]
    assert select_deletions(SESSIONS, TEXT, NOW) == tuple(
        Deletion(path, DeletionScope.AUDIO) for path in chosen
    )


def test_days_take_everything_that_ended_before() -> None:
    chosen = [Path("old"), Path("textual")]
    assert select_deletions(SESSIONS, DAYS, NOW) == tuple(
        Deletion(path, DeletionScope.EVERYTHING) for path in chosen
    )


def test_what_was_decided_for_a_session_counts_more_than_the_setting() -> None:
    kept, text, week = (
        replace(stored(name, days_ago=30), keep=keep)
        for name, keep in (("kept", Retention()), ("text", TEXT), ("week", DAYS))
    )
    assert select_deletions([kept, text, week], Retention(), NOW) == (
        Deletion(Path("text"), DeletionScope.AUDIO),
        Deletion(Path("week"), DeletionScope.EVERYTHING),
    )
    assert select_deletions([kept], DAYS, NOW) == select_deletions([kept], TEXT, NOW) == ()


def record(root: Path, *, finish: bool = True, keep: str | None = None) -> Path:
    with Journal.create(root, keep=keep) as journal:
        journal.append(np.ones(1_000, dtype=np.int16))
        if finish:
            journal.finish()
    return journal.path


def test_sound_goes_and_the_texts_stay(tmp_path: Path) -> None:
    path = record(tmp_path)
    (session,) = stored_sessions(tmp_path)
    assert (session.path, session.has_sound, session.is_finished) == (path, True, True)
    texts = (path / "events.jsonl").read_bytes()
    outcome = delete(select_deletions([session], TEXT, NOW))
    assert outcome.done == (Deletion(path, DeletionScope.AUDIO),)
    assert not (path / "sound.flac").exists()
    assert (path / "events.jsonl").read_bytes() == texts
    assert select_deletions(stored_sessions(tmp_path), TEXT, NOW) == ()


def test_old_sessions_go_whole_and_young_ones_stay(tmp_path: Path) -> None:
    old, young = record(tmp_path), record(tmp_path)
    year_ago_s = (NOW - timedelta(days=365)).timestamp()
    os.utime(old / "events.jsonl", (year_ago_s, year_ago_s))
    os.utime(young / "events.jsonl", (NOW.timestamp(), NOW.timestamp()))
    outcome = delete(select_deletions(stored_sessions(tmp_path), DAYS, NOW))
    assert outcome.failures == ()
    assert list(tmp_path.iterdir()) == [young]
    assert (young / "sound.flac").exists()


def test_an_unfinished_or_running_session_is_never_touched(tmp_path: Path) -> None:
    crashed = record(tmp_path, finish=False)
    with Journal.create(tmp_path) as running:
        running.append(np.ones(10, dtype=np.int16))
        sessions = stored_sessions(tmp_path)
        assert [session.is_finished for session in sessions] == [False, False]
        # Even after a decision that was based on an earlier state of the disk.
        chosen = [Deletion(path, DeletionScope.EVERYTHING) for path in (crashed, running.path)]
        assert delete(chosen) == retention.DeletionResult((), ())
        assert (running.path / "sound.pcm").exists()
    assert [found.path for found in find_unfinished(tmp_path)] == [crashed, running.path]


def test_what_others_put_there_stays_and_is_told(tmp_path: Path) -> None:
    path = record(tmp_path)
    (path / "minutes.docx").write_text("mine")
    outcome = delete([Deletion(path, DeletionScope.EVERYTHING)])
    assert outcome.done == ()
    assert "cannot be deleted" in outcome.failures[0]
    assert str(path) in outcome.failures[0]
    assert [entry.name for entry in path.iterdir()] == ["minutes.docx"]


def test_an_interrupted_deletion_is_completed_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = record(tmp_path)
    chosen = [Deletion(path, DeletionScope.EVERYTHING)]

    def refuse(target: Path) -> None:
        if target.name == "events.jsonl":
            raise PermissionError(13, "Permission denied")
        target.unlink(missing_ok=True)

    monkeypatch.setattr(filesystem, "remove", refuse)
    assert "permission denied" in delete(chosen).failures[0]
    monkeypatch.undo()
    (left,) = stored_sessions(tmp_path)
    assert (left.has_sound, left.is_finished) == (False, True)
    assert delete(chosen).done == tuple(chosen)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("keep", ["all", "text", "7-days", None])
def test_a_session_remembers_what_was_decided_for_it(tmp_path: Path, keep: str | None) -> None:
    record(tmp_path, keep=keep)
    (session,) = stored_sessions(tmp_path)
    assert session.keep == (None if keep is None else Retention.parse(keep))


def test_a_wish_that_is_not_understood_keeps_the_session(tmp_path: Path) -> None:
    path = record(tmp_path, keep="until the moon is blue")
    assert apply_retention(tmp_path, TEXT).done == ()
    assert (path / "sound.flac").exists()


def test_tidying_goes_by_the_date_of_today(tmp_path: Path) -> None:
    old, young, text = record(tmp_path), record(tmp_path), record(tmp_path, keep="text")
    eight_days_ago_s = (datetime.now(UTC) - timedelta(days=8)).timestamp()
    os.utime(old / "events.jsonl", (eight_days_ago_s, eight_days_ago_s))
    outcome = apply_retention(tmp_path, DAYS)
    assert outcome.done == (
        Deletion(old, DeletionScope.EVERYTHING),
        Deletion(text, DeletionScope.AUDIO),
    )
    assert sorted(path.name for path in young.iterdir()) == ["events.jsonl", "lock", "sound.flac"]
    assert sorted(path.name for path in text.iterdir()) == ["events.jsonl", "lock"]
    assert not old.exists()
    assert apply_retention(tmp_path / "nowhere", DAYS).done == ()
