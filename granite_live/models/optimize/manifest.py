"""The notes beside the graphs of a prepared tier."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_NAME = "prepared.json"


def read_manifest(home: Path) -> dict[str, Any]:
    """Return the notes in the folder of a prepared tier, empty if there are none."""
    try:
        read = json.loads((home / _NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def write_manifest(home: Path, notes: Mapping[str, Any]) -> None:
    """Write the notes, replacing others atomically.

    Raises:
        OSError: They cannot be written; others stay.
    """
    from granite_live.util.files import write_atomically

    write_atomically(home / _NAME, json.dumps(notes, indent=1).encode())
