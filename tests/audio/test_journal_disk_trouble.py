"""A disk that refuses, cuts or loses writes causes no loss while memory suffices."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence, shows
from helpers.small_disk import mounted
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from granite_live.audio.files import open_audio
from granite_live.audio.journal import (
    Journal,
    filesystem,
    find_unfinished,
    open_for_recovery,
    to_int16,
)
from granite_live.audio.journal.disk_state import DiskState
from granite_live.audio.journal.records import HEADER_BYTES, read_records
from granite_live.audio.journal.sound import PcmReader
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import OutputError

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def noise(samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-32768, 32768, samples, dtype=np.int16)


def on_disk(journal: Journal) -> np.ndarray:
    with PcmReader.open(journal.path / "sound.pcm") as reader:
        return reader.read(0, reader.samples)


def flac_samples(path: Path | None) -> np.ndarray:
    assert path is not None
    with open_audio(path) as file:
        return to_int16(np.concatenate(list(file.blocks(16_000))))


def gaps(journal: Journal) -> list[tuple[int, int]]:
    records = read_records(journal.path / "events.jsonl").records
    lost = [record for record in records if record["event"] == "sound_lost"]
    return [(record["start_sample"], record["end_sample"]) for record in lost]


class Faults:
    """Wraps the real disk; limits or fails its writes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room: int | None = None
        """Free bytes, None for no limit."""
        self.plan: list[int] = []
        """The results of the next writes: at most this many bytes, or failure if 0."""
        self.syncs_fail = False
        self.writes = 0
        self.syncs = 0
        self._unsynced: dict[int, tuple[int, int]] = {}
        self._write = filesystem.write
        monkeypatch.setattr(filesystem, "write", self.write)
        monkeypatch.setattr(filesystem, "sync", self.sync)

    def write(self, fd: int, data: bytes, at: int | None = None) -> int:
        self.writes += 1
        if self.room is not None:
            data = data[: self.room]
        if self.plan:
            data = data[: self.plan.pop(0)]
        if not data:
            raise FULL
        written = self._write(fd, data, at)
        if self.room is not None:
            self.room -= written
        if at is not None:
            start, end = self._unsynced.get(fd, (at, at))
            self._unsynced[fd] = (min(start, at), max(end, at + written))
        return written

    def sync(self, fd: int) -> None:
        self.syncs += 1
        start, end = self._unsynced.pop(fd, (0, 0))
        if self.syncs_fail:
            # As Linux may do: data that could not be stored is discarded.
            self._write(fd, bytes(end - start), start) if end > start else None
            raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    return Faults(monkeypatch)


def test_a_full_disk_is_told_once_and_its_end_too(tmp_path: Path, faults: Faults) -> None:
    sound = noise(50_000)
    with Journal.create(tmp_path) as journal:
        assert journal.append(sound[:10_000]) is None
        faults.room = 1_001
        news = journal.append(sound[10_000:20_000])
        assert news is not None
        assert news.state is DiskState.REFUSING
        assert news.unwritten_s == journal.unwritten_s == (20_000 - 1_001) / 2 / 16_000
        assert shows(news.detail, JournalMessage.DISK_FULL, reason="no space left on device")
        assert str(journal.path) in news.detail
        assert journal.append(sound[20_000:30_000]) is None
        assert journal.append_record({"event": "waits"}) is None
        # What was written is complete, including half a sample.
        assert np.array_equal(on_disk(journal), sound[:10_500])
        assert (journal.path / "sound.pcm").stat().st_size == HEADER_BYTES + 20_000 + 1_001
        faults.room = None
        news = journal.append(sound[30_000:])
        assert news is not None
        assert (news.state, news.unwritten_s, news.lost_s) == (DiskState.WRITING, 0.0, 0.0)
        assert shows(news.detail, JournalMessage.WRITING_AGAIN)
        assert np.array_equal(on_disk(journal), sound)
        assert journal.append_record({"event": "goes"}) is None
        events = read_records(journal.path / "events.jsonl")
        assert [event["event"] for event in events.records][1:] == ["waits", "goes"]
        assert np.array_equal(flac_samples(journal.finish()), sound)


def test_records_alone_can_meet_a_full_disk(tmp_path: Path, faults: Faults) -> None:
    with Journal.create(tmp_path) as journal:
        faults.plan = [5, *[0] * 300]  # more often than the reserve has blocks
        news = journal.append_record({"event": "final", "text": "half"})
        assert news is not None
        assert news.state is DiskState.REFUSING
        assert read_records(journal.path / "events.jsonl").damaged_lines == 1
        assert journal.unwritten_texts == 1
        faults.plan = []
        news = journal.append_record({"event": "next"})
        assert news is not None
        assert news.state is DiskState.WRITING
        events = read_records(journal.path / "events.jsonl")
        assert events.damaged_lines == 0
        assert [event["event"] for event in events.records][1:] == ["final", "next"]


def test_beyond_the_limit_the_oldest_is_dropped_counted_and_marked(
    tmp_path: Path, faults: Faults
) -> None:
    sound = noise(16_000 * 10)
    with Journal.create(tmp_path, unwritten_limit_s=3.0) as journal:
        journal.append(sound[:8_000])
        faults.room = 1  # half a sample, so that the next write starts inside one
        states = []
        for second in range(8):
            start = 8_000 + second * 16_000
            news = journal.append(sound[start : start + 16_000])
            if news is not None:
                states.append(news.state)
            assert journal.unwritten_s <= 3.0 + 1.0
        assert states == [DiskState.REFUSING, DiskState.LOSING]
        # The started piece is kept, then there is a gap, then the newest three seconds.
        assert journal.lost_s == 4.0
        faults.room = None
        news = journal.append(sound[8_000 + 8 * 16_000 :])
        assert news is not None
        assert (news.state, news.lost_s) == (DiskState.WRITING, 4.0)
        assert shows(news.detail, JournalMessage.WRITING_AGAIN_AFTER_LOSS, lost_s=4.0)
        expected = sound.copy()
        expected[24_000 : 24_000 + 4 * 16_000] = 0
        assert np.array_equal(on_disk(journal), expected)
        assert gaps(journal) == [(24_000, 88_000)]
        # The second time begins with refused, not with lost data.
        faults.room = 0
        news = journal.append(sound[:16])
        assert news is not None
        assert news.state is DiskState.REFUSING
        faults.room = None
        assert np.array_equal(flac_samples(journal.finish()), np.append(expected, sound[:16]))
        assert gaps(journal) == [(24_000, 88_000)]


def test_what_a_failed_sync_may_have_thrown_away_is_written_again(
    tmp_path: Path, faults: Faults
) -> None:
    sound = noise(16_000 * 6)
    with Journal.create(tmp_path) as journal:
        journal.append(sound[:24_000])
        faults.syncs_fail = True
        news = journal.append(sound[24_000:40_000])
        assert news is not None
        assert news.state is DiskState.REFUSING
        assert "input/output error" in news.detail
        assert journal.append(sound[40_000:72_000]) is None
        assert not np.array_equal(on_disk(journal)[:40_000], sound[:40_000])
        faults.syncs_fail = False
        news = journal.append(sound[72_000:])
        assert news is not None
        assert news.state is DiskState.WRITING
        assert np.array_equal(on_disk(journal), sound)


def test_it_syncs_once_a_second_of_sound_and_not_more(tmp_path: Path, faults: Faults) -> None:
    with Journal.create(tmp_path) as journal:
        before = faults.syncs
        for _ in range(1_000):
            journal.append(noise(480))  # 30 ms
        assert faults.syncs - before <= 31
        assert faults.syncs - before >= 29


def test_records_are_safe_from_a_power_cut_as_soon_as_the_sound_is(
    tmp_path: Path, faults: Faults
) -> None:
    with Journal.create(tmp_path) as journal:
        journal.append(noise(16_000))
        journal.append_record({"event": "x"})
        before = faults.syncs
        journal.append(noise(8_000))
        assert faults.syncs == before
        journal.append(noise(8_000))
        assert faults.syncs == before + 2
    with open_for_recovery(journal.path) as recovery:
        # Without audio, each record is synced separately.
        before = faults.syncs
        recovery.append_record({"event": "y"})
        assert faults.syncs == before + 1


def test_sound_that_waits_is_written_with_the_next_record(tmp_path: Path, faults: Faults) -> None:
    sound = noise(10_000)
    with Journal.create(tmp_path) as journal:
        faults.room = 777
        journal.append(sound)
        faults.room = None
        news = journal.append_record({"event": "the microphone was paused meanwhile"})
        assert news is not None
        assert news.state is DiskState.WRITING
        assert np.array_equal(on_disk(journal), sound)


@given(
    blocks=st.lists(st.integers(0, 40_000), min_size=1, max_size=12),
    plan=st.lists(st.one_of(st.just(0), st.just(0), st.integers(0, 40_000)), max_size=30),
    limit_s=st.sampled_from([0.5, 1.0, 2.5, 60.0]),
    failing_syncs=st.sets(st.integers(0, 11)),
)
@settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_the_disk_does_every_sample_is_at_its_place(
    tmp_path_factory: pytest.TempPathFactory,
    blocks: list[int],
    plan: list[int],
    limit_s: float,
    failing_syncs: set[int],
) -> None:
    sound = noise(sum(blocks))
    with pytest.MonkeyPatch.context() as monkeypatch:
        root = tmp_path_factory.mktemp("session")
        with Journal.create(root, unwritten_limit_s=limit_s) as journal:
            faults = Faults(monkeypatch)
            faults.plan = list(plan)
            state, at = DiskState.WRITING, 0
            for number, block in enumerate(blocks):
                faults.syncs_fail = number in failing_syncs
                news = journal.append(sound[at : at + block])
                at += block
                if news is not None:
                    assert news.state is not state
                    state = news.state
                held = journal.read(0, at)
                kept = (held == sound[:at]) | (held == 0)
                assert kept.all(), "zeros stand for dropped sound, nothing else differs"
                if not journal.lost_s:
                    assert np.array_equal(held, sound[:at])
                if state is DiskState.WRITING:
                    assert journal.unwritten_s == 0.0
                    assert len(on_disk(journal)) == at
                # The started piece, the data that a sync may have lost, and the limit.
                assert journal.unwritten_s <= limit_s + 3.0
            faults.plan, faults.syncs_fail = [], False
            journal.append(sound[:0])
            written = on_disk(journal)
            lost = gaps(journal)
        expected = sound.copy()
        for start, end in lost:
            expected[start:end] = 0
        assert np.array_equal(written, expected)
        assert sum(end - start for start, end in lost) / 16_000 == journal.lost_s
        if sum(blocks) / 16_000 <= limit_s:
            assert not lost


def test_finish_on_a_full_disk_keeps_all_and_can_be_called_again(
    tmp_path: Path, faults: Faults
) -> None:
    sound = noise(30_000)
    with Journal.create(tmp_path) as journal:
        journal.append(sound[:20_000])
        faults.room = 100
        journal.append(sound[20_000:])
        with pytest.raises(
            OutputError,
            match=sentence(JournalMessage.LAST_PART_NOT_WRITTEN, what=JournalMessage.LAST_SOUND()),
        ):
            journal.finish()
        faults.room = 5_000
        with pytest.raises(
            OutputError,
            match=sentence(JournalMessage.LAST_PART_NOT_WRITTEN, what=JournalMessage.LAST_SOUND()),
        ):
            journal.finish()
        # Enough for the audio, not for its closing record; then not for the FLAC.
        faults.room = 20_000 - 5_100
        with pytest.raises(
            OutputError,
            match=sentence(JournalMessage.LAST_PART_NOT_WRITTEN, what=JournalMessage.LAST_TEXT()),
        ):
            journal.finish()
        for room in (5_000, 50_000):
            faults.room = room
            with pytest.raises(
                OutputError,
                match=sentence(
                    JournalMessage.NOT_PACKED, reason=sentence(JournalMessage.DISK_FULL)
                ),
            ):
                journal.finish()
            assert not (journal.path / "sound.part.flac").exists()
            assert np.array_equal(on_disk(journal), sound)
        with pytest.raises(ValueError, match="is being finished"):
            journal.append(sound)
        faults.room = None
        assert np.array_equal(flac_samples(journal.finish()), sound)
        events = [event["event"] for event in read_records(journal.path / "events.jsonl").records]
        assert events == ["journal_opened", "journal_closed"]


def test_a_copy_that_differs_is_noticed_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = noise(30_000)
    with Journal.create(tmp_path) as journal:
        journal.append(sound)
        real, calls = PcmReader.read, []

        def misread(reader: PcmReader, start: int, stop: int) -> np.ndarray:
            samples = real(reader, start, stop)
            calls.append(start)
            if len(calls) == 1:  # the encoder's input
                samples = samples.copy()
                samples[12_345] ^= 1
            return samples

        monkeypatch.setattr(PcmReader, "read", misread)
        with pytest.raises(OutputError, match=sentence(JournalMessage.FLAC_DIFFERS)):
            journal.finish()
        assert sorted(entry.name for entry in journal.path.iterdir()) == [
            "events.jsonl",
            "lock",
            "sound.pcm",
        ]
    (found,) = find_unfinished(tmp_path)
    assert found.has_ended


def test_a_copy_that_is_too_short_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal.create(tmp_path) as journal:
        journal.append(noise(70_000))
        real = PcmReader.blocks

        def first(reader: PcmReader, **keywords: int) -> Iterator[np.ndarray]:
            return iter([next(real(reader, **keywords))])

        monkeypatch.setattr(PcmReader, "blocks", first)
        with pytest.raises(OutputError, match=r"near 4\.1 s"):
            journal.finish()
        assert len(on_disk(journal)) == 70_000


def test_creation_on_a_full_disk_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, faults: Faults
) -> None:
    faults.room = 30
    with pytest.raises(OutputError, match="the disk is full"):
        Journal.create(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_closing_with_unwritten_sound_does_not_raise_and_frees_the_session(
    tmp_path: Path, faults: Faults
) -> None:
    sound = noise(20_000)
    with Journal.create(tmp_path) as journal:
        journal.append(sound[:9_000])
        faults.room = 0
        journal.append(sound[9_000:])
    journal.close()
    assert journal.unwritten_s == 11_000 / 16_000
    faults.room = None
    with open_for_recovery(journal.path) as recovery:
        assert np.array_equal(flac_samples(recovery.finish()), sound[:9_000])


@contextlib.contextmanager
def file_size_limit(limit_bytes: int) -> Iterator[Callable[[], None]]:
    resource = pytest.importorskip("resource", reason="no RLIMIT_FSIZE on this system")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, before[1]))
    try:
        # Python ignores SIGXFSZ, so a write fails with EFBIG.
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_real_limit_of_the_system_is_survived(tmp_path: Path) -> None:
    sound = noise(50_000)
    with Journal.create(tmp_path) as journal:
        with file_size_limit(60_001) as lift:
            assert journal.append(sound[:20_000]) is None
            news = journal.append(sound[20_000:40_000])
            assert news is not None
            assert news.state is DiskState.REFUSING
            assert (journal.path / "sound.pcm").stat().st_size == 60_001
            assert np.array_equal(on_disk(journal), sound[: (60_001 - HEADER_BYTES) // 2])
            lift()
            news = journal.append(sound[40_000:])
        assert news is not None
        assert news.state is DiskState.WRITING
        assert np.array_equal(flac_samples(journal.finish()), sound)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 192 KiB, mounted by the kernel."""
    with mounted(tmp_path, "192k") as place:
        yield place


def test_a_real_small_disk_fills_up_and_is_freed(small_disk: Path) -> None:
    sound = (3_000 * np.sin(np.arange(80_000) * 0.05)).astype(np.int16)
    other = small_disk / "other"
    other.write_bytes(bytes(64 << 10))
    with Journal.create(small_disk) as journal:
        states = []
        for start in range(0, len(sound), 4_000):
            news = journal.append(sound[start : start + 4_000])
            if news is not None:
                states.append(news.state)
            assert np.array_equal(on_disk(journal), sound[: len(on_disk(journal))])
        assert states == [DiskState.REFUSING]
        assert 0.5 < journal.unwritten_s < 5
        with pytest.raises(OutputError, match="no space left on device"):
            journal.finish()
        other.write_bytes(b"")
        with pytest.raises(OutputError, match=sentence(JournalMessage.NOT_PACKED)):
            journal.finish()  # there is space for the audio, not for its copy
        assert np.array_equal(on_disk(journal), sound)
        subprocess.run(["mount", "-o", "remount,size=1m", str(small_disk)], check=True)
        assert np.array_equal(flac_samples(journal.finish()), sound)
