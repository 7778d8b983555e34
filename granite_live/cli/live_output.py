"""Show a session's events in a terminal, a pipe, or as JSON lines."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import IO, TYPE_CHECKING, Protocol, Self, TextIO

from granite_live.cli.exit_status import output_error, redirect_to_null
from granite_live.cli.loudness import LoudnessCheck
from granite_live.messages import without
from granite_live.messages.library import LibraryMessage
from granite_live.session import events
from granite_live.session.events import event_line
from granite_live.transcript.model import Track
from granite_live.util.errors import OutputError
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from granite_live.cli.terminal import Messages


class LiveEventOutput:
    """Shows events in a view and records what the user did not receive.

    If standard output fails, only the display ends; recording and transcription continue.
    """

    def __init__(
        self, view: EventView, out: TextIO, notes: Messages, *, is_file: bool = False
    ) -> None:
        """Show events in `view`, which writes to `out`; `is_file`: the source is a file."""
        self._view, self._out, self._notes = view, out, notes
        self._is_file = is_file
        self._closed: events.SessionClosed | None = None
        self._failed_model = self._unread_file = self._fault = ""
        self._loudness = LoudnessCheck()
        self.failure = ""
        """Why standard output could not be written to, "" if it could."""
        self.is_pipe_closed = False
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

    def show(self, event: events.SessionEvent) -> None:
        """Show an event. Called from the session's threads, one at a time; never raises."""
        self._record(event)
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
            return ["The session did not end properly. Its sound is kept."]
        found = []
        if closed.failed:
            found.append(f"{closed.failed} of {closed.utterances} utterances have no text.")
        elif self._failed_model:
            found.append("No text was written because the model does not work.")
        if closed.detail:
            found.append(closed.detail)
        if self._fault:
            found.append(self._fault)
        if self._unread_file:
            found.append(f"The recording was not read to the end: {self._unread_file}")
        if self.failure:
            found.append(f"{self.failure} The session has all of its text.")
        return found

    def _record(self, event: events.SessionEvent) -> None:
        match event:
            case events.SessionClosed():
                self._closed = event
                self._hint(self._loudness.hint())
            case events.LevelMeasured():
                self._loudness.feed_level(event.rms_dbfs)
                self._hint(self._loudness.hint_while_listening())
            case events.StateChanged(state="recording_only"):
                self._failed_model = event.detail
            case events.ModelReady():
                self._failed_model = ""
            case events.PartFailed(part="recording" | "segmenter"):
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
            self.is_pipe_closed = True
            self._fail("No program reads the text any more.")
        except OSError as error:
            self._fail(str(output_error(error)))
        except OutputError as error:
            self._fail(str(error))

    def _fail(self, sentence: str) -> None:
        self.failure = sentence
        self._notes.warn(f"{sentence} Listening continues; press Ctrl-C to stop.")
        with contextlib.suppress(OSError, ValueError):
            redirect_to_null(self._out)


SIDES: Mapping[int, str] = {
    Track.MICROPHONE: LibraryMessage.ME(),
    Track.SYSTEM: LibraryMessage.OTHERS(),
}
"""Who speaks on each track of a session with two sources."""

_BAR_CELLS = 12
_FLOOR_DBFS = -60.0


class EventView(Protocol):
    """Shows events as they arrive."""

    def show(self, event: events.SessionEvent) -> None:
        """Show one event. Called from the session's threads, one at a time."""

    def close(self) -> None:
        """Restore the terminal."""


class JsonView:
    """Writes one JSON object per line, unbuffered, for programs."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def show(self, event: events.SessionEvent) -> None:
        """Write the event."""
        self._out.write(event_line(event) + "\n")
        self._out.flush()

    def close(self) -> None:
        """Do nothing."""


class TextView:
    """Writes final texts to `out`, one per line, and problems to `notes`. For pipes and files.

    `sides` names the speakers of each track.
    """

    def __init__(
        self, out: IO[str], notes: Messages, sides: Mapping[int, str] | None = None
    ) -> None:
        self._out, self._notes = out, notes
        self._sides = sides or {}

    def show(self, event: events.SessionEvent) -> None:
        """Write a final text or a problem."""
        if isinstance(event, events.FinalText):
            if event.text:
                self._out.write(_with_side(event.text, event.track, self._sides) + "\n")
                self._out.flush()
        elif (sentence := problem_message(event)) is not None:
            self._notes.warn(sentence)

    def close(self) -> None:
        """Do nothing."""


class TerminalView:
    """Scrolls final text above a live line with level, state and drafts in gray.

    `sides` names the speakers of each track.
    """

    def __init__(self, console: Console, sides: Mapping[int, str] | None = None) -> None:
        from rich.live import Live

        self._console = console
        self._sides = sides or {}
        self._state = ""
        self._levels: dict[int, events.LevelMeasured] = {}
        self._drafts: dict[int, events.DraftText] = {}
        self._provisional: dict[int, events.ProvisionalText] = {}
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._live.start()

    def show(self, event: events.SessionEvent) -> None:
        """Print final text and redraw the live line."""
        from rich.text import Text

        match event:
            case events.FinalText():
                self._provisional.pop(event.utterance, None)
                self._forget(event.utterance)
                if event.text:
                    said = _with_side(event.text, event.track, self._sides)
                    self._console.print(Text(printable(said)))
            case events.ProvisionalText():
                self._provisional[event.utterance] = event
                self._forget(event.utterance)
            case events.DraftText():
                self._drafts[event.track] = event
            case events.LevelMeasured():
                self._levels[event.track] = event
            case events.StateChanged():
                self._state = event.detail
            case _:
                if isinstance(event, events.TranscriptionFailed):
                    self._provisional.pop(event.utterance, None)
                    self._forget(event.utterance)
                if (sentence := problem_message(event)) is not None:
                    self._console.print(Text(printable(sentence), style="yellow"))
        self._live.update(self._line(), refresh=True)

    def close(self) -> None:
        """Remove the live line."""
        self._live.stop()

    def _forget(self, utterance: int) -> None:
        for track, draft in tuple(self._drafts.items()):
            if draft.utterance == utterance:
                del self._drafts[track]

    def _line(self) -> RenderableType:
        from rich.text import Text

        line = Text()
        for waiting in self._provisional.values():
            said = _with_side(waiting.text, waiting.track, self._sides)
            line.append(printable(said) + "\n", style="bright_black italic")
        for draft in (self._drafts[track] for track in sorted(self._drafts)):
            if not draft.text:
                continue
            words = printable(draft.text).split()
            stable = draft.stable_words
            line.append(_with_side("", draft.track, self._sides), style="bright_black")
            line.append(" ".join(words[:stable]), style="white")
            line.append(" " if 0 < stable < len(words) else "")
            line.append(" ".join(words[stable:]) + "\n", style="bright_black")
        levels: list[events.LevelMeasured | None] = []
        levels += (self._levels[track] for track in sorted(self._levels))
        for level in levels or [None]:
            line.append(_bar(level) + " ", style=_bar_style(level))
        line.append(printable(self._state), style="bright_black")
        return line


def _with_side(text: str, track: int, sides: Mapping[int, str]) -> str:
    """Return the text after the name of who speaks on the track, if that has a name."""
    return f"{sides[track]}: {text}" if track in sides else text


def problem_message(event: events.SessionEvent) -> str | None:
    """Return a sentence about a problem in the event, None if there is none."""
    match event:
        case events.DeviceLost():
            return event.reason or f"{event.device} delivers no sound."
        case events.DeviceRecovered():
            return f"{event.device} is back."
        case events.WorkerRestarted():
            return f"The recognizer was restarted: {event.reason}. No speech was lost."
        case events.TranscriptionFailed():
            return (
                f"The speech from {event.start_s:.1f} s to {event.end_s:.1f} s has no text: "
                f"{event.reason} Its sound is kept."
            )
        case events.DiskChanged() | events.AudioGap() | events.PartFailed():
            return event.detail
        case events.StateChanged() if event.state == "recording_only":
            return event.detail
        case events.StateChanged() if event.state == "stopping":
            return without(event.detail, events.STOPPING_SENTENCE) or None
    return None


def _bar(level: events.LevelMeasured | None) -> str:
    if level is None:
        return "·" * _BAR_CELLS
    share = 1.0 - max(_FLOOR_DBFS, level.rms_dbfs) / _FLOOR_DBFS
    full = math.ceil(share * _BAR_CELLS)
    return "█" * full + "·" * (_BAR_CELLS - full)


def _bar_style(level: events.LevelMeasured | None) -> str:
    if level is not None and level.clipped:
        return "red"
    return "green"
