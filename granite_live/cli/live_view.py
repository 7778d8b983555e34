"""Views of a session: terminal, plain text and JSON lines."""

from __future__ import annotations

import json
import math
from typing import IO, TYPE_CHECKING, Any, Protocol

from granite_live.session import events
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from granite_live.cli.notes import Notes

JSON_VERSION = 1
"""The version of the JSON lines: changes when a member is removed or changes its meaning."""

_BAR_CELLS = 12
_FLOOR_DBFS = -60.0


class View(Protocol):
    """Shows events as they arrive."""

    def show(self, event: events.Event) -> None:
        """Show one event. Called from the session's threads, one at a time."""

    def close(self) -> None:
        """Restore the terminal."""


class JsonView:
    """Writes one JSON object per line, unbuffered, for programs."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def show(self, event: events.Event) -> None:
        """Write the event."""
        told = _rounded(events.to_json(event))
        data = {"event": told.pop("event"), "version": JSON_VERSION, **told}
        line = json.dumps(data, ensure_ascii=False)
        self._out.write(line + "\n")
        self._out.flush()

    def close(self) -> None:
        """Do nothing."""


class TextView:
    """Writes final texts to `out`, one per line, and problems to `notes`. For pipes and files."""

    def __init__(self, out: IO[str], notes: Notes) -> None:
        self._out, self._notes = out, notes

    def show(self, event: events.Event) -> None:
        """Write a final text or a problem."""
        if isinstance(event, events.Final):
            if event.text:
                self._out.write(event.text + "\n")
                self._out.flush()
        elif (sentence := trouble(event)) is not None:
            self._notes.warn(sentence)

    def close(self) -> None:
        """Do nothing."""


class TerminalView:
    """Scrolls final text above a live line with level, state and drafts in gray."""

    def __init__(self, console: Console) -> None:
        from rich.live import Live

        self._console = console
        self._state = ""
        self._level: events.Level | None = None
        self._draft: events.Draft | None = None
        self._provisional: dict[int, events.Provisional] = {}
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._live.start()

    def show(self, event: events.Event) -> None:
        """Print final text and redraw the live line."""
        from rich.text import Text

        match event:
            case events.Final():
                self._provisional.pop(event.utterance, None)
                self._forget(event.utterance)
                if event.text:
                    self._console.print(Text(printable(event.text)))
            case events.Provisional():
                self._provisional[event.utterance] = event
                self._forget(event.utterance)
            case events.Draft():
                self._draft = event
            case events.Level():
                self._level = event
            case events.State():
                self._state = event.detail
            case _:
                if isinstance(event, events.Failed):
                    self._provisional.pop(event.utterance, None)
                    self._forget(event.utterance)
                if (sentence := trouble(event)) is not None:
                    self._console.print(Text(printable(sentence), style="yellow"))
        self._live.update(self._line(), refresh=True)

    def close(self) -> None:
        """Remove the live line."""
        self._live.stop()

    def _forget(self, utterance: int) -> None:
        if self._draft is not None and self._draft.utterance == utterance:
            self._draft = None

    def _line(self) -> RenderableType:
        from rich.text import Text

        line = Text()
        for waiting in self._provisional.values():
            line.append(printable(waiting.text) + "\n", style="bright_black italic")
        if self._draft is not None and self._draft.text:
            words = printable(self._draft.text).split()
            stable = self._draft.stable_words
            line.append(" ".join(words[:stable]), style="white")
            line.append(" " if 0 < stable < len(words) else "")
            line.append(" ".join(words[stable:]) + "\n", style="bright_black")
        line.append(_bar(self._level), style=_bar_style(self._level))
        line.append(f" {printable(self._state)}", style="bright_black")
        return line


def trouble(event: events.Event) -> str | None:
    """Return a sentence about a problem in the event, None if there is none."""
    match event:
        case events.DeviceLost():
            return event.reason or f"{event.device} gives no sound."
        case events.DeviceBack():
            return f"{event.device} is back."
        case events.WorkerRestarted():
            return f"The recogniser was started again: {event.reason}. Nothing is lost."
        case events.Failed():
            return (
                f"The speech from {event.start_s:.1f} s to {event.end_s:.1f} s has no text: "
                f"{event.reason} Its sound is kept."
            )
        case events.Disk() | events.Gap() | events.Fault():
            return event.detail
        case events.State() if event.state == "recording_only":
            return event.detail
        case events.State() if event.state == "stopping":
            return event.detail.removesuffix(events.STOPPING).strip() or None
    return None


def _bar(level: events.Level | None) -> str:
    if level is None:
        return "·" * _BAR_CELLS
    share = 1.0 - max(_FLOOR_DBFS, level.rms_dbfs) / _FLOOR_DBFS
    full = math.ceil(share * _BAR_CELLS)
    return "█" * full + "·" * (_BAR_CELLS - full)


def _bar_style(level: events.Level | None) -> str:
    if level is not None and level.clipped:
        return "red"
    return "green"


def _rounded(value: Any) -> Any:
    """Round floats to their precision: four decimals."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
