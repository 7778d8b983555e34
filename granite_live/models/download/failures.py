"""Download errors: temporary ones to retry, and permanent ones for the user."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from granite_live.messages.download import DownloadMessage
from granite_live.messages.models import ModelMessage
from granite_live.models.store.disk import os_error_text
from granite_live.util.errors import DownloadError


class TemporaryDownloadError(Exception):
    """A temporary failure. `retry_after_s`: seconds from the server's Retry-After header."""

    def __init__(self, reason: str, asked_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = asked_s


class WrongFileError(Exception):
    """The received or announced file is not the described file."""


class MissingAtSourceError(DownloadError):
    """The source does not have the file or the revision."""


_PASSING = {408, 425, 429, 500, 502, 503, 504}
_SAY = {
    408: DownloadMessage.SERVER_TOO_SLOW(),
    429: DownloadMessage.SERVER_LIMITS_REQUESTS(),
    500: DownloadMessage.SERVER_FAULT(),
    502: DownloadMessage.SERVER_FAULT(),
    503: DownloadMessage.SERVER_OVERLOADED(),
    504: DownloadMessage.SERVER_TOO_SLOW(),
}


@dataclass(frozen=True, slots=True)
class RequestedResource:
    """The requested resource for messages, and the advice if it does not exist."""

    name: str
    if_missing: str


def raise_for_status(status: int, retry_after: str | None, target: RequestedResource) -> None:
    """Raise the error that an HTTP status stands for; return on success.

    Args:
        status: The HTTP status.
        retry_after: The Retry-After header, if present.
        target: The requested resource.

    Raises:
        TemporaryDownloadError: A retry may help.
        MissingAtSourceError: The source does not have the resource.
        DownloadError: The user must act.
    """
    if 200 <= status < 300:
        return
    if status in _PASSING:
        said = _SAY.get(status, DownloadMessage.SERVER_CANNOT_ANSWER())
        raise TemporaryDownloadError(
            ModelMessage.WITH_REASON(subject=said, reason=status), parse_retry_after(retry_after)
        )
    if status in (401, 403):
        raise DownloadError(DownloadMessage.RESTRICTED(path=target.name, reason=status))
    if status in (404, 410):
        raise MissingAtSourceError(
            DownloadMessage.NOT_ON_SERVER(path=target.name, reason=status, advice=target.if_missing)
        )
    raise DownloadError(DownloadMessage.REFUSED(path=target.name, reason=status))


def parse_retry_after(retry_after: str | None) -> float | None:
    """Return the seconds of a Retry-After header; None if it is absent or invalid."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def retries_exhausted_error(origin: str, reason: str) -> DownloadError:
    """Return the error for when all retries have failed."""
    return DownloadError(DownloadMessage.NOT_NOW(origin=origin, reason=reason))


def web_page_error(name: str) -> DownloadError:
    """Return the error for a web page received in place of a file."""
    return DownloadError(DownloadMessage.WEB_PAGE(path=name))


def write_error(error: OSError, folder: object) -> DownloadError:
    """Return the error for a failed write."""
    goes_on = (
        DownloadMessage.FETCHED_PART_STAYS() if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    )
    return DownloadError(
        DownloadMessage.UNWRITABLE(folder=folder, reason=os_error_text(error), rest=goes_on)
    )
