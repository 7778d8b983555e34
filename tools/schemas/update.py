"""Write docs/events.schema.json from the event classes. Run this when an event changes."""

from __future__ import annotations

import dataclasses
import inspect
import json
import sys
import types
import typing
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY))

from granite_live.session import events  # noqa: E402
from granite_live.session.events import JSON_VERSION  # noqa: E402

PATH = REPOSITORY / "docs" / "events.schema.json"
SIMPLE = {float: "number", int: "integer", str: "string", bool: "boolean", type(None): "null"}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one line of `granite-live listen --json`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Granite Live: one line of 'granite-live listen --json'",
        "description": "Times are in seconds. New events and new members may come without a new "
        "version; readers should ignore what they do not know.",
        "oneOf": [event_schema(kind) for kind in typing.get_args(events.SessionEvent)],
    }


def event_schema(kind: type) -> dict[str, Any]:
    """Return the schema of one event."""
    found = object_schema(kind)
    name = events.event_name(kind)
    found["properties"] = {
        "event": {"const": name},
        "version": {"const": JSON_VERSION},
        **found["properties"],
    }
    found["required"] = ["event", "version", *found["required"]]
    return {"title": name, **found}


def object_schema(kind: type) -> dict[str, Any]:
    """Return the schema of a dataclass: an object with all its members required."""
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    return {
        "type": "object",
        "description": " ".join((inspect.getdoc(kind) or "").split()),
        "properties": {name: type_schema(hints[name]) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def type_schema(kind: Any) -> dict[str, Any]:
    """Return the schema of a member's type.

    Raises:
        TypeError: JSON has no such type.
    """
    if kind in SIMPLE:
        return {"type": SIMPLE[kind]}
    if dataclasses.is_dataclass(kind):
        return object_schema(typing.cast(type, kind))
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple and arguments[-1] is Ellipsis:
        return {"type": "array", "items": type_schema(arguments[0])}
    if typing.get_origin(kind) is dict and arguments[0] is str:
        return {"type": "object", "additionalProperties": type_schema(arguments[1])}
    if isinstance(kind, types.UnionType):
        return {"anyOf": [type_schema(one) for one in arguments]}
    raise TypeError(f"{kind} has no JSON type")


def text() -> str:
    """Return the content of the file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
