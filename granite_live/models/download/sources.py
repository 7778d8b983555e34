"""What a source of models must offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from granite_live.models.catalog import CatalogBundle
from granite_live.models.layout import FileInfo


@dataclass(frozen=True, slots=True)
class FileStream:
    """Bytes of a file from `start` on; `start` is 0 if the source did not resume.

    Attributes:
        start: Offset of the first byte.
        size_bytes: Size of the whole file, None if unknown.
        version_mark: The source's version mark of the file (such as an ETag); None if there is
        none. chunks: The bytes. Raises TemporaryDownloadError if the connection breaks. interrupt:
        Makes `chunks` end soon. Thread-safe.
    """

    start: int
    size_bytes: int | None
    version_mark: str | None
    chunks: Iterator[bytes]
    interrupt: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Listing:
    """A source's files of a bundle in one revision; the revision is None if it has none."""

    revision: str | None
    files: tuple[FileInfo, ...]


class ModelSource(Protocol):
    """A place that has the files of a bundle."""

    @property
    def origin(self) -> str:
        """The address, for the user and the record; without secrets."""

    @property
    def names_revisions(self) -> bool:
        """Whether the source has revisions and checksums."""

    def listing(
        self, bundle: CatalogBundle, tier: str, revision: str, ask: Callable[..., object]
    ) -> Listing:
        """Return the source's files of the tier and the shared files.

        Raises:
            DownloadError: The source does not have them or cannot be reached.
        """

    def open(
        self, revision: str | None, path: str, start: int, mark: str | None
    ) -> AbstractContextManager[FileStream]:
        """Return the bytes of a file from `start` on; see `http.open_body`."""

    def close(self) -> None:
        """Close all connections."""


def missing_files(bundle: CatalogBundle, tier: str, files: Sequence[FileInfo]) -> tuple[str, ...]:
    """Return the required files that are not in `files`."""
    have = {one.path for one in files}
    return tuple(path for path in bundle.required_paths(tier) if path not in have)
