"""File names of the graphs of a prepared tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.models.description import FixedGraph, Form
from granite_live.models.optimize import recipe

if TYPE_CHECKING:
    from granite_live.models.description import Bundle


def file_name(name: str, size: recipe.Size | None = None) -> str:
    """Return the file name of a graph, with its length if fixed."""
    return f"{name}.onnx" if size is None else f"{name}-{size.rows}.onnx"


def as_prepared(bundle: Bundle, home: Path, form: Form, weights: Mapping[str, str]) -> Bundle:
    """Return the bundle with the graphs in the folder `home`.

    `weights` are the folders of the published weights, which fixed graphs use.
    """
    if form is not Form.FIXED:
        graphs = {name: home / file_name(name) for name in recipe.REWRITTEN}
        return replace(bundle, graphs={**bundle.graphs, **graphs}, form=form)
    fixed = {
        name: tuple(
            FixedGraph(size.rows, size.slots, home / file_name(name, size), Path(weights[name]))
            for size in sizes
        )
        for name, sizes in recipe.SIZES.items()
    }
    shortest = {name: graphs[0].path for name, graphs in fixed.items()}
    return replace(bundle, graphs={**bundle.graphs, **shortest}, form=form, fixed=fixed)
