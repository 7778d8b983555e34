"""A library with something in it, for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from granite_live.library import Library, NewSession, SavedUtterance, SourceKind, UtteranceState
from granite_live.library.records import NewUtterance
from granite_live.transcript.model import Track, Word
from helpers.model_fakes import make_words

BEGAN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
STATES = list(UtteranceState)


def new_session(
    journal: str = "2026-03-01_09-30-00", *, started_at: datetime = BEGAN
) -> NewSession:
    return NewSession(started_at, SourceKind.MICROPHONE, "Desk microphone", journal)


def result(
    number: int,
    text: str,
    *,
    state: UtteranceState = UtteranceState.FINAL,
    words: tuple[Word, ...] | None = None,
    track: int = Track.MICROPHONE,
) -> NewUtterance:
    """Return utterance `number`, which begins ten seconds after the one before."""
    start_s, end_s = 10.0 * number, 10.0 * number + 5.0
    if words is None:
        words = make_words(text, start_s, end_s)
    return NewUtterance(number, start_s, end_s, text, words, 0.9, text.lower(), state, track=track)


def filled(library: Library, *texts: str) -> int:
    """Return a new session with a final utterance for each of `texts`."""
    session_id = library.create_session(new_session())
    for number, text in enumerate(texts, start=1):
        library.put_utterance(session_id, result(number, text))
    return session_id


def line(library: Library, session_id: int, index: int = 0) -> SavedUtterance:
    return library.utterances(session_id)[index]


def texts(library: Library, session_id: int) -> list[str]:
    return [one.text for one in library.utterances(session_id)]
