"""Insertion slots and what is read from them."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from granite_live.asr.editing import add_insertion_slots, read_slots, slot_count

EOS = 9
token_lists = st.lists(st.integers(0, 8), max_size=30)


@given(token_lists)
def test_every_token_has_a_free_place_on_each_side(tokens: list[int]) -> None:
    slots = add_insertion_slots(tokens, EOS)
    assert slots.dtype == np.int64
    assert len(slots) == slot_count(len(tokens)) == max(2 * len(tokens) + 1, 8)
    assert slots[1::2][: len(tokens)].tolist() == tokens
    assert (slots[0::2] == EOS).all()
    assert (slots[2 * len(tokens) + 1 :] == EOS).all()


@given(token_lists)
def test_an_editor_that_copies_returns_the_draft(tokens: list[int]) -> None:
    """The free places keep even repeated tokens apart."""
    slots = add_insertion_slots(tokens, EOS)
    logits = np.eye(10, dtype=np.float32)[slots] * 20
    edited = read_slots(logits, EOS)
    assert list(edited.ids) == tokens
    assert (edited.probabilities > 0.99).all()
    assert (edited.probabilities <= 1).all()


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_collapse_comes_before_dropping_eos(rows: list[int]) -> None:
    edited = read_slots(np.eye(10, dtype=np.float32)[rows], EOS)
    assert list(edited.ids) == [token for token, _ in itertools.groupby(rows) if token != EOS]
    assert len(edited.probabilities) == len(edited.ids)
