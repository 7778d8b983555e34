"""The disk is full while somebody speaks: real journal, real worker process, fake model."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes_session import RATE, Studio, said
from faulty_disk import FaultyDisk

from granite_live.audio.journal import Journal, SoundReader
from granite_live.live import events
from granite_live.live.messages import ModelSpec

# Three utterances of a minute each, more than the session keeps in memory for the recognizer.
SPEECH = np.concatenate([said(range(first, first + 120), pause=RATE) for first in (200, 400, 600)])


def played(root: Path, journal: Journal, fill: object, free: object) -> list[events.Final]:
    """Play all of SPEECH to a worker that begins late; the disk is full in between.

    The disk fills up after half a minute, and has room again when all texts are there.
    """
    os.mkfifo(root / "gate")
    model = ModelSpec(str(root), provider="gated")
    s = Studio(root, "load_named", journal=journal, read_journal=journal.read, model=model)
    s.session.start()
    half_a_minute = 30 * RATE
    s.source.play(SPEECH[:half_a_minute])
    fill()
    s.source.play(SPEECH[half_a_minute:])
    (root / "gate").write_text("go")
    for number in (1, 2, 3):
        s.until(events.Final, utterance=number)
    free()
    s.end()
    assert s.told[-1].samples_lost == 0
    return s.all(events.Final)


def texts(root: Path, **arguments: object) -> list[str]:
    root.mkdir()
    fill = arguments.pop("fill", lambda: None)
    free = arguments.pop("free", lambda: None)
    journal = Journal.create(root / "sessions", **arguments)
    found = played(root, journal, fill, free)
    assert not (journal.path / "sound.pcm").exists(), "it is packed"
    return [final.text for final in found]


def test_three_minutes_of_a_full_disk_change_no_text(tmp_path: Path) -> None:
    expected = texts(tmp_path / "whole")
    assert [len(text.split()) for text in expected] == [120, 120, 120]
    disk = FaultyDisk()

    def fill() -> None:
        disk.room = 1_001  # a part of a sample, too

    def free() -> None:
        assert disk.room == 0, "it was full"
        disk.room = None

    assert texts(tmp_path / "full", files=disk, fill=fill, free=free) == expected


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1.5 MB, by the kernel's own hands."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root on Linux can mount a small file system")
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"this system does not let root mount: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_really_full_disk_changes_no_text(small_disk: Path, tmp_path: Path) -> None:
    expected = texts(tmp_path / "whole")

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
        with SoundReader.open(journal.path / "sound.pcm") as file:
            assert file.samples == 22_000
        assert np.array_equal(journal.read(0, 30_000), sound[:30_000])
        assert np.array_equal(journal.read(21_999, 22_002), sound[21_999:22_002])
        disk.room = None
        journal.append(sound[30_000:])
        assert np.array_equal(journal.read(0, 40_000), sound)
