"""Which failures of a download are temporary, and how they are retried."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from granite_live.messages.download import DownloadMessage
from granite_live.messages.models import ModelMessage
from granite_live.models.disk import os_error_text
from granite_live.models.download.control import (
    DownloadControl,
    DownloadPaused,
    DownloadResumed,
    Event,
    RetryScheduled,
)
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


@dataclass(frozen=True, slots=True)
class DownloadTimeouts:
    """Timeouts in seconds, and retry limits.

    Attributes:
        connect_s: Timeout for a connection.
        stall_s: Timeout for the next byte.
        slow_window_s: Interval in which the rate must reach `slow_bytes_s`; a slower connection is
            dropped, because a new one is often faster.
        slow_bytes_s: Bytes a second; at this rate the smallest tier would take a month.
        attempts: Maximum number of attempts in a row without a new byte.
        first_attempts: The same until the server answers for the first time; None for `attempts`.
        first_wait_s: Wait before the second attempt; doubles each time.
        max_wait_s: Maximum wait, unless the server asks for more.
        max_retry_after_s: Maximum wait that a server may ask for; beyond it the user is told.
        max_wrong_copies: How often a file may fail verification before the source is given up.
    """

    connect_s: float = 10.0
    stall_s: float = 30.0
    slow_window_s: float = 60.0
    slow_bytes_s: float = 1000.0
    attempts: int = 6
    first_attempts: int | None = None
    first_wait_s: float = 1.0
    max_wait_s: float = 30.0
    max_retry_after_s: float = 600.0
    max_wrong_copies: int = 3

    def retry_wait_s(self, attempt: int, asked_s: float | None) -> float:
        """Return the wait in seconds after the failed `attempt`, counted from 1."""
        own_s = min(self.max_wait_s, self.first_wait_s * 2.0 ** min(attempt - 1, 30))
        return own_s if asked_s is None else max(own_s, asked_s)


Answer = TypeVar("Answer")


class RetryPolicy:
    """Counts failed attempts in a row and waits after each."""

    def __init__(
        self,
        origin: str,
        timeouts: DownloadTimeouts,
        control: DownloadControl,
        tell: Callable[[Event], None],
        attempts: int | None = None,
    ) -> None:
        """Count anew; `attempts` replaces the usual maximum of `timeouts`."""
        self._attempts = timeouts.attempts if attempts is None else attempts
        self._origin = origin
        self._timeouts = timeouts
        self._control = control
        self._tell = tell
        self._failed = 0

    def wait_until_allowed(self) -> None:
        """Wait while the download is paused.

        Raises:
            DownloadCanceledError: The user canceled.
        """
        if self._control.is_paused():
            self._tell(DownloadPaused())
            self._control.wait_while_paused()
            self._tell(DownloadResumed())
        self._control.raise_if_canceled()

    def reset(self) -> None:
        """Reset the count of failures."""
        self._failed = 0

    def wait_after_failure(self, trouble: TemporaryDownloadError) -> None:
        """Wait before the next attempt.

        Raises:
            DownloadError: The attempts are used up, or the server asks for too long a wait.
            DownloadCanceledError: The user canceled.
        """
        if self._control.should_stop():
            return  # the user interrupted it
        self._failed += 1
        if self._failed >= self._attempts:
            raise retries_exhausted_error(self._origin, str(trouble)) from trouble
        asked_s = trouble.retry_after_s
        if asked_s is not None and asked_s > self._timeouts.max_retry_after_s:
            raise DownloadError(
                DownloadMessage.ASKED_TO_WAIT(
                    origin=self._origin, minutes=asked_s / 60, reason=trouble
                )
            ) from trouble
        wait_s = self._timeouts.retry_wait_s(self._failed, asked_s)
        self._tell(RetryScheduled(str(trouble), wait_s, self._failed))
        self._control.wait(wait_s)

    def call_with_retries(self, question: Callable[[], Answer]) -> Answer:
        """Return the result of `question`, retrying temporary failures.

        Raises:
            DownloadError: The retries failed, or the failure is permanent.
        """
        while True:
            self.wait_until_allowed()
            try:
                answer = question()
            except TemporaryDownloadError as trouble:
                self.wait_after_failure(trouble)
            else:
                self.reset()
                return answer
