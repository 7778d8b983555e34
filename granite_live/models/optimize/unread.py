"""Remove outputs that the pipeline does not read."""

from __future__ import annotations

from collections.abc import Collection

from granite_live.models.optimize.editing import GraphEditor
from granite_live.models.optimize.outcome import Outcome


def drop_unread_outputs(graph: GraphEditor, read: Collection[str]) -> Outcome:
    """Drop every output that is not in `read`, with the nodes that only it needs."""
    unread = [name for name in graph.outputs if name not in read]
    for name in unread:
        graph.drop_output(name)
    graph.prune()
    return Outcome(len(unread))
