"""Several utterances in one input: each whole, in its place, hidden from the others."""

from __future__ import annotations

import numpy as np

from granite_live.models.optimize.lengths import concatenate_utterances, pad_batch, text_then_audio


def test_sounds_lie_side_by_side_with_zeros_behind() -> None:
    sounds = [np.full((1, rows, 2), rows, np.float32) for rows in (3, 1)]
    features, mask = pad_batch(sounds, 4)
    assert features[..., 0].tolist() == [[3, 3, 3, 0], [1, 0, 0, 0]]
    assert mask.tolist() == [[1, 1, 1, 0], [1, 0, 0, 0]]
    assert (features.dtype, mask.dtype) == (np.float32, np.int64)


def test_utterances_follow_each_other_and_do_not_see_each_other() -> None:
    rows = [np.full((length, 2), length, np.float32) for length in (3, 5)]
    inputs, bounds = concatenate_utterances([(rows[0], 1), (rows[1], 3)])
    assert inputs["inputs_embeds"].shape == (1, 8, 2)
    assert inputs["inputs_embeds"][0, :, 0].tolist() == [3] * 3 + [5] * 5
    assert inputs["position_ids"].tolist() == [[0, 1, 2, 0, 1, 2, 3, 4]]
    assert inputs["text_rows"].tolist() == [1, 2, 6, 7]
    assert bounds.tolist() == [2]
    own = np.repeat([0, 1], [3, 5])
    seen = inputs["attention_mask"][0, 0] == 0
    np.testing.assert_array_equal(seen, own[:, None] == own[None])
    assert inputs["attention_mask"].min() <= -1e30


def test_one_alone_is_what_is_published() -> None:
    inputs, bounds = concatenate_utterances([(np.ones((4, 2), np.float32), 3)])
    assert not inputs["attention_mask"].any()
    assert inputs["position_ids"].tolist() == [[0, 1, 2, 3]]
    assert bounds.tolist() == []


def test_text_comes_first_where_lengths_are_fixed() -> None:
    rows = np.arange(5, dtype=np.float32)[:, None] + np.zeros((5, 2), np.float32)
    inputs = text_then_audio(rows, 3, audio=4, slots=3)
    assert inputs["inputs_embeds"][0, :, 0].tolist() == [3, 4, 0, 0, 1, 2, 0]
    assert inputs["position_ids"].tolist() == [[3, 4, 0, 0, 1, 2, 0]]
    seen = inputs["attention_mask"][0, 0] == 0
    assert seen.shape == (7, 7)
    assert seen.all(axis=0).tolist() == [True, True, False, True, True, True, False]
    assert seen.any(axis=0).tolist() == seen.all(axis=0).tolist()


def test_lengths_that_are_just_right_hide_nothing() -> None:
    inputs = text_then_audio(np.ones((5, 2), np.float32), 3, audio=3, slots=2)
    assert not inputs["attention_mask"].any()
    assert inputs["position_ids"].tolist() == [[3, 4, 0, 1, 2]]
