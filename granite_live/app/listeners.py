"""Listeners of a session: a text file that follows it, and events with polished text."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from granite_live.messages.session import AppMessage
from granite_live.session import events
from granite_live.transcript.model import Transcript, mean_confidence
from granite_live.transcript.polish import Polish
from granite_live.util.errors import OutputError
from granite_live.util.files import write_output
from granite_live.util.lifecycle import ReportingThread, summarize_error

_log = logging.getLogger(__name__)

# How many utterances may still change when only the last lines are shown.
_MAX_OPEN = 256
_CLOSE_S = 2.0


class LiveTextWriter:
    """A listener of one session's events. Close it when the session is over.

    A thread writes the file, so that a slow disk delays nothing; if it falls behind, only the
    newest text is written. The file is replaced atomically, begins empty, and keeps the last text.
    """

    def __init__(
        self,
        path: Path,
        lines: int = 0,
        on_error: Callable[[str], None] = _log.warning,
    ) -> None:
        """Start writing.

        Args:
            path: The file; its folder must exist.
            lines: How many of the last utterances the file holds, one per line; 0 for all.
            on_error: Receives a sentence, from the writing thread, when writing first fails.
        """
        self._path = path
        self._lines = lines
        self._on_error = on_error
        self._texts: dict[int, str] = {}
        self._changed = threading.Condition()
        self._content: str | None = ""
        self._is_closed = False
        self._thread = ReportingThread(
            self._run, name="live text", on_failure=self._report_failure, daemon=True
        )
        self._thread.start()

    def __call__(self, event: events.SessionEvent) -> None:
        """Queue the text of a finished utterance; ignore other events."""
        if not isinstance(event, events.FinalText | events.ProvisionalText):
            return
        with self._changed:
            self._texts[event.utterance] = " ".join(event.text.split())
            if self._lines and len(self._texts) > _MAX_OPEN + self._lines:
                del self._texts[min(self._texts)]
            self._content = self._render()
            self._changed.notify()

    def close(self) -> bool:
        """Write the last change and stop; return False if the disk hangs."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join(_CLOSE_S)
        return not self._thread.is_alive()

    def _render(self) -> str:
        texts = [self._texts[number] for number in sorted(self._texts)]
        said = [text for text in texts if text]
        return "".join(f"{text}\n" for text in (said[-self._lines :] if self._lines else said))

    def _run(self) -> None:
        in_trouble = False
        while (content := self._wait_for_content()) is not None:
            try:
                write_output(self._path, content, durable=False)
            except OutputError as error:
                if not in_trouble:
                    self._on_error(AppMessage.LIVE_TEXT_NOT_WRITTEN(reason=error))
                in_trouble = True
            else:
                in_trouble = False

    def _report_failure(self, error: BaseException) -> None:
        self._on_error(AppMessage.LIVE_TEXT_DEFECT(reason=summarize_error(error)))

    def _wait_for_content(self) -> str | None:
        """Wait for text to write; return None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._content is not None or self._is_closed)
            content, self._content = self._content, None
            return content


_FINISHED_EVENTS = (events.FinalText, events.ProvisionalText)


class LiveExport:
    """A listener of one session's events. Call `stop` when the session is over.

    The file includes texts from before `begin`. Methods may be called from any thread.
    """

    def __init__(self, on_error: Callable[[str], None]) -> None:
        """Store the callback that receives, from any thread, a sentence when writing fails."""
        self._on_error = on_error
        self._change_lock = threading.Lock()
        self._lock = threading.Lock()
        self._events: dict[int, events.FinalText | events.ProvisionalText] = {}
        self._text: LiveTextWriter | None = None

    def __call__(self, event: events.SessionEvent) -> None:
        """Queue the event's text for writing. Does not wait for the disk."""
        if not isinstance(event, events.FinalText | events.ProvisionalText):
            return
        with self._lock:
            # The library has the words; keeping them here for hours would waste memory.
            self._events[event.utterance] = replace(event, words=())
            if self._text is not None:
                self._text(event)

    def start(self, path: Path, lines: int) -> None:
        """Write the session to `path` from now on, in place of an earlier file.

        Args:
            path: The file; its folder must exist.
            lines: How many of the last utterances the file holds, one per line; 0 for all.
        """
        with self._change_lock:
            self._stop()
            with self._lock:
                text = self._text = LiveTextWriter(path, lines, self._on_error)
                for event in self._events.values():
                    text(event)

    def stop(self) -> bool:
        """Stop writing; return False if the disk hangs. May take two seconds."""
        with self._change_lock:
            return self._stop()

    def _stop(self) -> bool:
        with self._lock:
            text, self._text = self._text, None
        return text is None or text.close()


def polish_events(
    polish: Polish, listener: Callable[[events.SessionEvent], None]
) -> Callable[[events.SessionEvent], None]:
    """Return a listener that forwards every event to `listener`, finished texts polished.

    Drafts are forwarded unchanged: they change with every word anyway.
    """

    def listen(event: events.SessionEvent) -> None:
        listener(_polished(event, polish) if isinstance(event, _FINISHED_EVENTS) else event)

    return listen


def _polished(
    event: events.FinalText | events.ProvisionalText, polish: Polish
) -> events.FinalText | events.ProvisionalText:
    transcript = Transcript(
        start_s=event.start_s,
        end_s=event.end_s,
        text=event.text,
        token_ids=(),
        words=event.words,
        confidence=mean_confidence(event.words),
        draft_text="",
        draft_token_ids=(),
    )
    done = polish(transcript)
    if done is transcript:
        return event
    return replace(event, text=done.text, words=done.words)
