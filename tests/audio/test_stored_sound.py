"""A session's samples are the same as PCM and as FLAC, at any position."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from granite_live.audio.journal import Journal
from granite_live.audio.journal.sound import FlacReader, SampleReader, open_session_audio
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError

RATE_HZ = 16_000
SAMPLES = 30 * RATE_HZ + 123


@pytest.fixture(scope="module")
def sound() -> NDArray[np.int16]:
    rng = np.random.default_rng(1)
    return (rng.normal(0, 3_000, SAMPLES) * np.sin(np.arange(SAMPLES) / 9_000)).astype(np.int16)


@pytest.fixture(scope="module", params=["pcm", "flac"])
def stored(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sound: NDArray[np.int16],
) -> Iterator[SampleReader]:
    journal = Journal.create(tmp_path_factory.mktemp("sessions"))
    journal.append(sound)
    if request.param == "flac":
        journal.finish()
    else:
        journal.close()
    with open_session_audio(journal.path) as opened:
        assert isinstance(opened, FlacReader) == (request.param == "flac")
        yield opened


def test_all_of_it(stored: SampleReader, sound: NDArray[np.int16]) -> None:
    assert (stored.samples, stored.sample_rate_hz) == (SAMPLES, RATE_HZ)
    assert np.array_equal(stored.read(0, SAMPLES), sound)
    for start, stop in ((0, SAMPLES + 1), (SAMPLES, SAMPLES + 5)):
        with pytest.raises(
            AudioError, match=sentence(JournalMessage.SOUND_ENDS_EARLY, samples=SAMPLES)
        ):
            stored.read(start, stop)
    assert stored.read(SAMPLES, SAMPLES).shape == (0,)
    with pytest.raises(ValueError, match="no such stretch"):
        stored.read(5, 4)


@given(st.lists(st.tuples(st.integers(0, SAMPLES), st.integers(0, 20_000)), max_size=6))
def test_any_stretch_after_any_other(
    stored: SampleReader, sound: NDArray[np.int16], stretches: list[tuple[int, int]]
) -> None:
    for start, length in stretches:
        stop = min(start + length, SAMPLES)
        assert np.array_equal(stored.read(start, stop), sound[start:stop])


def test_reading_on_in_blocks(stored: SampleReader, sound: NDArray[np.int16]) -> None:
    starts = range(100_000, SAMPLES, 4_000)
    blocks = [stored.read(at, min(at + 4_000, SAMPLES)) for at in starts]
    assert np.array_equal(np.concatenate(blocks), sound[100_000:])


class _GuessesWrong:
    """A FLAC file in which no seek succeeds; a real one fails sometimes, near its end."""

    def __init__(self, real: object) -> None:
        self._real = real
        self.jumps = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def seek(self, *arguments: object, **options: object) -> None:
        self.jumps += 1
        raise PermissionError(1, "Operation not permitted")


def test_a_jump_that_fails_only_takes_longer(tmp_path: Path, sound: NDArray[np.int16]) -> None:
    journal = Journal.create(tmp_path)
    journal.append(sound)
    journal.finish()
    with open_session_audio(journal.path) as opened:
        assert isinstance(opened, FlacReader)
        wrong = _GuessesWrong(opened._container)
        opened._container = wrong  # type: ignore[assignment]
        start = SAMPLES - 10_107
        assert np.array_equal(opened.read(start, start + 1), sound[start : start + 1])
        assert wrong.jumps == 3
        assert np.array_equal(opened.read(50, 90), sound[50:90])


def test_sound_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=sentence(JournalMessage.SOUND_NOT_KEPT)):
        open_session_audio(tmp_path)


def test_sound_that_is_damaged(tmp_path: Path, sound: NDArray[np.int16]) -> None:
    journal = Journal.create(tmp_path)
    journal.append(sound)
    path = journal.finish()
    assert path is not None
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with (
        open_session_audio(journal.path) as opened,
        pytest.raises(AudioError, match=sentence(JournalMessage.SOUND_UNREADABLE_NEAR)),
    ):
        opened.read(SAMPLES - 5_000, SAMPLES)
    path.write_bytes(b"nothing to hear")
    with pytest.raises(AudioError, match=sentence(JournalMessage.SOUND_WITHOUT_BEGINNING)):
        open_session_audio(journal.path)
    path.unlink()
    path.mkdir()
    with pytest.raises(AudioError, match=sentence(JournalMessage.SOUND_UNREADABLE)):
        open_session_audio(journal.path)
