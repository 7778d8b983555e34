"""Times of edited tokens, from those of the draft."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.asr.words import align

tokens = st.lists(st.integers(0, 6), max_size=25)


def spans_of(count: int) -> list[tuple[float, float]]:
    """Return spans of 80 ms, one every 240 ms."""
    return [(0.24 * k, 0.24 * k + 0.08) for k in range(count)]


@given(tokens, tokens)
def test_times_never_run_backwards_nor_leave_the_utterance(
    draft: list[int], final: list[int]
) -> None:
    duration_s = 0.24 * len(draft) + 0.5
    found = align(draft, spans_of(len(draft)), final, duration_s)
    assert len(found) == len(final)
    for span in found:
        assert 0.0 <= span.start_s <= span.end_s <= duration_s
    for earlier, later in itertools.pairwise(found):
        assert earlier.end_s <= later.start_s + 1e-9


@given(tokens)
def test_an_unchanged_draft_keeps_its_times(draft: list[int]) -> None:
    spans = spans_of(len(draft))
    found = align(draft, spans, draft, 100.0)
    assert [(span.start_s, span.end_s) for span in found] == spans
    assert [span.agrees_with for span in found] == list(range(len(draft)))


def test_a_replaced_token_takes_the_time_of_the_old_one() -> None:
    found = align([1, 2, 3], spans_of(3), [1, 9, 3], 1.0)
    assert (found[1].start_s, found[1].end_s) == (0.24, 0.32)
    assert found[1].agrees_with is None
    assert list(found[1].replaced) == [1]


def test_two_for_one_share_its_time() -> None:
    found = align([1, 2, 3], spans_of(3), [1, 8, 9, 3], 1.0)
    assert [(s.start_s, s.end_s) for s in found[1:3]] == [
        pytest.approx((0.24, 0.28)),
        pytest.approx((0.28, 0.32)),
    ]


def test_an_inserted_token_stands_in_the_gap_before_what_follows() -> None:
    found = align([1, 3], [(0.0, 0.1), (5.0, 5.1)], [1, 2, 3], 6.0)
    assert (found[1].start_s, found[1].end_s) == pytest.approx((4.8, 5.0))
    assert not found[1].replaced


def test_a_token_at_the_end_follows_what_came_before() -> None:
    found = align([1], [(0.0, 0.1)], [1, 2], 6.0)
    assert (found[1].start_s, found[1].end_s) == pytest.approx((0.1, 0.3))
