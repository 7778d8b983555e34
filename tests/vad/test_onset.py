"""Frames are counted from the onset of sound, so that utterances are reproducible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from granite_live.vad.events import SegmentClosed, SegmentEvent, SegmentOpened
from granite_live.vad.segmenter import Segmenter
from granite_live.vad.sound_history import OnsetDetector

RATE = 16000
FRAME = 512
LOUDNESS = 160
QUIET = 3200


def sound_of(*parts: tuple[float, int], seed: int = 0) -> NDArray[np.float32]:
    """Noise of these RMS values for the given numbers of samples, in 16-bit steps."""
    rng = np.random.default_rng(seed)
    noise = np.concatenate([rms * rng.standard_normal(samples) for rms, samples in parts])
    return (np.rint(np.clip(noise, -1, 1) * 32767) / 32768).astype(np.float32)


def onsets_of(sound: NDArray[np.float32], block: int = FRAME) -> list[int]:
    """Return all onsets of a stream."""
    onsets, found, at = OnsetDetector(), [], 0
    while at < len(sound):
        place = onsets.find(sound[at : at + block])
        if place is not None:
            onsets.add(sound[at : at + place], is_onset=True)
            at += place
            found.append(at)
        onsets.add(sound[at : at + block])
        at += block
    return found


def by_definition(sound: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return for each sample whether the 10 ms up to it are 10 dB above any 10 ms of the 0.2 s
    before.
    """
    silence = np.zeros(QUIET + 2 * LOUDNESS + 1, np.int64)
    sums = np.cumsum(np.concatenate((silence, np.rint(sound * 32768).astype(np.int64))) ** 2)
    loudness = sums[LOUDNESS:] - sums[:-LOUDNESS]  # of 10 ms
    before = sliding_window_view(loudness, QUIET).max(axis=1)[2:]
    now = loudness[QUIET + LOUDNESS + 1 :]
    return now > 10 * np.maximum(16_000, before[: len(now)])


def test_it_is_the_first_sample_where_the_definition_holds() -> None:
    sound = sound_of((0.001, 6000), (0.1, 4000))
    (onset,) = onsets_of(sound)
    assert 6000 <= onset < 6010
    held = by_definition(sound)
    assert held[onset]
    assert not held[QUIET:onset].any()


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (sound_of((0.01, 20_000)), "steady noise"),
        (sound_of((0.0001, 8000), (0.0003, 8000)), "the last bits of a converter"),
        (sound_of((0.01, 8000), (0.02, 8000)), "6 dB more"),
        (sound_of((0.0, 2000), (0.1, 8000)), "a stream that has just begun"),
        (sound_of((0.1, 8000), (0.001, 3000), (0.1, 8000)), "a gap inside a word"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_sets_in_with(sound: NDArray[np.float32], why: str) -> None:
    assert onsets_of(sound) == [], why


def test_after_a_pause_it_sets_in_again() -> None:
    sound = sound_of((0.001, 6000), (0.1, 4000), (0.001, 5000), (0.1, 4000))
    first, second = onsets_of(sound)
    assert 6000 <= first < 6010
    assert 15_000 <= second < 15_010


@given(st.integers(0, 3000), st.sampled_from((320, 480, 512)))
def test_it_stays_with_the_sound_when_the_stream_begins_later(later: int, block: int) -> None:
    sound = sound_of((0.001, 6000), (0.1, 4000), (0.0005, 5000), (0.05, 4000))
    more = sound_of((0.001, later), seed=1)
    moved = onsets_of(np.concatenate((more, sound)), block)
    assert [onset - later for onset in moved] == onsets_of(sound)


class Loud:
    """A detector that takes loud frames for speech."""

    frame_samples = FRAME

    def probability(self, frame: NDArray[np.float32]) -> float:
        return float(np.sqrt(np.mean(np.square(frame, dtype=np.float64))) > 0.02)

    def reset(self) -> None:
        """Do nothing; there is no state."""


def events_of(sound: NDArray[np.float32], block: int) -> list[SegmentEvent]:
    segmenter, found = Segmenter(Loud()), []
    for at in range(0, len(sound), block):
        found += segmenter.feed(sound[at : at + block])
    return found + segmenter.flush()


SPEECH = sound_of(
    (0.001, 9000),
    (0.1, 9000),
    (0.01, 3000),
    (0.1, 5000),
    (0.001, 14_000),
    (0.1, 8000),
    (0.0, 16_000),
)


@given(st.integers(0, 2000), st.integers(1, 5000))
def test_utterances_lie_over_the_same_sound_whenever_the_stream_began(
    later: int, block: int
) -> None:
    moved = events_of(np.concatenate((sound_of((0.001, later), seed=1), SPEECH)), block)
    expected = events_of(SPEECH, FRAME)
    assert [type(event) for event in expected] == [
        SegmentOpened,
        SegmentClosed,
        SegmentOpened,
        SegmentClosed,
    ]
    assert [(e.utterance, e.start_sample - later) for e in moved] == [
        (e.utterance, e.start_sample) for e in expected
    ]
    stops = [e.stop_sample for e in expected if isinstance(e, SegmentClosed)]
    assert [e.stop_sample - later for e in moved if isinstance(e, SegmentClosed)] == stops


def test_an_utterance_that_is_open_keeps_its_frames() -> None:
    """Sound after 0.2 s of quiet inside an utterance is not an onset."""
    gap = sound_of((0.001, 9000), (0.1, 9000), (0.001, 5000), (0.1, 9000), (0.0, 16_000))
    first, second = onsets_of(gap)
    opened, closed = events_of(gap, FRAME)
    assert isinstance(opened, SegmentOpened)
    assert isinstance(closed, SegmentClosed)
    keep_silence = 300 * RATE // 1000
    assert (closed.stop_sample - keep_silence - first) % FRAME == 0
    assert (closed.stop_sample - keep_silence - second) % FRAME != 0
