"""Time limits of a download, and how often it is retried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from granite_live.messages.download import DownloadMessage
from granite_live.models.download.control import Control, Event, Paused, Resumed, Waiting
from granite_live.models.download.failures import PassingTroubleError, given_up
from granite_live.util.errors import DownloadError


@dataclass(frozen=True, slots=True)
class Patience:
    """Timeouts in seconds, and retry limits.

    Attributes:
        connect_s: Timeout for a connection.
        stall_s: Timeout for the next byte.
        slow_window_s: Interval in which the rate must reach `slow_bytes_s`; a slower connection is
            dropped, because a new one is often faster.
        slow_bytes_s: Bytes a second; at this rate the smallest tier would take a month.
        attempts: Maximum number of attempts in a row without a new byte.
        first_wait_s: Wait before the second attempt; doubles each time.
        longest_wait_s: Maximum wait, unless the server asks for more.
        longest_asked_s: Maximum wait that a server may ask for; beyond it the user is told.
        wrong_copies: How often a file may fail verification before the source is given up.
    """

    connect_s: float = 10.0
    stall_s: float = 30.0
    slow_window_s: float = 60.0
    slow_bytes_s: float = 1000.0
    attempts: int = 6
    first_wait_s: float = 1.0
    longest_wait_s: float = 30.0
    longest_asked_s: float = 600.0
    wrong_copies: int = 3

    def wait_s(self, attempt: int, asked_s: float | None) -> float:
        """Return the wait in seconds after the failed `attempt`, counted from 1."""
        own_s = min(self.longest_wait_s, self.first_wait_s * 2.0 ** min(attempt - 1, 30))
        return own_s if asked_s is None else max(own_s, asked_s)


Answer = TypeVar("Answer")


class Persistence:
    """Counts failed attempts in a row and waits after each."""

    def __init__(
        self, origin: str, patience: Patience, control: Control, tell: Callable[[Event], None]
    ) -> None:
        self._origin = origin
        self._patience = patience
        self._control = control
        self._tell = tell
        self._failed = 0

    def ready(self) -> None:
        """Wait while the download is paused.

        Raises:
            DownloadCancelledError: The user canceled.
        """
        if self._control.is_paused():
            self._tell(Paused())
            self._control.wait_while_paused()
            self._tell(Resumed())
        self._control.check()

    def went_well(self) -> None:
        """Reset the count of failures."""
        self._failed = 0

    def failed(self, trouble: PassingTroubleError) -> None:
        """Wait before the next attempt.

        Raises:
            DownloadError: The attempts are used up, or the server asks for too long a wait.
            DownloadCancelledError: The user canceled.
        """
        if self._control.wants_break():
            return  # the user interrupted it
        self._failed += 1
        if self._failed >= self._patience.attempts:
            raise given_up(self._origin, str(trouble)) from trouble
        asked_s = trouble.asked_s
        if asked_s is not None and asked_s > self._patience.longest_asked_s:
            raise DownloadError(
                DownloadMessage.ASKED_TO_WAIT(
                    origin=self._origin, minutes=asked_s / 60, reason=trouble
                )
            ) from trouble
        wait_s = self._patience.wait_s(self._failed, asked_s)
        self._tell(Waiting(str(trouble), wait_s, self._failed))
        self._control.wait(wait_s)

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Return the result of `question`, retrying temporary failures.

        Raises:
            DownloadError: The retries failed, or the failure is permanent.
        """
        while True:
            self.ready()
            try:
                answer = question()
            except PassingTroubleError as trouble:
                self.failed(trouble)
            else:
                self.went_well()
                return answer
