"""Which sounds go together: all of them once, none beyond what fits, little filled up."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from granite_live.asr.optimized_graphs import (
    batches_of_similar_length,
    consecutive_batches,
    round_up,
)


@pytest.mark.parametrize(("length", "wanted"), [(1, 100), (100, 100), (101, 200)])
def test_lengths_are_rounded_up(length: int, wanted: int) -> None:
    assert round_up(length, 100) == wanted


def test_alike_lengths_share_a_group_and_unlike_ones_do_not() -> None:
    groups = list(batches_of_similar_length([90, 1000, 95, 980, 400], 100, 3000))
    assert groups == [(1000, [1, 3]), (400, [4]), (100, [2, 0])]


def test_what_is_longer_than_fits_goes_alone() -> None:
    assert list(batches_of_similar_length([50, 5000, 4000], 100, 3000)) == [
        (5000, [1]),
        (4000, [2]),
        (100, [0]),
    ]


def test_no_lengths_are_no_groups() -> None:
    assert list(batches_of_similar_length([], 100, 3000)) == []
    assert list(consecutive_batches([], 3000)) == []


@pytest.mark.parametrize("seed", range(20))
def test_every_length_is_in_one_group_that_fits(seed: int) -> None:
    rng = random.Random(seed)
    lengths = [rng.randint(1, 1100) for _ in range(rng.randint(1, 60))]
    seen: list[int] = []
    for width, group in batches_of_similar_length(lengths, 100, 3000):
        seen += group
        assert width % 100 == 0
        assert len(group) == 1 or width * len(group) <= 3000
        for index in group:
            assert lengths[index] <= width <= max(2 * lengths[index], 100)
    assert sorted(seen) == list(range(len(lengths)))


@pytest.mark.parametrize("seed", range(5))
def test_neighbours_stay_in_order(seed: int) -> None:
    rng = random.Random(seed)
    lengths = [rng.randint(1, 900) for _ in range(40)]
    groups = list(consecutive_batches(lengths, 1536))
    assert [index for group in groups for index in group] == list(range(40))
    for group, after in pairwise(groups):
        total = sum(lengths[index] for index in group)
        assert len(group) == 1 or total <= 1536
        assert total + lengths[after[0]] > 1536  # no group ends too early
