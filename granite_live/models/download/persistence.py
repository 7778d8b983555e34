"""Retry temporary failures with a growing wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from granite_live.models.download.control import Control
from granite_live.models.download.events import Event, Paused, Resumed, Waiting
from granite_live.models.download.failures import PassingTroubleError, given_up
from granite_live.models.download.patience import Patience
from granite_live.util.errors import DownloadError

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
                f"{self._origin} asks to be left alone for {asked_s / 60:.0f} minutes ({trouble}): "
                f"try again then, it goes on where it stopped."
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
