"""Download errors: temporary ones to retry, and permanent ones for the user."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from granite_live.models.store.disk import why
from granite_live.util.errors import DownloadError


class PassingTroubleError(Exception):
    """A temporary failure. `asked_s`: seconds from the server's Retry-After header."""

    def __init__(self, reason: str, asked_s: float | None = None) -> None:
        super().__init__(reason)
        self.asked_s = asked_s


class WrongFileError(Exception):
    """The received or announced file is not the described file."""


class NotThereError(DownloadError):
    """The source does not have the file or the revision."""


_PASSING = {408, 425, 429, 500, 502, 503, 504}
_SAY = {
    408: "the server was too slow",
    429: "the server wants fewer requests",
    500: "the server has a fault",
    502: "the server has a fault",
    503: "the server is overloaded",
    504: "the server was too slow",
}


@dataclass(frozen=True, slots=True)
class Target:
    """The requested resource for messages, and the advice if it does not exist."""

    name: str
    if_missing: str


def raise_for(status: int, retry_after: str | None, target: Target) -> None:
    """Raise the error that an HTTP status stands for; return on success.

    Args:
        status: The HTTP status.
        retry_after: The Retry-After header, if present.
        target: The requested resource.

    Raises:
        PassingTroubleError: A retry may help.
        NotThereError: The source does not have the resource.
        DownloadError: The user must act.
    """
    if 200 <= status < 300:
        return
    if status in _PASSING:
        said = _SAY.get(status, "the server cannot answer now")
        raise PassingTroubleError(f"{said} ({status})", seconds_asked(retry_after))
    if status in (401, 403):
        raise DownloadError(
            f"The server does not give {target.name} to everybody ({status}): put an access token "
            f"of your account there into HF_TOKEN, or take the model from elsewhere with --from."
        )
    if status in (404, 410):
        raise NotThereError(
            f"The server has no {target.name} ({status}): {target.if_missing}, or take the model "
            f"from elsewhere with --from."
        )
    raise DownloadError(
        f"The server refuses {target.name} ({status}): try again later, or take the model from "
        f"elsewhere with --from."
    )


def seconds_asked(retry_after: str | None) -> float | None:
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


def given_up(origin: str, reason: str) -> DownloadError:
    """Return the error for when all retries have failed."""
    return DownloadError(
        f"The model cannot be fetched from {origin} now ({reason}): check the connection and try "
        f"again, it goes on where it stopped; or take the model from elsewhere with --from."
    )


def page_instead(name: str) -> DownloadError:
    """Return the error for a web page received in place of a file."""
    return DownloadError(
        f"A web page came in place of {name}: if this network wants you to sign in, do so in a "
        f"browser and try again; else check the address."
    )


def disk_trouble(error: OSError, folder: object) -> DownloadError:
    """Return the error for a failed write."""
    goes_on = "; what was fetched stays" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    return DownloadError(f"The model cannot be written to {folder}: {why(error)}{goes_on}.")
