"""Utterances with their samples, from little memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from granite_live.vad.events import SegmentClosed
from granite_live.vad.segmenter import Segmenter, segment_stream

RATE = 16000
FRAME = 320


class Loudness:
    """A detector that takes loud frames for speech."""

    frame_samples = FRAME

    def probability(self, frame: np.ndarray) -> float:
        return float(np.abs(frame).mean() > 0.01)

    def reset(self) -> None:
        pass


def talk(seconds: float, pause_s: float) -> np.ndarray:
    rng = np.random.default_rng(round(seconds * 10))
    loud = rng.integers(-3000, 3000, round(seconds * RATE), dtype=np.int16)
    return np.concatenate([loud, rng.integers(-9, 9, round(pause_s * RATE), dtype=np.int16)])


SOUND = np.concatenate([talk(0, 1.3), talk(2, 0.9), talk(31, 2), talk(0.5, 0.7), talk(1, 0)])


@pytest.mark.parametrize("block", [1, 777, 8000, len(SOUND)])
def test_they_are_the_segmenters_own(block: int) -> None:
    sound = SOUND[: 6 * RATE] if block == 1 else SOUND
    segmenter = Segmenter(Loudness())
    want = [e for e in segmenter.feed(sound) + segmenter.flush() if isinstance(e, SegmentClosed)]
    blocks = (sound[at : at + block] for at in range(0, len(sound), block))
    found = list(segment_stream(blocks, Segmenter(Loudness())))
    assert len(found) > 1
    assert [(one.start_sample, len(one.samples)) for one in found] == [
        (event.start_sample, event.stop_sample - event.start_sample) for event in want
    ]
    for one in found:
        stop = one.start_sample + len(one.samples)
        assert np.array_equal(one.samples, sound[one.start_sample : stop])


def test_each_comes_as_soon_as_it_is_complete() -> None:
    fed = 0

    def blocks() -> Iterator[np.ndarray]:
        nonlocal fed
        for at in range(0, len(SOUND), FRAME):
            fed += FRAME
            yield SOUND[at : at + FRAME]

    waits_s = [
        (fed - one.start_sample - len(one.samples)) / RATE
        for one in segment_stream(blocks(), Segmenter(Loudness()))
    ]
    # The silence that closes, less what is kept of it; where speech is cut, the frames
    # from the quietest place to the longest length.
    assert max(waits_s) <= 8.1
    assert min(waits_s) <= 0.35


def test_nothing_said_nothing_found() -> None:
    assert list(segment_stream([], Segmenter(Loudness()))) == []
    assert list(segment_stream([np.zeros(RATE, np.int16)], Segmenter(Loudness()))) == []
