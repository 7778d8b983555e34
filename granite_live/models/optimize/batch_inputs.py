"""Build the inputs of graphs for several utterances or padded lengths."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Added to an attention score, this hides the position.
_UNSEEN = np.float32(-1e30)


def pad_batch(
    sounds: Sequence[NDArray[np.float32]], width: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return features [B, width, F] of padded utterances [each 1, T, F], and their mask."""
    filled = np.zeros((len(sounds), width, sounds[0].shape[2]), np.float32)
    mask = np.zeros(filled.shape[:2], np.int64)
    for k, sound in enumerate(sounds):
        length = sound.shape[1]
        filled[k, :length], mask[k, :length] = sound[0], 1
    return filled, mask


def concatenate_utterances(
    utterances: Sequence[tuple[NDArray[np.float32], int]],
) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64]]:
    """Return the editor's inputs for several (rows [N, D], audio length) in one sequence.

    Also returns the indices at which to split its text rows.
    """
    lengths = [len(rows) for rows, _ in utterances]
    starts = np.cumsum([0, *lengths])
    whole = int(starts[-1])
    mask = np.full((1, 1, whole, whole), _UNSEEN, np.float32)
    for start, stop in pairwise(starts):
        mask[..., start:stop, start:stop] = 0.0
    audio = [count for _, count in utterances]
    text = [
        np.arange(start + heard, start + length)
        for start, heard, length in zip(starts, audio, lengths, strict=False)
    ]
    inputs: dict[str, NDArray[Any]] = {
        "inputs_embeds": np.concatenate([rows for rows, _ in utterances])[None],
        "position_ids": np.concatenate([np.arange(length) for length in lengths])[None],
        "attention_mask": mask,
        "text_rows": np.concatenate(text),
    }
    return inputs, np.cumsum([len(rows) for rows in text])[:-1]


def text_then_audio(
    rows: NDArray[np.float32], audio_length: int, audio: int, slots: int
) -> dict[str, NDArray[Any]]:
    """Return the inputs of an editor of `Form.FIXED` for `rows` [N, D] of one utterance.

    Text rows come first, padded to `slots`, then audio rows, padded to `audio`, so that text has a
    fixed place. The order does not matter to the editor: it gets positions, attends in both
    directions, and the mask hides the padding.
    """
    text = len(rows) - audio_length
    filled = np.zeros((slots + audio, rows.shape[1]), np.float32)
    positions = np.zeros(slots + audio, np.int64)
    is_real = np.zeros(slots + audio, bool)
    for first, part in ((0, slice(audio_length, None)), (slots, slice(audio_length))):
        count = text if first == 0 else audio_length
        place = slice(first, first + count)
        filled[place], is_real[place] = rows[part], True
        positions[place] = np.arange(len(rows))[part]
    mask = np.where(is_real, np.float32(0), _UNSEEN)
    return {
        "inputs_embeds": filled[None],
        "position_ids": positions[None],
        "attention_mask": np.broadcast_to(mask, (1, 1, len(mask), len(mask))).copy(),
    }
