"""The disk is full during a session: real journal, real worker process, fake model."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from helpers.faulty_disk import FaultyDisk, full
from helpers.messages import shows
from helpers.session_fakes import RATE, FakeSession, said
from helpers.small_disk import mounted

from granite_live.audio.journal import Journal, open_for_recovery
from granite_live.audio.journal.disk_state import DiskState
from granite_live.audio.journal.records import read_records
from granite_live.audio.journal.sound import PcmReader
from granite_live.messages.journal import JournalMessage
from granite_live.messages.session import SessionMessage
from granite_live.session import events
from granite_live.session.messages import ModelSpec

# Three utterances of a minute each, longer than the audio cache.
SPEECH = np.concatenate([said(range(first, first + 120), pause=RATE) for first in (200, 400, 600)])


def played(root: Path, journal: Journal, fill: object, free: object) -> list[events.FinalText]:
    """Play all of SPEECH to a worker that starts late; the disk is full in between.

    The disk fills up after half a minute, and has space again when all texts exist.
    """
    os.mkfifo(root / "gate")
    model = ModelSpec(str(root), provider="gated")
    s = FakeSession(root, "load_named", journal=journal, read_older=journal.read, model=model)
    s.session.start()
    half_a_minute = 30 * RATE
    s.source.play(SPEECH[:half_a_minute])
    fill()
    s.source.play(SPEECH[half_a_minute:])
    (root / "gate").write_text("go")
    for number in (1, 2, 3):
        s.until(events.FinalText, utterance=number)
    free()
    s.end()
    assert s.events[-1].samples_lost == 0
    return s.all(events.FinalText)


def texts(root: Path, **arguments: object) -> list[str]:
    root.mkdir()
    fill = arguments.pop("fill", lambda: None)
    free = arguments.pop("free", lambda: None)
    journal = Journal.create(root / "sessions", **arguments)
    found = played(root, journal, fill, free)
    assert not (journal.path / "sound.pcm").exists(), "it is packed"
    return [final.text for final in found]


@pytest.mark.soak
def test_three_minutes_of_a_full_disk_change_no_text(tmp_path: Path) -> None:
    expected = texts(tmp_path / "whole")
    assert [len(text.split()) for text in expected] == [120, 120, 120]
    disk = FaultyDisk()

    def fill() -> None:
        disk.room = 1_001  # cuts a sample, too

    def free() -> None:
        assert disk.room == 0, "it was full"
        disk.room = None

    assert texts(tmp_path / "full", files=disk, fill=fill, free=free) == expected


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1.5 MB, mounted by the kernel."""
    with mounted(tmp_path / "small", "1500k") as place:
        yield place


def test_a_really_full_disk_changes_no_text(small_disk: Path) -> None:
    expected = [
        " ".join(f"gated:w{word}" for word in range(first, first + 120))
        for first in (200, 400, 600)
    ]

    def free() -> None:
        subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)

    assert texts(small_disk / "full", free=free) == expected


def test_a_journal_gives_what_it_could_not_write_yet(tmp_path: Path) -> None:
    disk = FaultyDisk()
    sound = np.random.default_rng(0).integers(-32768, 32768, 40_000, dtype=np.int16)
    with Journal.create(tmp_path, files=disk) as journal:
        journal.append(sound[:20_000])
        disk.room = 4_001
        journal.append(sound[20_000:30_000])
        with PcmReader.open(journal.path / "sound.pcm") as file:
            assert file.samples == 22_000
        assert np.array_equal(journal.read(0, 30_000), sound[:30_000])
        assert np.array_equal(journal.read(21_999, 22_002), sound[21_999:22_002])
        disk.room = None
        journal.append(sound[30_000:])
        assert np.array_equal(journal.read(0, 40_000), sound)


def records(journal: Journal) -> list[dict[str, object]]:
    return list(read_records(journal.path / "events.jsonl").records)


def test_a_session_that_ends_on_a_full_disk_says_what_is_lost_and_keeps_the_texts(
    tmp_path: Path,
) -> None:
    disk = FaultyDisk()
    journal = Journal.create(tmp_path / "sessions", files=disk)
    s = FakeSession(tmp_path, journal=journal, read_older=journal.read)
    s.session.start()
    s.source.play(said([200]))
    s.until(events.FinalText, utterance=1)
    disk.room = 0  # except for the space reserved for texts
    for number in range(2, 40):
        s.source.play(said([number + 200], length=2 * RATE))
        s.until(events.FinalText, utterance=number)
    trouble = s.all(events.DiskChanged)[0]
    assert trouble.folder == str(journal.path)
    assert trouble.needed_bytes >= 20_000_000
    needed_mb = trouble.needed_bytes // 1_000_000
    assert shows(trouble.detail, JournalMessage.DISK_FULL_KEPT_IN_MEMORY, needed_mb=needed_mb)
    s.end()
    closed = s.events[-1]
    start = len(said([200]))
    (lost,) = closed.lost
    assert (lost.reason, lost.end_s) == ("disk", closed.samples_received / RATE)
    # The remaining space at the end is used for audio.
    assert start <= lost.start_s * RATE <= start + (1 << 19)
    assert closed.samples_lost == round((lost.end_s - lost.start_s) * RATE)
    assert (closed.failed, closed.texts_lost, closed.needs_recovery) == (0, 0, True)
    assert shows(closed.detail, SessionMessage.LOST_DISK, start_s=lost.start_s, end_s=lost.end_s)
    assert shows(closed.detail, JournalMessage.LAST_PART_NOT_WRITTEN)
    assert [one["text"] for one in records(journal) if one["event"] == "final"] == [
        "W200",
        *(f"W{number + 200}" for number in range(2, 40)),
    ]
    assert records(journal)[-1] == {
        "event": "sound_lost",
        "start_sample": round(lost.start_s * RATE),
        "end_sample": closed.samples_received,
    }
    assert sorted(one.name for one in journal.path.iterdir()) == [
        "events.jsonl",
        "lock",
        "sound.pcm",
    ]
    # The session can be finished as soon as there is space.
    disk.room = None
    with open_for_recovery(journal.path) as left:
        assert left.sound.samples == round(lost.start_s * RATE)
        assert left.missing == ()
        assert left.finish() is not None


def test_texts_that_no_room_was_kept_for_are_counted(tmp_path: Path) -> None:
    disk = FaultyDisk()
    disk.fail("allocate", 1, full())
    journal = Journal.create(tmp_path / "sessions", files=disk)
    s = FakeSession(tmp_path, journal=journal, read_older=journal.read)
    s.session.start()
    disk.room = 0
    s.source.play(said([200]))
    s.until(events.FinalText, utterance=1)
    s.end()
    closed = s.events[-1]
    assert (closed.texts_lost, closed.samples_lost) == (1, len(said([200])))
    assert shows(closed.detail, SessionMessage.TEXTS_LOST, count="1")


def test_trouble_that_lasts_is_told_again_and_what_waited_is_written(tmp_path: Path) -> None:
    disk = FaultyDisk()
    told = []
    with Journal.create(tmp_path, files=disk) as journal:
        disk.room = 0
        second = np.ones(RATE, np.int16)
        for _ in range(150):
            news = journal.append(second)
            if news is not None:
                told.append(round(news.unwritten_s))
        assert told == [1, 61, 121]
        disk.room = None
        news = journal.append(second)
        assert news is not None
        assert (news.state, news.needed_bytes) == (DiskState.WRITING, 0)


def test_a_disk_that_is_broken_is_not_called_full(tmp_path: Path) -> None:
    disk = FaultyDisk()
    with Journal.create(tmp_path, files=disk) as journal:
        disk.fail("write", 1, OSError(errno.EIO, os.strerror(errno.EIO)))
        news = journal.append(np.ones(RATE, np.int16))
        assert news is not None
        assert news.needed_bytes == 0
        assert shows(news.detail, JournalMessage.UNWRITABLE_KEPT_IN_MEMORY)
