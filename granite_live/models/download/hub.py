"""The Hugging Face hub or a mirror as download source, through huggingface_hub.

The library lists files, checks access and makes URLs. This program transfers the bytes itself,
because the library's downloads cannot be paused and restart after an interruption.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from granite_live import __version__
from granite_live.messages.download import DownloadMessage
from granite_live.models.catalog import CatalogBundle
from granite_live.models.download.http import open_body, translate_http_errors
from granite_live.models.download.retries import (
    DownloadTimeouts,
    RequestedResource,
    raise_for_status,
    web_page_error,
)
from granite_live.models.download.sources import FileStream, Listing
from granite_live.models.layout import FileInfo, is_safe_path, is_sha256, is_size
from granite_live.util.errors import DownloadError

if TYPE_CHECKING:
    import httpx2

_DEFAULT_ENDPOINT = "https://huggingface.co"
_IF_MISSING = DownloadMessage.ASK_FOR_NEWEST()
_MAX_FILES = 10_000


def endpoint() -> str:
    """Return the URL of the hub, or of the mirror in HF_ENDPOINT."""
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or _DEFAULT_ENDPOINT


class HubSource:
    """A repository on the hub."""

    names_revisions = True

    def __init__(self, repository: str, timeouts: DownloadTimeouts) -> None:
        self._repository = repository
        self._timeouts = timeouts
        self._endpoint = endpoint()
        self._token = os.environ.get("HF_TOKEN", "").strip()
        self.origin = f"{self._endpoint}/{repository}"

    def listing(
        self, bundle: CatalogBundle, tier: str, revision: str, ask: Callable[..., Any]
    ) -> Listing:
        """See `Source`."""
        info = ask(lambda: self._info(revision))
        siblings = info.siblings or []
        if not isinstance(info.sha, str) or len(siblings) > _MAX_FILES:
            raise self._invalid_listing_error(DownloadMessage.NO_REVISION())
        files = tuple(
            self._facts(one) for one in siblings if bundle.includes(str(one.rfilename), tier)
        )
        if len({one.path for one in files}) != len(files):
            raise self._invalid_listing_error(DownloadMessage.FILE_TWICE())
        return Listing(info.sha, files)

    def open(
        self, revision: str | None, path: str, start: int, mark: str | None
    ) -> AbstractContextManager[FileStream]:
        """See `Source`."""
        from huggingface_hub import hf_hub_url

        _check_offline()
        url = hf_hub_url(self._repository, path, revision=revision, endpoint=self._endpoint)
        return open_body(
            self._client(), url, self._timeouts,
            headers=self._headers(), start=start, mark=mark,
            target=RequestedResource(f"{self._repository}/{path}", _IF_MISSING),
        )  # fmt: skip

    def close(self) -> None:
        """See `Source`."""
        from huggingface_hub import close_session

        close_session()

    def _info(self, revision: str) -> Any:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HFValidationError

        disable_telemetry()
        _check_offline()
        api = HfApi(
            endpoint=self._endpoint,
            token=self._token or False,
            library_name="granite-live",
            library_version=__version__,
        )
        try:
            with translate_http_errors(), self._telling(revision):
                return api.model_info(
                    self._repository,
                    revision=revision,
                    files_metadata=True,
                    timeout=self._timeouts.stall_s,
                )
        except json.JSONDecodeError as error:
            raise web_page_error(DownloadMessage.FILE_LIST(origin=self.origin)) from error
        except (HFValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._invalid_listing_error(str(error)[:80]) from error

    @contextmanager
    def _telling(self, revision: str) -> Iterator[None]:
        """Turn the library's HTTP errors into our own."""
        from huggingface_hub.errors import HfHubHTTPError

        try:
            yield
        except HfHubHTTPError as error:
            answer = error.response
            target = RequestedResource(
                DownloadMessage.REPOSITORY_REVISION(repository=self._repository, revision=revision),
                _IF_MISSING,
            )
            raise_for_status(answer.status_code, answer.headers.get("Retry-After"), target)
            raise

    def _facts(self, sibling: Any) -> FileInfo:
        path, size = sibling.rfilename, sibling.size
        if not is_safe_path(path) or not is_size(size):
            raise self._invalid_listing_error(
                DownloadMessage.NO_FILE(path=str(path)[:60], size=str(size)[:20])
            )
        large = sibling.lfs
        sha256 = large["sha256"] if large is not None else None
        git = sibling.blob_id if large is None else None
        if sha256 is not None and not is_sha256(sha256):
            raise self._invalid_listing_error(DownloadMessage.BAD_CHECKSUM(path=path))
        if git is not None and not (isinstance(git, str) and len(git) == 40):
            raise self._invalid_listing_error(DownloadMessage.BAD_CHECKSUM(path=path))
        return FileInfo(path, size, sha256, git)

    def _invalid_listing_error(self, what: str) -> DownloadError:
        return DownloadError(DownloadMessage.FILE_LIST_UNUSABLE(origin=self.origin, reason=what))

    def _headers(self) -> dict[str, str]:
        headers = {"User-Agent": f"granite-live/{__version__}"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers

    def _client(self) -> httpx2.Client:
        from huggingface_hub import get_session

        disable_telemetry()
        return get_session()


def _check_offline() -> None:
    from huggingface_hub import is_offline_mode

    if is_offline_mode():
        raise DownloadError(DownloadMessage.HUB_OFFLINE())


def disable_telemetry() -> None:
    """Disable huggingface_hub's telemetry, whatever the environment says."""
    from huggingface_hub import constants

    constants.HF_HUB_DISABLE_TELEMETRY = True
    constants.HF_HUB_USER_AGENT_ORIGIN = None
    constants.HF_DEBUG = False  # it would log whole requests
