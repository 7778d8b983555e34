"""The voice detectors on the samples that ship with the program."""

from __future__ import annotations

import sys

import av
import numpy as np
import pytest

from granite_live.util.errors import GraniteError
from granite_live.util.paths import assets_dir
from granite_live.vad.detectors import DEFAULT_DETECTOR, DETECTORS, VoiceDetector, make_detector
from granite_live.vad.events import SegmentClosed, SegmentOpened
from granite_live.vad.segmenter import Segmenter


def sample(name: str) -> np.ndarray:
    """Return a sample recording, float32 at 16 kHz."""
    with av.open(str(assets_dir() / "samples" / f"{name}.flac")) as container:
        frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return np.concatenate(frames).astype(np.float32) / 32768


def lines(name: str) -> int:
    text = (assets_dir() / "samples" / f"{name}.txt").read_text(encoding="utf-8")
    return len(text.splitlines())


def pink_noise(samples: int, rms: float) -> np.ndarray:
    spectrum = np.fft.rfft(np.random.default_rng(7).standard_normal(samples))
    noise = np.fft.irfft(spectrum / np.sqrt(np.arange(1, len(spectrum) + 1)), samples)
    return (rms * noise / noise.std()).astype(np.float32)


def probabilities(detector: VoiceDetector, sound: np.ndarray) -> np.ndarray:
    size = detector.frame_samples
    frames = sound[: len(sound) // size * size].reshape(-1, size)
    return np.array([detector.probability(frame) for frame in frames])


def utterances(sound: np.ndarray, name: str = DEFAULT_DETECTOR) -> list[SegmentClosed]:
    segmenter = Segmenter(make_detector(name))
    events = segmenter.feed(sound) + segmenter.flush()
    assert sum(isinstance(event, SegmentOpened) for event in events) == len(events) / 2
    return [event for event in events if isinstance(event, SegmentClosed)]


@pytest.fixture(scope="module")
def welcome() -> np.ndarray:
    return sample("welcome")


@pytest.mark.parametrize("name", DETECTORS)
def test_speech_is_likely_and_an_empty_room_is_not(name: str, welcome: np.ndarray) -> None:
    speech = probabilities(make_detector(name), welcome)
    room = probabilities(make_detector(name), sample("quiet"))
    assert speech.min() >= 0.0
    assert speech.max() <= 1.0
    assert np.mean(speech > 0.5) > 0.7
    assert np.mean(room > 0.5) < 0.1


@pytest.mark.parametrize("name", DETECTORS)
def test_after_a_reset_it_answers_as_a_new_one(name: str, welcome: np.ndarray) -> None:
    detector = make_detector(name)
    first = probabilities(detector, welcome[:48000])
    assert np.any(first != first[0])
    detector.reset()
    assert np.array_equal(probabilities(detector, welcome[:48000]), first)


@pytest.mark.parametrize("name", DETECTORS)
def test_two_detectors_do_not_disturb_each_other(name: str, welcome: np.ndarray) -> None:
    size = make_detector(name).frame_samples
    alone = probabilities(make_detector(name), welcome[: 60 * size])
    one, other = make_detector(name), make_detector(name)
    shared = []
    for frame in welcome[: 60 * size].reshape(-1, size):
        shared.append(one.probability(frame))
        other.probability(-frame[::-1].copy())
    assert np.array_equal(shared, alone)


@pytest.mark.parametrize("name", DETECTORS)
def test_the_frame_is_left_as_it_was(name: str, welcome: np.ndarray) -> None:
    detector = make_detector(name)
    frame = welcome[16000 : 16000 + detector.frame_samples].copy()
    frame.flags.writeable = False
    before = frame.tobytes()
    detector.probability(frame)
    assert frame.tobytes() == before


def test_an_unknown_detector_is_named() -> None:
    with pytest.raises(GraniteError, match=r"'sliero'.*silero"):
        make_detector("sliero")


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "webrtcvad", None)
    with pytest.raises(GraniteError, match="webrtc"):
        make_detector("webrtc")


@pytest.mark.parametrize("name", ["welcome", "conversation"])
def test_the_samples_are_cut_at_their_lines(name: str) -> None:
    sound = sample(name)
    found = utterances(sound)
    assert len(found) == lines(name)
    assert {one.reason for one in found} == {"pause"}
    loud = np.abs(sound) > 0.02
    covered = np.zeros(len(sound), bool)
    for one in found:
        covered[one.start_sample : one.stop_sample] = True
        # The cuts lie in pauses: nothing is loud within 50 ms.
        for cut in (one.start_sample, one.stop_sample):
            assert not loud[max(cut - 800, 0) : cut + 800].any()
    assert not loud[~covered].any()


def test_an_empty_room_opens_nothing() -> None:
    assert utterances(sample("quiet")) == []


def test_the_default_closes_in_noise(welcome: np.ndarray) -> None:
    """At 5 dB, where WebRTC's detector reports endless speech."""
    room = 8000
    quiet = np.zeros(room, np.float32)
    sound = np.concatenate([quiet, welcome, quiet])
    noisy = sound + pink_noise(len(sound), rms=float(welcome.std()) * 10 ** (-5 / 20))
    assert len(utterances(noisy.astype(np.float32))) == lines("welcome")
