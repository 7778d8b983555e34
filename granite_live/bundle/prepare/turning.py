"""How graphs turn rows of channels [B, T, C] into channels [B, C, T] for convolutions, and back."""

from __future__ import annotations

from granite_live.bundle.prepare.editing import GraphEditor, attribute

TURNED = [0, 2, 1]
"""The axes, in either direction."""


def rows_behind(graph: GraphEditor, channels: str) -> str | None:
    """Return the rows that a Transpose turned into `channels`, None if there is none."""
    turn = graph.maker(channels, "Transpose")
    return str(turn.input[0]) if turn is not None and attribute(turn, "perm") == TURNED else None
