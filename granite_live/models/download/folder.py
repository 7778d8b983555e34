"""A folder as download source: a local disk or a network share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from granite_live.models.catalog import CatalogBundle
from granite_live.models.download.body import Body
from granite_live.models.download.failures import NotThereError
from granite_live.models.download.sources import Listing
from granite_live.models.files import FileFacts, plain_file
from granite_live.models.store.disk import CHUNK_BYTES
from granite_live.util.errors import DownloadError


class FolderSource:
    """A bundle in a folder. It has no revisions or checksums."""

    names_revisions = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.origin = str(folder)

    def listing(
        self, bundle: CatalogBundle, tier: str, revision: str, ask: Callable[..., Any]
    ) -> Listing:
        """See `Source`."""
        paths = [*bundle.needed_paths(tier), *bundle.plain_wanted_paths()]
        found = []
        for path in paths:
            file = self._file(path)
            if file is not None:
                found.append(FileFacts(path, file.stat().st_size))
        return Listing(None, tuple(found))

    @contextmanager
    def open(self, revision: str | None, path: str, start: int, mark: str | None) -> Iterator[Body]:
        """See `Source`."""
        file = self._file(path)
        if file is None:
            raise NotThereError(f"{self._folder / path} is gone: give another folder with --from.")
        try:
            stream = file.open("rb")
        except OSError as error:
            raise self._unreadable(path, error) from error
        with stream:
            state = file.stat()
            now = f"{state.st_size}-{state.st_mtime_ns}"
            start = 0 if mark is not None and mark != now else min(start, state.st_size)
            stream.seek(start)
            yield Body(start, state.st_size, now, self._chunks(stream, path), lambda: None)

    def close(self) -> None:
        """See `Source`."""

    def _chunks(self, stream: IO[bytes], path: str) -> Iterator[bytes]:
        while True:
            try:
                chunk = stream.read(CHUNK_BYTES)
            except OSError as error:
                raise self._unreadable(path, error) from error
            if not chunk:
                return
            yield chunk

    def _file(self, path: str) -> Path | None:
        try:
            return plain_file(self._folder, path)
        except ValueError as error:
            raise DownloadError(f"{error}: the model is not taken from there.") from error
        except OSError as error:
            raise self._unreadable(path, error) from error

    def _unreadable(self, path: str, error: OSError) -> DownloadError:
        return DownloadError(f"{self._folder / path} cannot be read ({error.strerror}).")
