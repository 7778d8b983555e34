"""Transposes between rows [B, T, C] and channels [B, C, T], as convolutions need them."""

from __future__ import annotations

from granite_live.models.optimize.editing import GraphEditor, attribute

TURNED = [0, 2, 1]
"""The permutation, in both directions."""


def rows_behind(graph: GraphEditor, channels: str) -> str | None:
    """Return the rows that a Transpose turned into `channels`, None if there is no such node."""
    turn = graph.maker(channels, "Transpose")
    return str(turn.input[0]) if turn is not None and attribute(turn, "perm") == TURNED else None
