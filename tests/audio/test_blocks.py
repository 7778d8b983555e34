"""Pieces of any length and rate become equal blocks of one rate."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from granite_live.audio.decoding import format_clock
from granite_live.audio.resampling import BlockResampler


@given(st.lists(st.integers(0, 40), max_size=30))
def test_nothing_is_lost_or_reordered_at_the_same_rate(lengths: list[int]) -> None:
    sound = np.arange(sum(lengths), dtype=np.float32)
    blocks = BlockResampler(20)
    found = []
    start = 0
    for length in lengths:
        found += list(blocks.add(sound[start : start + length], 20))
        start += length
    found += list(blocks.finish())
    assert [len(block) for block in found[:-1]] == [10] * len(found[:-1])
    assert all(1 <= len(block) <= 10 for block in found)
    np.testing.assert_array_equal(np.concatenate([np.zeros(0, np.float32), *found]), sound)


@given(
    st.lists(
        st.tuples(st.sampled_from([8_000, 16_000, 44_100, 48_000]), st.integers(0, 3_000)),
        min_size=1,
        max_size=12,
    )
)
def test_length_is_right_when_the_rate_changes(pieces: list[tuple[int, int]]) -> None:
    blocks = BlockResampler(16_000)
    samples = 0
    for rate_hz, length in pieces:
        samples += sum(map(len, blocks.add(np.zeros(length, np.float32), rate_hz)))
    samples += sum(map(len, blocks.finish()))
    wanted = sum(length / rate_hz * 16_000 for rate_hz, length in pieces)
    assert abs(samples - wanted) <= 2 * len(pieces)


def test_clock() -> None:
    assert [format_clock(s) for s in (0.0, 59.96, 75.25, 3_599.99, 7_325.4)] == [
        "0:00.0",
        "1:00.0",
        "1:15.2",
        "1:00:00.0",
        "2:02:05.4",
    ]
