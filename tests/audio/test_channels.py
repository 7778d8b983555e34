"""The channels that carry speech are used, and reported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.messages import shows
from helpers.sine_recordings import encode
from numpy.typing import NDArray

from granite_live.audio.file_source import FileSource
from granite_live.audio.files import AudioFile, open_audio, read_audio
from granite_live.audio.source import AudioBlock, AudioQueue, Notice, NoticeKind
from granite_live.messages.recording import RecordingMessage

RATE_HZ = 16_000
WELCOME = Path(__file__).parents[2] / "assets" / "samples" / "welcome.flac"


@pytest.fixture(scope="module")
def speech() -> NDArray[np.float32]:
    """Seventeen seconds of speech with pauses."""
    sound = read_audio(WELCOME, RATE_HZ)[: 17 * RATE_HZ]
    assert len(sound) > 12 * RATE_HZ
    return sound


def noise(length: int, level: float, seed: int = 1) -> NDArray[np.float32]:
    return (np.random.default_rng(seed).standard_normal(length) * level).astype(np.float32)


def delayed(sound: NDArray[np.float32], seconds: float) -> NDArray[np.float32]:
    late = round(seconds * RATE_HZ)
    return np.concatenate([np.zeros(late, np.float32), sound[: len(sound) - late]])


def heard(
    folder: Path, channels: list[NDArray[np.float32]], layout: str = "stereo"
) -> tuple[NDArray[np.float32], AudioFile]:
    path = encode(
        folder / "a.wav", "pcm_f32le", RATE_HZ, layout, samples=np.stack(channels, axis=1)
    )
    with open_audio(path) as audio:
        sound = np.concatenate(list(audio.blocks(RATE_HZ)))
        assert len(sound) == len(channels[0])
        assert audio.warnings == ()
        return sound, audio


def used(audio: AudioFile) -> tuple[str, ...]:
    """Return the channels used at the end."""
    return audio.channels[-1].used


def test_channels_of_opposite_phase(tmp_path: Path, speech: NDArray[np.float32]) -> None:
    sound, audio = heard(tmp_path, [speech, -speech])
    np.testing.assert_array_equal(sound, speech)
    assert [use.used for use in audio.channels] == [("FL",)]
    assert len(audio.notes) == 1
    assert shows(
        audio.notes[0],
        RecordingMessage.CHANNEL_USED,
        channel=RecordingMessage.CHANNEL(channel=RecordingMessage.LEFT()),
        reason=RecordingMessage.CHANNELS_CANCEL(),
    )


def test_opposite_phase_with_noise_of_their_own(
    tmp_path: Path, speech: NDArray[np.float32]
) -> None:
    one = 0.9 * speech + noise(len(speech), 1e-3)
    other = -0.7 * speech + noise(len(speech), 1e-3, seed=2)
    sound, audio = heard(tmp_path, [one, other])
    assert len(used(audio)) == 1
    assert np.corrcoef(np.abs(sound), np.abs(speech))[0, 1] > 0.95


@pytest.mark.parametrize("silence", [0.0, 1e-5])
@pytest.mark.parametrize("channel", [0, 1])
def test_one_silent_channel(
    tmp_path: Path, speech: NDArray[np.float32], channel: int, silence: float
) -> None:
    quiet = noise(len(speech), silence)
    channels = [quiet, quiet]
    channels[channel] = speech
    sound, audio = heard(tmp_path, channels)
    np.testing.assert_array_equal(sound, speech)
    assert used(audio) == (("FL", "FR")[channel],)
    side = (RecordingMessage.LEFT, RecordingMessage.RIGHT)[channel]
    used_channel = RecordingMessage.CHANNEL(channel=side())
    assert shows(audio.notes[0], RecordingMessage.CHANNEL_USED, channel=used_channel)


def test_the_center_of_a_film(tmp_path: Path, speech: NDArray[np.float32]) -> None:
    """Speech in the center, music-like noise of varying level in the others."""
    swell = (1.5 + np.sin(np.arange(len(speech)) / RATE_HZ * 2.0)).astype(np.float32)
    music = [noise(len(speech), 0.03, seed) * swell for seed in range(5)]
    channels = [music[0], music[1], speech, music[2], music[3], music[4]]
    sound, audio = heard(tmp_path, channels, "5.1")
    np.testing.assert_array_equal(sound, speech)
    assert used(audio) == ("FC",)
    center = RecordingMessage.CHANNEL(channel=RecordingMessage.CENTER())
    assert shows(audio.notes[0], RecordingMessage.CHANNEL_USED, channel=center)


def test_only_the_center_has_sound(tmp_path: Path, speech: NDArray[np.float32]) -> None:
    empty = np.zeros_like(speech)
    sound, audio = heard(tmp_path, [empty, empty, speech, empty, empty, empty], "5.1")
    np.testing.assert_array_equal(sound, speech)
    assert used(audio) == ("FC",)


@pytest.mark.parametrize("delay_s", [0.001, 0.005, 0.02])
def test_a_delayed_channel(tmp_path: Path, speech: NDArray[np.float32], delay_s: float) -> None:
    _, audio = heard(tmp_path, [speech, delayed(speech, delay_s)])
    assert len(used(audio)) == 1
    assert shows(audio.notes[0], RecordingMessage.CHANNEL_USED)


@pytest.mark.parametrize("is_speech_in_noise", [False, True])
@pytest.mark.parametrize("channel", [0, 1])
def test_a_noisy_channel(
    tmp_path: Path, speech: NDArray[np.float32], channel: int, is_speech_in_noise: bool
) -> None:
    noisy = noise(len(speech), 0.1) + (speech if is_speech_in_noise else 0)
    channels = [noisy, noisy]
    channels[channel] = speech
    sound, audio = heard(tmp_path, channels)
    assert used(audio) == (("FL", "FR")[channel],)
    assert shows(audio.notes[0], RecordingMessage.OTHER_CHANNELS_NOISY)
    np.testing.assert_array_equal(sound, speech)


@pytest.mark.parametrize("is_wide", [False, True])
def test_a_good_stereo_recording_is_mixed(
    tmp_path: Path, speech: NDArray[np.float32], is_wide: bool
) -> None:
    left = speech + noise(len(speech), 1e-3)
    right = speech * np.float32(0.4 if is_wide else 1.0) + noise(len(speech), 1e-3, seed=2)
    sound, audio = heard(tmp_path, [left, right])
    np.testing.assert_allclose(sound, (left + right) / 2, atol=1e-7)
    assert audio.notes == ()
    assert [use.used for use in audio.channels] == [("FL", "FR")]


def test_two_people_with_a_microphone_each(tmp_path: Path, speech: NDArray[np.float32]) -> None:
    """They take turns, first long, then short; all channels are kept."""
    turn_s = np.arange(len(speech)) / RATE_HZ
    is_left = np.where(turn_s < 12.0, turn_s % 12.0 < 6.0, turn_s % 2.0 < 1.0)
    left = speech * is_left + noise(len(speech), 2e-4)
    right = speech * ~is_left + noise(len(speech), 2e-4, seed=2)
    sound, audio = heard(tmp_path, [left.astype(np.float32), right.astype(np.float32)])
    assert used(audio) == ("FL", "FR")
    # Every speaker is at least as loud as in the mix.
    for start in range(0, len(speech) - RATE_HZ, RATE_HZ):
        piece = speech[start : start + RATE_HZ]
        if np.abs(piece).max() > 0.05:
            level = float(piece @ sound[start : start + RATE_HZ]) / float(piece @ piece)
            assert level > 0.45


def test_silence_first_and_speech_on_one_side_later(
    tmp_path: Path, speech: NDArray[np.float32]
) -> None:
    quiet = np.zeros(12 * RATE_HZ, np.float32)
    left = np.concatenate([quiet, speech])
    sound, audio = heard(tmp_path, [left, -left])
    np.testing.assert_allclose(sound[15 * RATE_HZ :], left[15 * RATE_HZ :])
    assert used(audio) == ("FL",)
    assert "from 0:10." in audio.notes[0]


def test_a_short_recording(tmp_path: Path, speech: NDArray[np.float32]) -> None:
    loud = speech[RATE_HZ : 2 * RATE_HZ]
    sound, _ = heard(tmp_path, [loud, -loud])
    np.testing.assert_array_equal(np.abs(sound), np.abs(loud))


def test_a_live_session_hears_the_same(tmp_path: Path, speech: NDArray[np.float32]) -> None:
    noisy = speech + noise(len(speech), 0.1)
    both = np.stack([np.concatenate([speech, noisy]), np.concatenate([-speech, speech])], axis=1)
    path = encode(tmp_path / "a.wav", "pcm_f32le", 48_000, "stereo", samples=both)
    with open_audio(path) as audio:
        whole = np.concatenate(list(audio.blocks(RATE_HZ)))
    queue = AudioQueue(max_blocks=1_000)
    source = FileSource(path)
    source.start(queue)
    pieces = []
    while not isinstance(item := queue.get(), Notice) or item.kind is not NoticeKind.ENDED:
        if isinstance(item, AudioBlock):
            pieces.append(item.samples[:, 0])
    source.stop()
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


def test_a_channel_without_a_name_has_a_number(tmp_path: Path, speech: NDArray[np.float32]) -> None:
    empty = np.zeros_like(speech)
    _, audio = heard(tmp_path, [empty, empty, speech], "3 channels")
    assert shows(
        audio.notes[0],
        RecordingMessage.CHANNEL_USED,
        channel=RecordingMessage.NUMBERED_CHANNEL(number=3),
        reason=RecordingMessage.OTHER_CHANNELS_SILENT(),
    )
