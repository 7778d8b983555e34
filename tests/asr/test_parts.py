"""Cutting long sound: nothing lost, nothing doubled, cut where it is quiet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.asr.results import quietest_sample, split, split_in_half, stream_parts

RATE = 1000


@given(st.lists(st.integers(0, 900), max_size=12), st.integers(2, 1500))
def test_parts_join_to_what_came_in(sizes: list[int], max_samples: int) -> None:
    rng = np.random.default_rng(sum(sizes))
    blocks = [rng.standard_normal(size).astype(np.float32) for size in sizes]
    found = list(stream_parts(iter(blocks), max_samples, RATE))
    whole = np.concatenate([np.empty(0, np.float32), *blocks])
    joined = np.concatenate([np.empty(0, np.float32), *(part.waveform for part in found)])
    assert joined.tobytes() == whole.tobytes()
    clock = 0
    for part in found:
        assert part.start_sample == clock
        assert 0 < len(part.waveform) <= max_samples
        clock += len(part.waveform)


def test_the_cut_is_in_the_pause() -> None:
    rng = np.random.default_rng(1)
    wave = rng.standard_normal(10_000).astype(np.float32)
    wave[7000:7400] *= 0.001
    first = split(wave, 9000, RATE)[0]
    assert 7100 <= len(first.waveform) <= 7300


def test_of_equal_silence_the_latest_is_taken() -> None:
    assert quietest_sample(np.zeros(5000, np.float32), 1000, 4000, RATE) == 4000


def test_memory_stays_bounded() -> None:
    """The stream is consumed no further than one part ahead of what was yielded."""
    taken = 0

    def blocks():
        nonlocal taken
        for _ in range(1000):
            taken += 100
            yield np.ones(100, np.float32)

    out = 0
    for part in stream_parts(blocks(), 1000, RATE):
        out += len(part.waveform)
        assert taken - out <= 1000 + 100
    assert out == 100_000


def test_halves_meet() -> None:
    wave = np.arange(999, dtype=np.float32)
    left, right = split_in_half(wave, RATE)
    assert np.concatenate([left.waveform, right.waveform]).tolist() == wave.tolist()
    assert right.start_sample == len(left.waveform)
    assert 333 <= right.start_sample <= 666


def test_a_part_of_one_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="max_samples is 1"):
        list(stream_parts([], 1, RATE))
