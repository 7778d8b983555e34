"""The output of `listen --json` matches docs/events.schema.json."""

from __future__ import annotations

import dataclasses
import importlib.util
import io
import json
import types
import typing
from pathlib import Path
from typing import Any

import pytest
from helpers.json_schemas import DOCS, validator
from jsonschema import ValidationError

from granite_live.cli.live_output import JsonView
from granite_live.session import events

TOOL = Path(__file__).parents[2] / "tools" / "schemas" / "update.py"
KINDS = typing.get_args(events.SessionEvent)


def example(kind: Any) -> Any:
    """Return a value of a type, with every member filled."""
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        values = {field.name: example(hints[field.name]) for field in dataclasses.fields(kind)}
        return typing.cast(type, kind)(**values)
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return (example(arguments[0]),)
    if typing.get_origin(kind) is dict:
        return {"encoder": example(arguments[1])}
    if isinstance(kind, types.UnionType):
        return example(arguments[0])
    return kind(1)


def written(event: events.SessionEvent) -> Any:
    out = io.StringIO()
    JsonView(out).show(event)
    assert out.getvalue().count("\n") == 1
    return json.loads(out.getvalue())


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_is_as_the_schema_says(kind: Any) -> None:
    data = written(example(kind))
    assert list(data)[:2] == ["event", "version"]
    assert data["version"] == 1
    validator("events").validate(data)


def test_what_no_event_has_is_refused_by_the_schema() -> None:
    data = written(events.UtteranceDropped(0.5, 3))
    for wrong in ({**data, "more": 1}, {**data, "t": "soon"}, {**data, "event": "dropping"}):
        with pytest.raises(ValidationError):
            validator("events").validate(wrong)


def test_the_document_is_up_to_date() -> None:
    """If this fails, run `python tools/schemas/update.py`."""
    found = importlib.util.spec_from_file_location("update_schemas", TOOL)
    assert found is not None
    assert found.loader is not None
    tool = importlib.util.module_from_spec(found)
    found.loader.exec_module(tool)
    assert (DOCS / "events.schema.json").read_text(encoding="utf-8") == tool.text()
