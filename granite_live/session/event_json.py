"""Events as the lines of `listen --json`, see docs/events.schema.json."""

from __future__ import annotations

import json
from typing import Any

from granite_live.session import events

JSON_VERSION = 1
"""The version of the JSON lines: changes when a member is removed or changes its meaning."""


def event_line(event: events.SessionEvent) -> str:
    """Return the event as one line of JSON, without its end."""
    fields = _rounded(events.to_json(event))
    data = {"event": fields.pop("event"), "version": JSON_VERSION, **fields}
    return json.dumps(data, ensure_ascii=False)


def _rounded(value: Any) -> Any:
    """Round floats to their precision: four decimals."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
