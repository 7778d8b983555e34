"""A session's journal: samples are restored exactly, privately, and end as FLAC."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence, shows

from granite_live.audio.files import open_audio
from granite_live.audio.journal import (
    Journal,
    find_unfinished,
    open_for_recovery,
    sessions_dir,
    to_int16,
)
from granite_live.audio.journal.records import read_records
from granite_live.audio.journal.sound import PcmReader
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError, OutputError

START = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def noise(samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-32768, 32768, samples, dtype=np.int16)


def flac_samples(path: Path) -> np.ndarray:
    with open_audio(path) as file:
        blocks = [to_int16(block) for block in file.blocks(16_000)]
    return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.int16)


@pytest.fixture
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_what_was_appended_is_in_the_file_when_append_returns(tmp_path: Path) -> None:
    sound = noise(16_000 * 3 + 5)
    with Journal.create(tmp_path) as journal:
        at = 0
        for size in (1, 480, 7, 16_000, 20_000, 11_517):
            assert journal.append(sound[at : at + size]) is None
            at += size
            # Not through Python's objects, but as another process sees it.
            with PcmReader.open(journal.path / "sound.pcm") as reader:
                assert np.array_equal(reader.read(0, reader.samples), sound[:at])
        assert journal.samples == at == len(sound)
        assert journal.unwritten_s == journal.lost_s == 0.0


def test_finish_leaves_the_same_samples_as_flac_and_nothing_else(tmp_path: Path) -> None:
    sound = noise(16_000 * 7 + 123)
    with Journal.create(tmp_path, started=START) as journal:
        for block in np.array_split(sound, 50):
            journal.append(block)
        journal.append_record({"event": "final", "utterance": 0, "text": "Grüße, 東京\u2028!"})
        flac = journal.finish()
        assert journal.finish() == flac
    assert flac == journal.path / "sound.flac"
    assert np.array_equal(flac_samples(flac), sound)
    assert sorted(entry.name for entry in journal.path.iterdir()) == [
        "events.jsonl",
        "lock",
        "sound.flac",
    ]
    events = read_records(journal.path / "events.jsonl").records
    assert [event["event"] for event in events] == ["journal_opened", "final", "journal_closed"]
    assert events[1]["text"] == "Grüße, 東京\u2028!"
    assert find_unfinished(tmp_path) == []


def test_a_session_may_end_at_once_and_become_flac_later(tmp_path: Path) -> None:
    sound = noise(40_000)
    with Journal.create(tmp_path) as journal:
        journal.append(sound)
        journal.end()
        journal.end()
        with pytest.raises(ValueError, match="is being finished"):
            journal.append(sound)
    (found,) = find_unfinished(tmp_path)
    assert found.has_ended
    with open_for_recovery(found.path) as recovery:
        flac = recovery.finish()
    assert flac is not None
    assert np.array_equal(flac_samples(flac), sound)
    events = [event["event"] for event in read_records(journal.path / "events.jsonl").records]
    assert events == ["journal_opened", "journal_closed"]


def test_the_journal_loads_without_the_decoder() -> None:
    look = "import sys, granite_live.audio.journal, granite_live.audio.journal.retention as _\n"
    look += "print([name for name in ('av', 'soxr', 'asyncio') if name in sys.modules])"
    command = [sys.executable, "-c", look]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("samples", [1, 15, 4607, 4608, 4609, 65_536, 65_537])
def test_every_length_becomes_flac_exactly(tmp_path: Path, samples: int) -> None:
    sound = noise(samples)
    with Journal.create(tmp_path) as journal:
        journal.append(sound)
        flac = journal.finish()
    assert flac is not None
    assert np.array_equal(flac_samples(flac), sound)


def test_a_session_without_sound_finishes_without_flac(tmp_path: Path) -> None:
    with Journal.create(tmp_path) as journal:
        journal.append(np.zeros(0, dtype=np.int16))
        assert journal.finish() is None
    assert sorted(entry.name for entry in journal.path.iterdir()) == ["events.jsonl", "lock"]
    assert find_unfinished(tmp_path) == []


def test_the_folder_is_named_for_the_local_time_and_counted_within_a_second(
    tmp_path: Path,
) -> None:
    names = []
    for _ in range(3):
        with Journal.create(tmp_path / "new" / "sessions", started=START) as journal:
            names.append(journal.path.name)
    name = START.astimezone().strftime("%Y-%m-%d_%H-%M-%S")
    assert names == [name, f"{name}-2", f"{name}-3"]


def test_the_usual_place_is_the_programs_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path))
    assert sessions_dir() == tmp_path / "sessions"
    with Journal.create() as journal:
        assert journal.path.parent == tmp_path / "sessions"
        journal.append(noise(10))
    assert [found.path for found in find_unfinished()] == [journal.path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.usefixtures("loose_umask")
def test_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    root = tmp_path / "sessions"
    with Journal.create(root) as journal:
        journal.append(noise(20_000))
        during = {entry: mode(entry) for entry in [root, journal.path, *journal.path.iterdir()]}
        journal.finish()
    after = {entry: mode(entry) for entry in journal.path.iterdir()}
    assert {entry.name for entry in during} >= {"sound.pcm", "events.jsonl", "lock"}
    assert {entry.name for entry in after} >= {"sound.flac", "events.jsonl", "lock"}
    for entry, bits in {**during, **after}.items():
        assert bits == (0o700 if entry in (root, journal.path) else 0o600), entry


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no umask to speak of")
def test_a_umask_that_takes_the_owners_rights_takes_none_here(tmp_path: Path) -> None:
    before = os.umask(0o777)
    try:
        with Journal.create(tmp_path / "sessions") as journal:
            journal.append(noise(100))
            assert mode(journal.path) == 0o700
            assert mode(journal.path / "sound.pcm") == 0o600
            assert journal.finish() is not None
    finally:
        os.umask(before)


def test_a_running_session_is_not_taken_for_a_crashed_one(tmp_path: Path) -> None:
    look = (
        "import sys, pathlib\n"
        "from granite_live.audio.journal import find_unfinished, open_for_recovery\n"
        "from granite_live.util.errors import AudioError\n"
        "print(len(find_unfinished(pathlib.Path(sys.argv[1]))))\n"
        "try: open_for_recovery(pathlib.Path(sys.argv[2])).close()\n"
        "except AudioError as error: print(error)\n"
    )

    def seen_by_another_program() -> list[str]:
        command = [sys.executable, "-c", look, str(tmp_path), str(journal.path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout.splitlines()

    with Journal.create(tmp_path) as journal:
        journal.append(noise(100))
        count, told = seen_by_another_program()
        assert count == "0"
        assert shows(told, JournalMessage.RUNNING_ELSEWHERE)
        # Locks of the same process count too.
        assert find_unfinished(tmp_path) == []
        with pytest.raises(AudioError, match=sentence(JournalMessage.RUNNING_ELSEWHERE)):
            open_for_recovery(journal.path)
    assert seen_by_another_program() == ["1"]


def test_sound_and_records_may_come_from_different_threads(tmp_path: Path) -> None:
    sound = noise(160 * 400)

    def record(number: int) -> None:
        for count in range(200):
            journal.append_record({"event": "n", "thread": number, "count": count})

    with Journal.create(tmp_path) as journal:
        threads = [threading.Thread(target=record, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for block in np.array_split(sound, 400):
            journal.append(block)
        for thread in threads:
            thread.join()
        flac = journal.finish()
    assert flac is not None
    assert np.array_equal(flac_samples(flac), sound)
    read = read_records(journal.path / "events.jsonl")
    assert read.damaged_lines == 0
    for number in range(3):
        counts = [one["count"] for one in read.records if one.get("thread") == number]
        assert counts == list(range(200))


def test_records_are_whole_lines_at_once(tmp_path: Path) -> None:
    with Journal.create(tmp_path) as journal:
        odd = {"event": "x", "text": 'line\nfeed "quoted" \udc80 \x00', "n": [1, {"a": None}]}
        journal.append_record(odd)
        raw = (journal.path / "events.jsonl").read_bytes()
    lines = raw.splitlines(keepends=True)
    assert len(lines) == 2
    assert lines[-1].endswith(b"\n")
    assert json.loads(lines[-1]) == odd


def test_misuse_is_told_at_once(tmp_path: Path) -> None:
    with Journal.create(tmp_path) as journal:
        with pytest.raises(TypeError, match="float32"):
            journal.append(np.zeros(3, dtype=np.float32))  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="one channel"):
            journal.append(np.zeros((3, 1), dtype=np.int16))
        with pytest.raises(TypeError):
            journal.append_record({"event": object()})
        journal.append(noise(5)[::2])
    journal.close()
    for use in (
        lambda: journal.append(noise(1)),
        lambda: journal.append_record({}),
        journal.finish,
    ):
        with pytest.raises(ValueError, match="is closed"):
            use()
    with PcmReader.open(journal.path / "sound.pcm") as reader:
        assert np.array_equal(reader.read(0, reader.samples), noise(5)[::2])


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match=sentence(JournalMessage.CANNOT_RECORD)) as caught:
        Journal.create(tmp_path / "file")
    assert "GRANITE_LIVE_HOME" in str(caught.value)


def test_the_reader_gives_stretches_and_blocks(tmp_path: Path) -> None:
    sound = noise(2_500)
    with Journal.create(tmp_path, started=START) as journal:
        journal.append(sound)
    with PcmReader.open(journal.path / "sound.pcm") as reader:
        assert (reader.samples, reader.sample_rate_hz, reader.started) == (2_500, 16_000, START)
        assert reader.duration_s == 2_500 / 16_000
        assert np.array_equal(reader.read(10, 20), sound[10:20])
        for start, stop in ((2_490, 2_501), (3_000, 4_000)):
            with pytest.raises(
                AudioError, match=sentence(JournalMessage.SOUND_ENDS_EARLY, samples="2500")
            ):
                reader.read(start, stop)
        assert reader.read(5, 5).dtype == np.int16
        blocks = list(reader.blocks(100, block_samples=1_000))
        assert [len(block) for block in blocks] == [1_000, 1_000, 400]
        assert np.array_equal(np.concatenate(blocks), sound[100:])
        with pytest.raises(ValueError, match="no such stretch"):
            reader.read(5, 4)


def test_four_minutes_pass_in_blocks_of_ten_milliseconds(tmp_path: Path) -> None:
    sound = (8_000 * np.sin(np.arange(16_000 * 240) * 0.05)).astype(np.int16)
    with Journal.create(tmp_path, sync_every_s=60.0) as journal:
        for start in range(0, len(sound), 160):
            journal.append(sound[start : start + 160])
        flac = journal.finish()
    assert flac is not None
    assert np.array_equal(flac_samples(flac), sound)
    assert flac.stat().st_size < 2 * len(sound)


def test_without_its_sound_a_session_is_finished_all_the_same(tmp_path: Path) -> None:
    with Journal.create(tmp_path) as journal:
        journal.append(noise(20_000))
        journal.append_record({"event": "x"})
        assert journal.finish(keep_sound=False) is None
        assert journal.finish(keep_sound=False) is None
    assert sorted(path.name for path in journal.path.iterdir()) == ["events.jsonl", "lock"]
    events = [one["event"] for one in read_records(journal.path / "events.jsonl").records]
    assert events == ["journal_opened", "x", "journal_closed"]
    assert find_unfinished(tmp_path) == []
