"""Outputs that nobody reads, and all that is computed for them alone, go."""

from __future__ import annotations

from collections.abc import Collection

from granite_live.bundle.prepare.editing import GraphEditor
from granite_live.bundle.prepare.outcome import Outcome


def drop_unread_outputs(graph: GraphEditor, read: Collection[str]) -> Outcome:
    """Drop every output that is not among `read`, with its branch."""
    unread = [name for name in graph.outputs if name not in read]
    for name in unread:
        graph.drop_output(name)
    graph.prune()
    return Outcome(len(unread))
