"""Where a model comes from: the hub or its mirror, a plain address of the web, or a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from granite_live.bundle.catalog import CatalogBundle
from granite_live.bundle.download.body import Body
from granite_live.bundle.download.environment import check_environment
from granite_live.bundle.download.patience import Patience
from granite_live.bundle.files import FileFacts
from granite_live.errors import DownloadError

Answer = TypeVar("Answer")
Ask = Callable[[Callable[[], Answer]], Answer]
"""Calls a question until it is answered, waiting out what passes."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source has of a bundle, in one revision; None where it does not count them."""

    revision: str | None
    files: tuple[FileFacts, ...]


class Source(Protocol):
    """Something that has the files of a bundle."""

    @property
    def origin(self) -> str:
        """Where it is, for the user and for the record; no secrets in it."""

    @property
    def names_revisions(self) -> bool:
        """Whether it can be asked for one revision, and says the checksums of its files."""

    def listing(
        self, bundle: CatalogBundle, tier: str, revision: str, ask: Callable[..., object]
    ) -> Listing:
        """Return what it has of the tier and of the shared files.

        Raises:
            DownloadError: It has not got them, or cannot be asked.
        """

    def open(
        self, revision: str | None, path: str, start: int, mark: str | None
    ) -> AbstractContextManager[Body]:
        """Return the bytes of a file from `start` on; see `web.open_body`."""

    def close(self) -> None:
        """End all connections."""


def open_source(
    bundle: CatalogBundle, place: str | None = None, patience: Patience | None = None
) -> Source:
    """Return where to get `bundle` from.

    Args:
        bundle: Which one.
        place: A folder, or the address of a folder on the web; None means the hub, or the
            mirror of it that HF_ENDPOINT names.
        patience: How long to wait for answers.

    Raises:
        DownloadError: There is no such folder, or the address is none, or the environment names
            a proxy or certificates that cannot be used.
    """
    patience = patience or Patience()
    if place is None:
        from granite_live.bundle.download.hub import HubSource

        check_environment()
        return HubSource(bundle.repository, patience)
    if "://" in place:
        from granite_live.bundle.download.plain_web import WebSource

        check_environment()
        return WebSource(place, patience)
    from granite_live.bundle.download.folder import FolderSource

    folder = Path(place).expanduser().absolute()
    if not folder.is_dir():
        raise DownloadError(f"There is no folder {folder} to take the model from.")
    return FolderSource(folder)


def missing(bundle: CatalogBundle, tier: str, files: Sequence[FileFacts]) -> tuple[str, ...]:
    """Return the needed files that are not among `files`."""
    have = {one.path for one in files}
    return tuple(path for path in bundle.needed_paths(tier) if path not in have)
