"""A file as a source: complete, in time, and stoppable at any moment."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import shows
from helpers.sine_recordings import write_wav
from numpy.typing import NDArray

from granite_live.audio import files
from granite_live.audio.file_source import FileSource
from granite_live.audio.source import AudioBlock, AudioQueue, Notice, NoticeKind, Origin, OriginKind
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError

RATE_HZ = 16_000


def noise(seconds: float) -> NDArray[np.int16]:
    generator = np.random.default_rng(3)
    return generator.integers(-20_000, 20_000, round(seconds * RATE_HZ), dtype=np.int16)


def hear(queue: AudioQueue) -> tuple[list[AudioBlock], list[Notice]]:
    """Read everything up to the end."""
    blocks: list[AudioBlock] = []
    notices: list[Notice] = []
    while not notices or notices[-1].kind is not NoticeKind.ENDED:
        item = queue.get()
        if isinstance(item, AudioBlock):
            blocks.append(item)
        else:
            notices.append(item)
            if item.kind is NoticeKind.ACTIVE:
                assert not blocks
    return blocks, notices


def sound_of(blocks: list[AudioBlock]) -> NDArray[np.int16]:
    assert all(block.sample_rate_hz == RATE_HZ for block in blocks)
    assert all(block.samples.ndim == 2 and block.samples.shape[1] == 1 for block in blocks)
    whole = np.concatenate([block.samples[:, 0] for block in blocks])
    return np.rint(whole * 32_768).astype(np.int16)


@pytest.mark.parametrize("realtime", [False, True])
def test_every_sample_arrives_even_where_the_listener_is_slow(
    tmp_path: Path, realtime: bool
) -> None:
    played = noise(0.5 if realtime else 20.0)
    source = FileSource(write_wav(tmp_path / "talk.wav", played), realtime=realtime)
    queue = AudioQueue(max_blocks=1)
    source.start(queue)
    blocks, notices = hear(queue)
    assert np.array_equal(sound_of(blocks), played)
    assert [notice.kind for notice in notices] == [NoticeKind.ACTIVE, NoticeKind.ENDED]
    assert {notice.device for notice in notices} == {"talk.wav"} == {source.name}
    assert source.origin == Origin(OriginKind.FILE, str(tmp_path / "talk.wav"))
    assert queue.dropped_frames_total == 0
    source.stop()


def test_real_time_gives_every_sample_when_it_would_have_been_spoken(tmp_path: Path) -> None:
    source = FileSource(write_wav(tmp_path / "talk.wav", noise(1.0)), realtime=True)
    queue = AudioQueue(max_blocks=1_000)
    source.start(queue)
    heard_s: list[tuple[int, float]] = []
    samples = 0
    while isinstance(item := queue.get(), AudioBlock) or item.kind is not NoticeKind.ENDED:
        if isinstance(item, AudioBlock):
            samples += len(item.samples)
            heard_s.append((samples, time.monotonic()))
    first_samples, first_s = heard_s[0]
    assert first_samples <= 0.02 * RATE_HZ
    late_s = [at - first_s - (n - first_samples) / RATE_HZ for n, at in heard_s]
    # Never early except for the first block's delay, and no growing lag.
    assert min(late_s) > -0.2
    assert np.median(late_s) < 0.2
    assert samples == RATE_HZ


@pytest.mark.parametrize("realtime", [False, True])
def test_it_stops_at_once_though_nobody_makes_room(tmp_path: Path, realtime: bool) -> None:
    source = FileSource(write_wav(tmp_path / "talk.wav", noise(30.0)), realtime=realtime)
    queue = AudioQueue(max_blocks=2)
    source.start(queue)
    first = queue.get()
    assert isinstance(first, Notice)
    source.stop()
    source.stop()
    assert not any(thread.name == "file source" for thread in threading.enumerate())
    blocks, notices = hear(queue)
    assert len(blocks) <= 2
    assert [notice.kind for notice in notices] == [NoticeKind.ENDED]
    assert not notices[0].detail


def test_a_file_that_cannot_be_played_says_why_and_ends(tmp_path: Path) -> None:
    source = FileSource(tmp_path / "missing.wav")
    queue = AudioQueue(max_blocks=2)
    source.start(queue)
    blocks, notices = hear(queue)
    assert not blocks
    assert [notice.kind for notice in notices] == [NoticeKind.LOST, NoticeKind.ENDED]
    assert "missing.wav" in notices[0].detail


def test_damage_in_the_middle_is_told_at_the_end(tmp_path: Path) -> None:
    whole = write_wav(tmp_path / "talk.wav", noise(2.0))
    torn = tmp_path / "torn.wav"
    torn.write_bytes(whole.read_bytes()[: RATE_HZ * 2])
    source = FileSource(torn)
    queue = AudioQueue(max_blocks=100)
    source.start(queue)
    blocks, notices = hear(queue)
    assert blocks
    assert notices[-1].detail
    assert "torn.wav" in notices[-1].detail


def test_it_stops_while_reading_hangs_for_good(tmp_path: Path) -> None:
    opened, release, read = threading.Event(), threading.Event(), threading.Event()

    def hang(_path: Path, audio_track: object = None) -> files.AudioFile:
        opened.set()
        assert release.wait(60)
        read.set()
        raise AudioError("too late")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "open_audio", hang)
        source = FileSource(tmp_path / "talk.wav")
        queue = AudioQueue(max_blocks=2)
        source.start(queue)
        assert opened.wait(5)
        source.stop()
        assert not read.is_set()  # nobody waited for it
        (notice,) = hear(queue)[1]
        assert shows(notice.detail, RecordingMessage.NOT_CLOSED)
        release.set()
        for thread in threading.enumerate():
            if thread.name == "file source":
                thread.join(5)
    # Nothing follows the end, although the thread ended only now.
    source.stop()
    queue.notify(Notice(NoticeKind.RESTORED, "mark"))
    mark = queue.get()
    assert isinstance(mark, Notice)
    assert mark.device == "mark"


def test_a_defect_in_reading_is_told_and_not_taken_for_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_path: Path, audio_track: object = None) -> None:
        raise ZeroDivisionError("an injected defect")

    monkeypatch.setattr(files, "open_audio", fail)
    source = FileSource(tmp_path / "talk.wav")
    queue = AudioQueue(max_blocks=1)
    source.start(queue)
    _, notices = hear(queue)
    assert [notice.kind for notice in notices] == [NoticeKind.LOST, NoticeKind.ENDED]
    assert all("ZeroDivisionError" in notice.detail for notice in notices)
    assert "Traceback" in caplog.text
