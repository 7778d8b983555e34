"""Greedy CTC decoding against the definition."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.asr.ctc import decode, runs
from granite_live.models.bundle import CtcMapping

SHIFTED = CtcMapping(blank=0, shift=1)
UNSHIFTED = CtcMapping(blank=5, shift=0)
paths = st.lists(st.integers(0, 5), max_size=60)


def logits_of(path: list[int], peak: float = 9.0) -> np.ndarray:
    logits = np.zeros((len(path), 6), np.float32)
    logits[np.arange(len(path)), path] = peak
    return logits


@pytest.mark.parametrize("dialect", [SHIFTED, UNSHIFTED])
@given(path=paths)
def test_collapses_repeats_then_drops_the_blank(dialect: CtcMapping, path: list[int]) -> None:
    expected = [c - dialect.shift for c, _ in itertools.groupby(path) if c != dialect.blank]
    found = decode(logits_of(path), np.ones(len(path), bool), dialect)
    assert list(found.ids) == expected


@given(path=paths)
def test_frames_of_a_token_hold_its_class_and_only_it(path: list[int]) -> None:
    found = decode(logits_of(path), np.ones(len(path), bool), SHIFTED)
    clock = 0
    for token, start, end in zip(found.ids, found.start_frames, found.end_frames, strict=True):
        assert clock <= start < end <= len(path)
        assert set(path[start:end]) == {token + 1}
        clock = end


@pytest.mark.parametrize("kind", [bool, np.float32])
def test_masked_frames_are_not_heard(kind: type) -> None:
    path = [1, 1, 0, 2, 3, 3]
    mask = np.array([1, 1, 1, 1, 0, 0], kind)
    found = decode(logits_of(path), mask, SHIFTED)
    assert found.ids == (0, 1)


def test_probability_is_the_softmax_peak_of_the_run() -> None:
    logits = logits_of([2, 2, 0, 3])
    logits[1, 2] = 11.0
    found = decode(logits, np.ones(4, bool), SHIFTED)
    softmax = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    assert found.probabilities == pytest.approx([softmax[1, 2], softmax[3, 3]], rel=1e-6)


def test_probabilities_do_not_overflow() -> None:
    logits = logits_of([1, 0, 2], peak=30000.0)
    found = decode(logits, np.ones(3, bool), SHIFTED)
    assert found.probabilities.tolist() == [1.0, 1.0]


def test_more_rows_than_a_chunk() -> None:
    path = [1, 0, 2, 0] * 40
    found = decode(logits_of(path), np.ones(len(path), bool), SHIFTED)
    assert len(found.ids) == 80
    assert np.ptp(found.probabilities) < 1e-6


def test_logits_are_left_as_they_were() -> None:
    logits = logits_of([1, 1, 2])
    before = logits.copy()
    decode(logits, np.ones(3, bool), SHIFTED)
    assert (logits == before).all()


def test_nothing_in_nothing_out() -> None:
    found = decode(np.empty((0, 6), np.float32), np.empty(0, bool), SHIFTED)
    assert found.ids == ()
    assert len(found.start_frames) == len(found.end_frames) == len(found.probabilities) == 0


@given(st.lists(st.integers(0, 3), max_size=40))
def test_runs_rebuild_the_values(values: list[int]) -> None:
    array = np.array(values, np.int64)
    starts, ends = runs(array)
    rebuilt = [array[s] for s, e in zip(starts, ends, strict=True) for _ in range(e - s)]
    assert rebuilt == values
    assert all(array[a] != array[b] for a, b in itertools.pairwise(starts))
