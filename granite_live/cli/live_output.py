"""Shows a session's events and determines the exit code."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from granite_live.cli.quiet_sound import QuietSound
from granite_live.cli.streams import discard, output_error
from granite_live.session import events
from granite_live.util.errors import OutputError

if TYPE_CHECKING:
    from granite_live.cli.live_view import View
    from granite_live.cli.notes import Notes


class LiveOutput:
    """Shows events in a view and records what the user did not receive.

    If standard output fails, only the display ends; recording and transcription continue.
    """

    def __init__(self, view: View, out: TextIO, notes: Notes, *, is_file: bool = False) -> None:
        """Show events in `view`, which writes to `out`; `is_file`: the source is a file."""
        self._view, self._out, self._notes = view, out, notes
        self._is_file = is_file
        self._closed: events.Closed | None = None
        self._failed_model = self._unread_file = self._fault = ""
        self._loudness = QuietSound()
        self.failure = ""
        """Why standard output could not be written to, "" if it could."""
        self.is_reader_gone = False
        """Whether the reader closed standard output before the session ended."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.failure:
            self._guarded(self._view.close)

    def show(self, event: events.Event) -> None:
        """Show an event. Called from the session's threads, one at a time; never raises."""
        self._remember(event)
        if not self.failure:
            self._guarded(lambda: self._view.show(event))

    @property
    def is_text_missing(self) -> bool:
        """Whether `recover` can complete the text."""
        return self._closed is None or bool(self._closed.failed) or bool(self._fault)

    def missing(self) -> list[str]:
        """Return a sentence for each thing that the user did not receive."""
        closed = self._closed
        if closed is None:
            return ["The session did not end as it should. Its sound is kept."]
        found = []
        if closed.failed:
            found.append(f"{closed.failed} of {closed.utterances} utterances have no text.")
        elif self._failed_model:
            found.append("No text could be made, because the model does not work.")
        if closed.detail:
            found.append(closed.detail)
        if self._fault:
            found.append(self._fault)
        if self._unread_file:
            found.append(f"The recording was not read to its end: {self._unread_file}")
        if self.failure:
            found.append(f"{self.failure} The session has all of its text.")
        return found

    def _remember(self, event: events.Event) -> None:
        match event:
            case events.Closed():
                self._closed = event
                self._hint(self._loudness.hint())
            case events.Level():
                self._loudness.feed_level(event.rms_dbfs)
                self._hint(self._loudness.hint_while_listening())
            case events.State(state="recording_only"):
                self._failed_model = event.detail
            case events.ModelReady():
                self._failed_model = ""
            case events.Fault(part="recording" | "segmenter"):
                self._fault = self._fault or event.detail
            case events.DeviceLost() if self._is_file:
                self._unread_file = event.reason

    def _hint(self, sentence: str) -> None:
        if sentence:
            self._notes.warn(sentence)

    def _guarded(self, show: Callable[[], None]) -> None:
        """Call `show`; if standard output fails, report it once and stop showing."""
        try:
            show()
        except BrokenPipeError:
            self.is_reader_gone = True
            self._fail("Nobody reads the text any more.")
        except OSError as error:
            self._fail(str(output_error(error)))
        except OutputError as error:
            self._fail(str(error))

    def _fail(self, sentence: str) -> None:
        self.failure = sentence
        self._notes.warn(f"{sentence} The work goes on; Ctrl-C ends it.")
        with contextlib.suppress(OSError, ValueError):
            discard(self._out)
