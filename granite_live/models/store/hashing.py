"""Whether a file holds what it should: counted and summed while it passes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from granite_live.models.files import FileFacts, FileRecord
from granite_live.models.store.disk import CHUNK_BYTES


class Proof:
    """Sums up a file as it passes; `fault` says at the end whether it is the one described."""

    def __init__(self, facts: FileFacts) -> None:
        self._facts = facts
        self._sha256 = hashlib.sha256()
        self._git = None
        if facts.git_sha1 is not None and facts.size_bytes is not None:
            # Git names a content by its SHA-1 behind a header; it guards against accidents.
            self._git = hashlib.sha1(b"blob %d\0" % facts.size_bytes, usedforsecurity=False)
        self.size_bytes = 0

    def add(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self.size_bytes += len(chunk)
        self._sha256.update(chunk)
        if self._git is not None:
            self._git.update(chunk)

    def fault(self) -> str:
        """Return what is wrong with the whole file, in words; "" if nothing is known to be."""
        facts = self._facts
        if facts.size_bytes is not None and self.size_bytes != facts.size_bytes:
            return f"it has {self.size_bytes:,} bytes instead of {facts.size_bytes:,}"
        if facts.sha256 is not None and self._sha256.hexdigest() != facts.sha256:
            return "its SHA-256 is another one"
        if self._git is not None and self._git.hexdigest() != facts.git_sha1:
            return "its checksum is another one"
        return ""

    def record(self) -> FileRecord:
        """Return what passed."""
        return FileRecord(self._facts.path, self.size_bytes, self._sha256.hexdigest())


def prove(file: Path, facts: FileFacts, report: Callable[[int], None] | None = None) -> Proof:
    """Read `file` and return its proof; `report` is told the bytes of every piece.

    Raises:
        OSError: It cannot be read.
    """
    proof = Proof(facts)
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            proof.add(chunk)
            if report is not None:
                report(len(chunk))
    return proof
