"""The journal's records: one JSON object per line, next to the audio."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from granite_live.audio.journal import disk
from granite_live.audio.journal.disk import FileSystem
from granite_live.audio.journal.regular import read_regular

RECORDS_NAME = "events.jsonl"

Record = dict[str, Any]


def line(record: Mapping[str, Any]) -> bytes:
    r"""Return the record as one line of UTF-8, including the line feed.

    Unpaired surrogates, as in names that the system gave in a broken encoding, become
    a \uXXXX escape, which JSON restores.

    Raises:
        TypeError: The record holds an object that JSON cannot represent.
    """
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", errors="backslashreplace") + b"\n"


@dataclass(frozen=True, slots=True)
class RecordsRead:
    """The content of a records file; `damaged_lines` were skipped."""

    records: tuple[Record, ...]
    damaged_lines: int


def read_records(path: Path) -> RecordsRead:
    """Read all undamaged records. A missing file counts as empty.

    A kill can truncate the last line, and that line stays damaged when others follow; such lines
    are counted, not raised.

    Raises:
        OSError: The file cannot be read.
    """
    records: list[Record] = []
    damaged = 0
    try:
        file = read_regular(path)
    except FileNotFoundError:
        return RecordsRead((), 0)
    with file:
        for raw in file:
            if not raw.strip():
                continue
            record = parsed(raw)
            if record is None:
                damaged += 1
            else:
                records.append(record)
    return RecordsRead(tuple(records), damaged)


def parsed(raw: bytes) -> Record | None:
    """Return the record in a line, None if the line is damaged."""
    try:
        record = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def open_records(path: Path, files: FileSystem = disk) -> tuple[int, int]:
    """Open the records for appending; return the descriptor and the position to continue at.

    A truncated last line is terminated first, so that the next record begins a new line.

    Raises:
        OSError: The file cannot be opened, or the line feed cannot be written.
    """
    fd = files.open_file(path, create=not path.exists())
    try:
        size = os.lseek(fd, 0, os.SEEK_END)
        if size:
            os.lseek(fd, -1, os.SEEK_END)
            if os.read(fd, 1) != b"\n":
                disk.write_all(files, fd, b"\n")
                size += 1
    except BaseException:
        os.close(fd)
        raise
    return fd, size
