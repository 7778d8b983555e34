"""The rest of a file, as a source gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes of a file from `start` on, which is 0 where the source would not resume.

    Attributes:
        start: Where the bytes begin.
        size_bytes: Of the whole file, None if the source does not say.
        mark: What the source calls this version of the file; None if it has no word for it.
        chunks: The bytes. Raises PassingTroubleError when the line breaks.
        interrupt: Makes `chunks` end soon; may be called from any thread.
    """

    start: int
    size_bytes: int | None
    mark: str | None
    chunks: Iterator[bytes]
    interrupt: Callable[[], None]
