"""Make the encoder ignore rows behind the end of each utterance.

The published encoder counts the length from its mask but still reads the rows behind the end, which
changes the last words. Few nodes mix rows: convolutions and paddings get zeros there, as for audio
of exactly this length, and attention masks these rows like those of its last block. A short
utterance can then be padded in a batch or in a graph of fixed length.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from granite_live.models.optimize.attention import MaskedScores, find_masked
from granite_live.models.optimize.convolutions import is_depthwise
from granite_live.models.optimize.graph_editor import (
    GraphEditor,
    RewriteCount,
    rows_before_transpose,
)
from granite_live.models.optimize.graph_values import ValueInfo

if TYPE_CHECKING:
    import onnx


MASK = "attention_mask"
_FLOAT, _BOOL = 1, 9  # values of onnx.TensorProto


def mask_padding(graph: GraphEditor, values: ValueInfo) -> RewriteCount:
    """Make the encoder respect its mask [B, T]: ones, then zeros behind the end of each utterance.

    Changes depthwise convolutions, paddings other than attention's, and attention masks. Must run
    before `padding` and `attention_mask`.

    Args:
        graph: The encoder.
        values: The values of the published graph.
    """
    if MASK not in graph.inputs:
        return RewriteCount()
    heeding = _PaddingMasks(graph, values)
    for node in graph.nodes:
        if node.op_type == "Conv" and is_depthwise(graph, node):
            heeding.convolution(node)
        elif node.op_type == "Pad" and values.types.get(node.input[0]) == _FLOAT:
            if graph.producer(node.input[0], "LayerNormalization") is None:
                heeding.padding(node)
        elif (masked := find_masked(graph, node)) is not None:
            heeding.attention(node, masked)
    return RewriteCount(heeding.changed, heeding.left)


class _PaddingMasks:
    """The masks made so far, by shape or by the condition they narrow."""

    def __init__(self, graph: GraphEditor, values: ValueInfo) -> None:
        self._graph = graph
        self._values = values
        self._within = graph.add("Cast", [MASK], f"{MASK}/within", to=_FLOAT)
        self._shaped: dict[int, str] = {}
        self._conditions: dict[tuple[str, bool], str] = {}
        self.changed = self.left = 0

    def convolution(self, node: onnx.NodeProto) -> None:
        """Set the channels [B, C, T], or the rows they come from, to zero behind the end."""
        channels = str(node.input[0])
        rows = rows_before_transpose(self._graph, channels)
        turn = self._graph.producer(channels)
        if rows is not None and turn is not None:
            self._silence(turn, rows, self._across(2))
        else:
            self._silence(node, channels, self._across(1))

    def padding(self, node: onnx.NodeProto) -> None:
        """Set [B, T, C], or [B, T], to zero behind the end."""
        rows = str(node.input[0])
        rank = self._values.rank(rows)
        if rank in {2, 3}:
            self._silence(node, rows, self._across(2) if rank == 3 else self._within)
        else:
            self.left += 1

    def attention(self, node: onnx.NodeProto, masked: MaskedScores) -> None:
        """Hide rows behind the end from attention."""
        key = self._shared(masked.condition), masked.is_kept_where_true
        if key not in self._conditions:
            self._conditions[key] = self._narrowed(*key)
        self._graph.replace_input(node, masked.condition, self._conditions[key])
        self.changed += 1

    def _shared(self, condition: str) -> str:
        """Return the boolean source of a condition that exporters cast again in each layer."""
        while (cast := self._graph.producer(condition, "Cast")) is not None:
            if self._values.types.get(cast.input[0]) != _BOOL:
                break
            condition = str(cast.input[0])
        return condition

    def _silence(self, reader: onnx.NodeProto, value: str, within: str) -> None:
        silenced = self._graph.add("Mul", [value, within], f"{value}/within")
        self._graph.replace_input(reader, value, silenced)
        self.changed += 1

    def _across(self, axis: int) -> str:
        """Return the mask with an axis of size 1 inserted."""
        if axis not in self._shaped:
            place = self._graph.constant(np.array([axis], np.int64), f"{MASK}/axis")
            self._shaped[axis] = self._graph.add(
                "Unsqueeze", [self._within, place], f"{MASK}/within"
            )
        return self._shaped[axis]

    def _narrowed(self, condition: str, is_kept_where_true: bool) -> str:
        """Return the condition [1, blocks, 1, c, c] restricted to the utterance's rows."""
        graph = self._graph
        hint = f"{condition}/length"
        shape = graph.add("Shape", [condition], hint)
        blocks, places = (
            graph.add("Slice", [shape, *self._numbers(hint, start, stop)], f"{hint}/{name}")
            for name, start, stop in (("blocks", 1, 2), ("places", -1, np.iinfo(np.int64).max))
        )
        (zeros,) = self._numbers(f"{hint}/zeros", (0, 0, 0))
        whole = graph.add("Mul", [blocks, places], f"{hint}/whole")
        rows = graph.add("Shape", [MASK], f"{hint}/rows", start=1, end=2)
        missing = graph.add("Sub", [whole, rows], f"{hint}/missing")
        amount = graph.add("Concat", [zeros, missing], f"{hint}/amount", axis=0)
        wide = graph.add("Pad", [MASK, amount], f"{hint}/padded")
        any_, one = self._numbers(f"{hint}/shape", -1, (1, 1))
        into = graph.add("Concat", [any_, blocks, one, places], f"{hint}/into", axis=0)
        within = graph.add("Reshape", [wide, into], f"{hint}/blocks_of_rows")
        inside = graph.add("Cast", [within], f"{hint}/inside", to=_BOOL)
        if is_kept_where_true:
            return graph.add("And", [condition, inside], f"{condition}/of_this_sound")
        outside = graph.add("Not", [inside], f"{hint}/outside")
        return graph.add("Or", [condition, outside], f"{condition}/of_this_sound")

    def _numbers(self, hint: str, *values: int | tuple[int, ...]) -> list[str]:
        arrays = [np.atleast_1d(np.array(value, np.int64)) for value in values]
        return [self._graph.constant(array, hint) for array in arrays]


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
