"""A partially downloaded file, hashed as far as it is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from granite_live.models.download.failures import disk_trouble
from granite_live.models.files import FileFacts, FileRecord
from granite_live.models.store.disk import CHUNK_BYTES, move
from granite_live.models.store.hashing import Proof


class Part:
    """A partial file. `mark` is the source's version mark of its bytes."""

    def __init__(self, folder: Path, facts: FileFacts) -> None:
        """Resume from an existing partial file.

        Raises:
            DownloadError: It cannot be read.
        """
        self._facts = facts
        # Bytes of another version have another name; they are deleted after the download.
        key = (facts.sha256 or facts.git_sha1 or "unknown")[:12]
        self._path = folder / f"{facts.path.replace('/', '__')}.{key}.part"
        self._mark_path = self._path.with_suffix(".mark")
        self._proof = Proof(facts)
        with self._telling():
            folder.mkdir(parents=True, exist_ok=True)
            self._take_up()

    @property
    def size_bytes(self) -> int:
        """The number of bytes on the disk."""
        return self._proof.size_bytes

    @property
    def mark(self) -> str | None:
        """The version mark; None if a checksum identifies the version."""
        if self._facts.can_be_proved or not self._mark_path.exists():
            return None
        return self._mark_path.read_text(encoding="utf-8", errors="replace")

    def restart(self, mark: str | None = None) -> None:
        """Start from the beginning, with bytes of the version `mark`."""
        with self._telling():
            self._path.unlink(missing_ok=True)
            self._mark_path.unlink(missing_ok=True)
            if mark is not None and mark.isprintable():
                self._mark_path.write_text(mark, encoding="utf-8")
        self._proof = Proof(self._facts)

    @contextmanager
    def appending(self) -> Iterator[Appender]:
        """Open the part for appending, unbuffered."""
        with self._telling():
            file = self._path.open("ab", buffering=0)
        try:
            yield Appender(file.fileno(), self._proof, self._path)
        finally:
            with self._telling():
                file.close()

    def fault(self) -> str:
        """Return why the file fails verification; "" if it passes or cannot be verified."""
        return self._proof.fault()

    def finish(self, target: Path) -> FileRecord:
        """Move the complete file to `target` after syncing it to the disk.

        Raises:
            DownloadError: It cannot be written.
        """
        with self._telling():
            with self._path.open("ab") as file:
                os.fsync(file.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            move(self._path, target)
            self._mark_path.unlink(missing_ok=True)
        return self._proof.record()

    def _take_up(self) -> None:
        if not self._path.exists():
            return
        known = self._facts.can_be_proved or self._mark_path.exists()
        size = self._path.stat().st_size
        if not known or (self._facts.size_bytes is not None and size > self._facts.size_bytes):
            self.restart()
            return
        with self._path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                self._proof.add(chunk)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise disk_trouble(error, self._path.parent) from error


class Appender:
    """Writes bytes to the end of a part."""

    def __init__(self, descriptor: int, proof: Proof, path: Path) -> None:
        self._descriptor = descriptor
        self._proof = proof
        self._path = path

    def write(self, chunk: bytes) -> None:
        """Write all of `chunk`.

        Raises:
            DownloadError: There is no room, or the disk refuses.
        """
        rest = memoryview(chunk)
        while rest:
            try:
                written = os.write(self._descriptor, rest)
            except OSError as error:
                raise disk_trouble(error, self._path.parent) from error
            self._proof.add(bytes(rest[:written]))
            rest = rest[written:]
