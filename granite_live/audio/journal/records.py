"""The journal's records: one JSON object a line, beside the sound."""

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
    r"""Return the record as one line of UTF-8, its line feed included.

    Half a surrogate pair, as in names that the system gave in a broken encoding, becomes
    a \uXXXX escape, which JSON reads back as it was.

    Raises:
        TypeError: The record holds something that JSON has no form for.
    """
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", errors="backslashreplace") + b"\n"


@dataclass(frozen=True, slots=True)
class RecordsRead:
    """What a file of records held; `damaged_lines` were passed over."""

    records: tuple[Record, ...]
    damaged_lines: int


def read_records(path: Path) -> RecordsRead:
    """Read every record that is whole. A missing file is an empty one.

    A kill can tear the last line, and one that was torn before stays torn when others
    follow: such lines are counted, not raised.

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
    """Open the records for appending; return the descriptor and the position to go on from.

    A torn last line is ended first, so that the next record begins a line of its own.

    Raises:
        OSError: They cannot be opened, or that line feed cannot be written.
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
