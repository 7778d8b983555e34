"""The remaining bytes of a file, as returned by a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes of a file from `start` on; `start` is 0 if the source did not resume.

    Attributes:
        start: Offset of the first byte.
        size_bytes: Size of the whole file, None if unknown.
        mark: The source's version mark of the file (such as an ETag); None if there is none.
        chunks: The bytes. Raises PassingTroubleError if the connection breaks.
        interrupt: Makes `chunks` end soon. Thread-safe.
    """

    start: int
    size_bytes: int | None
    mark: str | None
    chunks: Iterator[bytes]
    interrupt: Callable[[], None]
