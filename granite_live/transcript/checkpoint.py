"""Checkpoints: finished texts stored while the rest of a recording is transcribed.

If a run is killed, the next run of the same recording with the same model and options reads its
checkpoint. A checkpoint is one private file with one JSON array per line and passage (the
utterances of one model call). A half-written last line is ignored.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Self

from granite_live.transcript.model import Timing, Transcript, Word
from granite_live.util.files import try_lock
from granite_live.util.lifecycle import Closeable
from granite_live.util.paths import data_dir

KEEP_DAYS = 7
"""How long the checkpoint of a killed run is kept."""

_ENDING = ".jsonl"
_DAY_S = 86_400.0
_EDGE_BYTES = 1 << 20


def checkpoints_dir() -> Path:
    """Return the checkpoints folder, which may not exist yet."""
    return data_dir() / "unfinished"


class Checkpoint(Closeable):
    """The passages of one recording in order: first the stored ones, then new ones.

    A context manager, created by `open`. The process holds the file's lock.
    """

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path, self._file = path, file
        self._next = self._read()
        self.resume_at_s = 0.0
        """The end of the last stored text when the file was opened, in seconds."""
        self._truncate_damaged_end()

    @classmethod
    def open(cls, key: str, *, restart: bool = False) -> Self | None:
        """Open or create the checkpoint of this key; None if another process holds it.

        Args:
            key: A file name from the recording, the model and all options that change texts.
            restart: Delete the stored texts first.

        Raises:
            OSError: The folder cannot be written.
        """
        folder = checkpoints_dir()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{key}{_ENDING}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        file = os.fdopen(descriptor, "r+b")
        try:
            if not try_lock(descriptor):
                file.close()
                return None
            if restart:
                file.truncate(0)
            return cls(path, file)
        except BaseException:
            file.close()
            raise

    def take(self, starts: Sequence[int], digest: str) -> tuple[Transcript, ...] | None:
        """Return the texts of the next passage if they are stored, else None.

        If the next stored passage differs, it and all later ones are deleted.

        Args:
            starts: The first sample of each utterance in the passage.
            digest: The digest of their audio.
        """
        if self._next is None:
            return None
        known, transcripts = self._next
        if known != (list(starts), digest):
            self._file.seek(self._next_at)
            self._file.truncate()
            self._next = None
            return None
        self._next = self._read()
        return transcripts

    def append(self, starts: Sequence[int], digest: str, transcripts: Sequence[Transcript]) -> None:
        """Append the texts of a passage.

        They survive a crash of the process at once, and a power cut once the system has written
        them.

        Raises:
            OSError: The disk cannot be written.
        """
        record = [list(starts), digest, [asdict(one) for one in transcripts]]
        self._file.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
        self._file.flush()

    def remove(self) -> None:
        """Delete the file once the result is written."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file. Stored texts stay; an empty checkpoint is deleted."""
        if self._file.closed:
            return
        is_empty = False
        with contextlib.suppress(OSError):
            is_empty = os.fstat(self._file.fileno()).st_size == 0
        with contextlib.suppress(OSError):
            self._file.close()
        if is_empty:
            self.remove()

    def _truncate_damaged_end(self) -> None:
        """Scan the stored texts, truncate a damaged end, and seek to the start."""
        while self._next is not None:
            _known, transcripts = self._next
            self.resume_at_s = max(one.end_s for one in transcripts)
            self._next = self._read()
        self._file.seek(self._next_at)
        self._file.truncate()
        self._file.seek(0)
        self._next = self._read()

    def _read(self) -> tuple[tuple[list[int], str], tuple[Transcript, ...]] | None:
        """Read the next whole record; None at the end or at a damaged record."""
        self._next_at = self._file.tell()
        line = self._file.readline()
        if not line.endswith(b"\n"):
            return None
        try:
            starts, digest, transcripts = json.loads(line)
            return (starts, digest), tuple(map(_transcript, transcripts))
        except (ValueError, TypeError, KeyError, AttributeError):
            return None


def delete_expired_checkpoints(now_s: float | None = None) -> None:
    """Delete checkpoints unused for `KEEP_DAYS`; ignore those that cannot be deleted.

    Args:
        now_s: The time in seconds since the epoch; None for the current time.
    """
    oldest_s = (time.time() if now_s is None else now_s) - KEEP_DAYS * _DAY_S
    with contextlib.suppress(OSError):
        for path in checkpoints_dir().glob(f"*{_ENDING}"):
            if path.stat().st_mtime < oldest_s:
                path.unlink(missing_ok=True)


def fingerprint(path: Path) -> list[int | str]:
    """Return size, time of change, and a digest of the first and the last megabyte of a file.

    Raises:
        OSError: It cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        digest.update(file.read(_EDGE_BYTES))
        file.seek(max(0, status.st_size - _EDGE_BYTES))
        digest.update(file.read(_EDGE_BYTES))
    return [status.st_size, status.st_mtime_ns, digest.hexdigest()]


def folder_contents(folder: Path) -> list[list[int | str]]:
    """Return name, size and time of change of all files in a model's folder.

    Raises:
        OSError: The folder cannot be read.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found: list[list[int | str]] = []
    for path in files:
        status = path.stat()
        found.append([str(path.relative_to(folder)), status.st_size, status.st_mtime_ns])
    return found


def _transcript(data: dict[str, Any]) -> Transcript:
    return Transcript(
        **{
            **data,
            "token_ids": tuple(data["token_ids"]),
            "draft_token_ids": tuple(data["draft_token_ids"]),
            "words": tuple(Word(**word) for word in data["words"]),
            "timing": Timing(**data["timing"]),
        }
    )
