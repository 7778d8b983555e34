"""A folder on any web server as download source."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote, urlsplit

from granite_live import __version__
from granite_live.models.catalog import CatalogBundle
from granite_live.models.download.body import Body
from granite_live.models.download.failures import NotThereError, Target, raise_for
from granite_live.models.download.patience import Patience
from granite_live.models.download.sources import Listing
from granite_live.models.download.web import check_hops, check_page, open_body, telling, timeouts
from granite_live.models.files import FileFacts, is_size
from granite_live.util.errors import DownloadError


class WebSource:
    """The folder at a URL. It has no revisions or checksums."""

    names_revisions = False

    def __init__(self, address: str, patience: Patience) -> None:
        import httpx2

        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise DownloadError(
                "The address to take the model from cannot be used: it must begin with https:// "
                "or http:// and hold no name or password."
            )
        self.origin = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._patience = patience
        self._headers = {"User-Agent": f"granite-live/{__version__}"}
        self._client = httpx2.Client(follow_redirects=True, timeout=timeouts(patience))

    def listing(
        self, bundle: CatalogBundle, tier: str, revision: str, ask: Callable[..., Any]
    ) -> Listing:
        """See `Source`. Requests each file, because plain web servers have no listing."""
        needed = [ask(lambda path=path: self._look(path)) for path in bundle.needed_paths(tier)]
        wanted = []
        for path in bundle.plain_wanted_paths():
            try:
                wanted.append(ask(lambda path=path: self._look(path)))
            except NotThereError:
                continue  # an optional file
        return Listing(None, (*needed, *wanted))

    def open(
        self, revision: str | None, path: str, start: int, mark: str | None
    ) -> AbstractContextManager[Body]:
        """See `Source`."""
        return open_body(
            self._client, self._url(path), self._patience,
            headers=self._headers, start=start, mark=mark, target=self._target(path),
        )  # fmt: skip

    def close(self) -> None:
        """See `Source`."""
        self._client.close()

    def _look(self, path: str) -> FileFacts:
        headers = {**self._headers, "Accept-Encoding": "identity"}
        with telling():
            answer = self._client.head(self._url(path), headers=headers)
        if answer.status_code in (405, 501):  # the server does not support HEAD
            return FileFacts(path)
        raise_for(answer.status_code, answer.headers.get("Retry-After"), self._target(path))
        check_hops(answer)
        check_page(answer, self._target(path))
        length = answer.headers.get("Content-Length", "")
        size = int(length) if length.isascii() and length.isdigit() and len(length) < 20 else None
        if size is not None and not is_size(size):
            raise DownloadError(f"{self._url(path)} is far too large for a file of a bundle.")
        return FileFacts(path, size)

    def _url(self, path: str) -> str:
        return f"{self.origin}/{quote(path)}"

    def _target(self, path: str) -> Target:
        return Target(self._url(path), "check the address")
