"""Applies text polishing to a session's events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from granite_live.session import events
from granite_live.transcript.model import Transcript, mean_confidence
from granite_live.transcript.polish import Polish

_CLOSED = (events.Final, events.Provisional)


def polishing(
    polish: Polish, listener: Callable[[events.Event], None]
) -> Callable[[events.Event], None]:
    """Return a listener that forwards every event to `listener`, finished texts polished.

    Drafts are forwarded unchanged: they change with every word anyway.
    """

    def listen(event: events.Event) -> None:
        listener(_polished(event, polish) if isinstance(event, _CLOSED) else event)

    return listen


def _polished(
    event: events.Final | events.Provisional, polish: Polish
) -> events.Final | events.Provisional:
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
