"""Open the source of a model: the hub or its mirror, a plain web address, or a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from granite_live import __version__
from granite_live.messages.download import DownloadMessage
from granite_live.models.catalog import CatalogBundle
from granite_live.models.disk import CHUNK_BYTES
from granite_live.models.download.http import (
    FileStream,
    Listing,
    ModelSource,
    check_content_type,
    check_environment,
    check_redirects,
    client_timeouts,
    open_body,
    translate_http_errors,
)
from granite_live.models.download.retries import (
    DownloadTimeouts,
    MissingAtSourceError,
    RequestedResource,
    raise_for_status,
    web_page_error,
)
from granite_live.models.layout import FileInfo, find_regular_file, is_safe_path, is_sha256, is_size
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
    """A repository on the Hugging Face hub or a mirror, through huggingface_hub.

    The library lists files, checks access and makes URLs. This program transfers the bytes itself,
    because the library's downloads cannot be paused and restart after an interruption.
    """

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
        paths = [*bundle.required_paths(tier), *bundle.optional_paths()]
        found = []
        for path in paths:
            file = self._file(path)
            if file is not None:
                found.append(FileInfo(path, file.stat().st_size))
        return Listing(None, tuple(found))

    @contextmanager
    def open(
        self, revision: str | None, path: str, start: int, mark: str | None
    ) -> Iterator[FileStream]:
        """See `Source`."""
        file = self._file(path)
        if file is None:
            raise MissingAtSourceError(DownloadMessage.SOURCE_FILE_GONE(path=self._folder / path))
        try:
            stream = file.open("rb")
        except OSError as error:
            raise self._unreadable(path, error) from error
        with stream:
            state = file.stat()
            now = f"{state.st_size}-{state.st_mtime_ns}"
            start = 0 if mark is not None and mark != now else min(start, state.st_size)
            stream.seek(start)
            yield FileStream(start, state.st_size, now, self._chunks(stream, path), lambda: None)

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
            return find_regular_file(self._folder, path)
        except ValueError as error:
            raise DownloadError(DownloadMessage.SOURCE_REFUSED(reason=error)) from error
        except OSError as error:
            raise self._unreadable(path, error) from error

    def _unreadable(self, path: str, error: OSError) -> DownloadError:
        return DownloadError(
            DownloadMessage.SOURCE_FILE_UNREADABLE(path=self._folder / path, reason=error.strerror)
        )


class WebSource:
    """The folder at a URL. It has no revisions or checksums."""

    names_revisions = False

    def __init__(self, address: str, timeouts: DownloadTimeouts) -> None:
        import httpx2

        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise DownloadError(DownloadMessage.BAD_ADDRESS())
        self.origin = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._timeouts = timeouts
        self._headers = {"User-Agent": f"granite-live/{__version__}"}
        self._client = httpx2.Client(follow_redirects=True, timeout=client_timeouts(timeouts))

    def listing(
        self, bundle: CatalogBundle, tier: str, revision: str, ask: Callable[..., Any]
    ) -> Listing:
        """See `Source`. Requests each file, because plain web servers have no listing."""
        needed = [
            ask(lambda path=path: self._file_info(path)) for path in bundle.required_paths(tier)
        ]
        wanted = []
        for path in bundle.optional_paths():
            try:
                wanted.append(ask(lambda path=path: self._file_info(path)))
            except MissingAtSourceError:
                continue  # an optional file
        return Listing(None, (*needed, *wanted))

    def open(
        self, revision: str | None, path: str, start: int, mark: str | None
    ) -> AbstractContextManager[FileStream]:
        """See `Source`."""
        return open_body(
            self._client, self._url(path), self._timeouts,
            headers=self._headers, start=start, mark=mark, target=self._target(path),
        )  # fmt: skip

    def close(self) -> None:
        """See `Source`."""
        self._client.close()

    def _file_info(self, path: str) -> FileInfo:
        headers = {**self._headers, "Accept-Encoding": "identity"}
        with translate_http_errors():
            answer = self._client.head(self._url(path), headers=headers)
        if answer.status_code in (405, 501):  # the server does not support HEAD
            return FileInfo(path)
        raise_for_status(answer.status_code, answer.headers.get("Retry-After"), self._target(path))
        check_redirects(answer)
        check_content_type(answer, self._target(path))
        length = answer.headers.get("Content-Length", "")
        size = int(length) if length.isascii() and length.isdigit() and len(length) < 20 else None
        if size is not None and not is_size(size):
            raise DownloadError(DownloadMessage.BUNDLE_FILE_TOO_LARGE(url=self._url(path)))
        return FileInfo(path, size)

    def _url(self, path: str) -> str:
        return f"{self.origin}/{quote(path)}"

    def _target(self, path: str) -> RequestedResource:
        return RequestedResource(self._url(path), DownloadMessage.CHECK_ADDRESS())


def open_source(
    bundle: CatalogBundle, place: str | None = None, timeouts: DownloadTimeouts | None = None
) -> ModelSource:
    """Return the source for `bundle`.

    Args:
        bundle: The catalog bundle.
        place: A folder or the URL of a folder; None means the hub, or the mirror in HF_ENDPOINT.
        timeouts: Timeouts.

    Raises:
        DownloadError: The folder does not exist, the URL is invalid, or the environment names an
            unusable proxy or certificate.
    """
    timeouts = timeouts or DownloadTimeouts()
    if place is None:
        check_environment()
        return HubSource(bundle.repository, timeouts)
    if "://" in place:
        check_environment()
        return WebSource(place, timeouts)
    folder = Path(place).expanduser().absolute()
    if not folder.is_dir():
        raise DownloadError(DownloadMessage.NO_SOURCE_FOLDER(folder=folder))
    return FolderSource(folder)
