"""Any disk operation may fail: nothing partial remains, and nothing is deleted too early."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.faulty_disk import FaultyDisk
from helpers.messages import sentence

from granite_live.audio.journal import Journal, open_for_recovery, open_session_audio, retention
from granite_live.audio.journal.records import read_records
from granite_live.audio.journal.retention import Deletion, DeletionScope, delete_texts
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import GraniteError, OutputError

SOUND = np.random.default_rng(0).integers(-3000, 3000, 40_000, dtype=np.int16)
STEPS = ("open_file", "write", "truncate", "sync", "sync_folder", "rename", "remove")
ERRORS = [errno.ENOSPC, errno.EROFS, errno.EIO]
KNOWN = {"events.jsonl", "lock", "sound.pcm", "sound.flac"}


def error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def record(root: Path, disk: FaultyDisk) -> Journal:
    journal = Journal.create(root, files=disk)
    journal.append(SOUND)
    journal.append_record({"event": "final", "utterance": 1, "text": "kept"})
    return journal


def check_whole(folder: Path) -> None:
    with open_session_audio(folder) as sound:
        assert np.array_equal(sound.read(0, sound.samples), SOUND)
    texts = [one.get("text") for one in read_records(folder / "events.jsonl").records]
    assert texts.count("kept") == 1


def each_call(run: Callable[[FaultyDisk], object]) -> list[tuple[str, int]]:
    """Return every call that `run` makes, as an operation and its number."""
    disk = FaultyDisk()
    run(disk)
    return [(step, number) for step in STEPS for number in range(1, disk.calls[step] + 1)]


@pytest.mark.parametrize("number", ERRORS)
def test_finishing_may_fail_at_any_step(tmp_path: Path, number: int) -> None:
    made = record(tmp_path / "model", counted := FaultyDisk())
    before = counted.calls.copy()
    made.finish()
    calls = [(step, n) for step in STEPS for n in range(1, counted.calls[step] - before[step] + 1)]
    assert len(calls) > 8
    for step, call in calls:
        disk = FaultyDisk()
        with record(tmp_path / f"{step}-{call}", disk) as journal:
            disk.fail(step, call, error(number))
            try:
                journal.finish()
            except GraniteError:
                left = {one.name for one in journal.path.iterdir()}
                assert left <= KNOWN | {"reserve"}, (step, call)
                check_whole(journal.path)
                journal.finish()
        check_whole(journal.path)
        left = {one.name for one in journal.path.iterdir()}
        assert left - {"reserve"} == {"events.jsonl", "lock", "sound.flac"}, (step, call)


@pytest.mark.parametrize("number", ERRORS)
def test_recovery_may_fail_at_any_step(tmp_path: Path, number: int) -> None:
    def recover(folder: Path, disk: FaultyDisk) -> None:
        with open_for_recovery(folder, disk) as recovery:
            recovery.finish()

    def abandoned(name: str) -> Path:
        with record(tmp_path / name, FaultyDisk()) as journal:
            return journal.path

    model = abandoned("model")
    for step, call in each_call(lambda disk: recover(model, disk)):
        folder, disk = abandoned(f"{step}-{call}"), FaultyDisk()
        disk.fail(step, call, error(number))
        try:
            recover(folder, disk)
        except GraniteError:
            check_whole(folder)
            if (folder / "sound.pcm").exists():
                recover(folder, FaultyDisk())
        check_whole(folder)


@pytest.mark.parametrize("number", ERRORS)
def test_forgetting_texts_may_fail_at_any_step(tmp_path: Path, number: int) -> None:
    def finished(name: str) -> Path:
        journal = record(tmp_path / name, FaultyDisk())
        journal.finish()
        return journal.path

    model = finished("model")
    for step, call in each_call(lambda disk: delete_texts(model, disk)):
        folder, disk = finished(f"{step}-{call}"), FaultyDisk()
        disk.fail(step, call, error(number))
        with pytest.raises(OutputError, match=sentence(JournalMessage.TEXTS_NOT_DELETED)):
            delete_texts(folder, disk)
        assert {one.name for one in folder.iterdir()} == {"events.jsonl", "lock", "sound.flac"}
        assert delete_texts(folder, FaultyDisk())
        with open_session_audio(folder) as sound:
            assert np.array_equal(sound.read(0, sound.samples), SOUND)
        records = read_records(folder / "events.jsonl").records
        assert [one["event"] for one in records] == ["journal_opened", "journal_closed"]


@pytest.mark.parametrize("number", ERRORS)
def test_deleting_may_fail_at_any_step(tmp_path: Path, number: int) -> None:
    def finished(name: str) -> Path:
        journal = record(tmp_path / name, FaultyDisk())
        journal.finish()
        return journal.path

    def doomed(folder: Path) -> list[Deletion]:
        return [Deletion(folder, DeletionScope.EVERYTHING)]

    model = finished("model")
    for step, call in each_call(lambda disk: retention.delete(doomed(model), disk)):
        folder, disk = finished(f"{step}-{call}"), FaultyDisk()
        disk.fail(step, call, error(number))
        outcome = retention.delete(doomed(folder), disk)
        assert len(outcome.failures) == 1
        # The texts are deleted last, so that the next run finds the session.
        assert (folder / "events.jsonl").exists() or not any(folder.iterdir())
        assert retention.delete(doomed(folder), FaultyDisk()).done or not any(folder.iterdir()), (
            step,
            call,
        )
