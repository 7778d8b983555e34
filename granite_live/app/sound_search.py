"""Search the sound of stored sessions for a term, however it was written.

Only the encoder runs. A place is where the spotter finds the term's letters in its scores; places
are ordered by the average score of a letter.
"""

from __future__ import annotations

import heapq
import logging
import math
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from granite_live.messages.library import LibraryMessage
from granite_live.transcript.spelling import split_marks
from granite_live.util.errors import AudioError, GraniteError, HistoryError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np
    from numpy.typing import NDArray

    from granite_live.asr.recognizer import Recognizer
    from granite_live.library import SavedSession, SavedUtterance
    from granite_live.settings.vocabulary import Term

_log = logging.getLogger(__name__)

LEAST_PER_LETTER = -2.2
"""The lowest score of a place, in nats for each letter."""
MAX_PLACES = 200
"""The number of places that are kept, the best ones."""
_SPAN_S = 30.0
"""Longer utterances are searched in parts."""
_OVERLAP_S = 3.0
"""What two parts have in common: longer than a term takes."""
_BATCH_S = 120.0
"""Seconds of sound that are read at a time. Graphs that take batches choose their own sizes."""


@dataclass(frozen=True, slots=True, order=True)
class SoundPlace:
    """A place where a term may have been spoken.

    Attributes:
        score: In 0..1, the average of a letter; 1 is what the encoder hears best itself.
        session: The session.
        utterance_id: The line.
        start_s: The start of the place in the recording.
        end_s: Its end.
        written: The words that are written there.
    """

    score: float
    session: SavedSession = field(compare=False)
    utterance_id: int
    start_s: float
    end_s: float
    written: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class SoundSearchResult:
    """The best places first; how many seconds were searched, and sentences on what was not."""

    places: tuple[SoundPlace, ...]
    searched_s: float
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionSound:
    """A session to search, with its lines."""

    session: SavedSession
    lines: tuple[SavedUtterance, ...]


def sessions_with_sound(session_id: int | None = None) -> list[SessionSound]:
    """Return the finished and interrupted sessions that have their sound, newest first.

    Args:
        session_id: Only this session.

    Raises:
        HistoryError: The library cannot be read, or the sound of `session_id` was deleted.
    """
    from granite_live.app.library_sync import has_recording, open_library
    from granite_live.audio.journal import sessions_dir
    from granite_live.library import SessionState

    found: dict[str, SessionSound] = {}
    with open_library()[0] as library:
        for one in library.sessions():
            is_wanted = session_id is None or one.id == session_id
            if not is_wanted or one.state is SessionState.RUNNING or one.sound_deleted:
                continue
            # Sessions that were transcribed again share a recording: the newest is searched.
            is_new = bool(one.journal) and one.journal not in found
            if is_new and has_recording(sessions_dir() / one.journal):
                found[one.journal] = SessionSound(one, library.utterances(one.id))
    if session_id is not None and not found:
        raise HistoryError(LibraryMessage.SOUND_DELETED_NOT_SEARCHED())
    return list(found.values())


class SoundSearch:
    """Searches sessions for a term. `run` blocks and belongs in a thread."""

    def __init__(self, term: Term, sessions: Sequence[SessionSound]) -> None:
        self._term, self._sessions = term, sessions
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the search soon; `run` returns what was found so far. Returns at once."""
        self._stopped.set()

    def run(
        self,
        recognizer: Recognizer,
        on_progress: Callable[[float, SoundSearchResult], None] | None = None,
    ) -> SoundSearchResult:
        """Search all sessions. A recording that cannot be read becomes a problem.

        Args:
            recognizer: Its vocabulary becomes the term.
            on_progress: Called with the share that is done, 0..1, and what was found so far.

        Raises:
            GraniteError: The graphs return no scores of terms, or onnxruntime failed.
        """
        from granite_live.asr.spotting.deciding import DecisionRule

        recognizer.use_vocabulary([self._term], DecisionRule(least_per_letter=LEAST_PER_LETTER))
        if not recognizer.has_vocabulary:
            raise GraniteError(LibraryMessage.NO_SEARCH_BY_SOUND())
        whole_s = sum(one.end_s - one.start_s for of in self._sessions for one in of.lines)
        best: list[SoundPlace] = []
        problems: list[str] = []
        done_s = 0.0

        def found() -> SoundSearchResult:
            return SoundSearchResult(tuple(_distinct(sorted(best)[::-1])), done_s, tuple(problems))

        for one in self._sessions:
            if self._stopped.is_set():
                break
            try:
                for batch in _batches(one, recognizer.sample_rate_hz):
                    if self._stopped.is_set():
                        break
                    for place in _places(recognizer, one.session, batch):
                        heapq.heappush(best, place)
                        if len(best) > MAX_PLACES:
                            heapq.heappop(best)
                    done_s += sum(len(span.sound) for span in batch) / recognizer.sample_rate_hz
                    if on_progress is not None:
                        on_progress(min(1.0, done_s / max(whole_s, 1e-9)), found())
            except AudioError as error:
                _log.warning("A session was not searched: %s", error)
                problems.append(str(error))
        return found()


@dataclass(frozen=True, slots=True, eq=False)
class _Span:
    """A part of a line's sound that starts at `start_s` of the recording."""

    line: SavedUtterance
    start_s: float
    sound: NDArray[np.float32]


def _batches(one: SessionSound, sample_rate_hz: int) -> Iterator[list[_Span]]:
    """Yield the sound of the session's lines.

    Raises:
        AudioError: The recording cannot be read, or has another sample rate.
    """
    for track in sorted({line.track for line in one.lines}):
        lines = [line for line in one.lines if line.track == track]
        yield from _track_batches(one.session, track, lines, sample_rate_hz)


def _track_batches(
    session: SavedSession, track: int, lines: Sequence[SavedUtterance], sample_rate_hz: int
) -> Iterator[list[_Span]]:
    from granite_live.audio.journal import open_session_audio, sessions_dir
    from granite_live.util.pcm import to_float32

    batch: list[_Span] = []
    with open_session_audio(sessions_dir() / session.journal, track) as audio:
        if audio.sample_rate_hz != sample_rate_hz:
            raise AudioError(LibraryMessage.OTHER_SAMPLE_RATE(rate=audio.sample_rate_hz))
        for line in lines:
            start, end = (round(at * sample_rate_hz) for at in (line.start_s, line.end_s))
            end = min(end, audio.samples)
            step = round((_SPAN_S - _OVERLAP_S) * sample_rate_hz)
            for first in range(start, end, step):
                last = min(end, first + round(_SPAN_S * sample_rate_hz))
                sound = to_float32(audio.read(first, last))
                batch.append(_Span(line, first / sample_rate_hz, sound))
                if last == end:
                    break
            if sum(len(span.sound) for span in batch) >= _BATCH_S * sample_rate_hz:
                yield batch
                batch = []
    if batch:
        yield batch


def _places(
    recognizer: Recognizer, session: SavedSession, spans: Sequence[_Span]
) -> Iterator[SoundPlace]:
    drafts = recognizer.draft_many([span.sound for span in spans])
    for span, draft in zip(spans, drafts, strict=True):
        for found in recognizer.spotted(draft):
            start_s = span.start_s + found.start * draft.frame_s
            end_s = span.start_s + found.end * draft.frame_s
            yield SoundPlace(
                math.exp(found.deficit_per_letter),
                session,
                span.line.id,
                start_s,
                end_s,
                words_between(span.line, start_s, end_s),
            )


def words_between(line: SavedUtterance, start_s: float, end_s: float) -> str:
    """Return the line's words in a time range."""
    return " ".join(
        word.text
        for word in line.shown_words
        if _is_within(word.start_s, word.end_s, start_s, end_s)
    )


def _is_within(begin_s: float, stop_s: float, start_s: float, end_s: float) -> bool:
    """Return whether more than half of the shorter of two ranges is common to both."""
    common_s = min(stop_s, end_s) - max(begin_s, start_s)
    return common_s > 0.5 * min(stop_s - begin_s, end_s - start_s)


def _distinct(places: Iterable[SoundPlace]) -> Iterator[SoundPlace]:
    """Yield the places without those that share time with an earlier, better one."""
    kept: list[SoundPlace] = []
    for one in places:
        if all(
            one.utterance_id != other.utterance_id
            or one.end_s <= other.start_s
            or one.start_s >= other.end_s
            for other in kept
        ):
            kept.append(one)
            yield one


def replaced_text(line: SavedUtterance, place: SoundPlace, term: str) -> str:
    """Return the line's text with `term` in place of the words at a place.

    The punctuation around them stays. A place without words leaves the text as it is.
    """
    words = line.shown_words
    inside = [
        number
        for number, word in enumerate(words)
        if _is_within(word.start_s, word.end_s, place.start_s, place.end_s)
    ]
    if not inside:
        return line.text
    first, last = inside[0], inside[-1]
    opening, closing = split_marks(words[first].text)[0], split_marks(words[last].text)[2]
    texts = [word.text for word in words]
    return " ".join([*texts[:first], f"{opening}{term}{closing}", *texts[last + 1 :]])


class SoundSearchTask:
    """A search in a process of its own. `run` blocks and belongs in a thread; `stop` is for any."""

    def __init__(self, term: str, session_id: int | None = None) -> None:
        """Search all sessions, or one."""
        from granite_live.app.subprocess_task import SubprocessTask

        self._task = SubprocessTask(
            serve_sound_search,
            (term, "" if session_id is None else str(session_id)),
            "granite-search",
        )

    def stop(self) -> None:
        """End the search; `run` returns what was found so far. Returns at once."""
        self._task.stop()

    def run(self, on_progress: Callable[[float], None]) -> SoundSearchResult:
        """Search; return what was found, also after `stop`.

        Args:
            on_progress: Called in this thread with the share that is done, 0..1.

        Raises:
            GraniteError: The sessions or the model cannot be used.
        """
        from granite_live.app.library_sync import open_library
        from granite_live.app.subprocess_task import TaskStoppedError

        told: dict[str, Any] = {}

        def follow(progress: dict[str, Any]) -> None:
            told.update(progress["found"])
            on_progress(progress["share"])

        try:
            told.update(self._task.run(follow))
        except TaskStoppedError:
            if not told:
                return SoundSearchResult((), 0.0)
        with open_library()[0] as library:
            sessions = {one.id: one for one in library.sessions()}
        places = tuple(
            SoundPlace(score, sessions[session], *rest)
            for score, session, *rest in told["places"]
            if session in sessions
        )
        return SoundSearchResult(places, told["searched_s"], tuple(told["problems"]))


def serve_sound_search(connection: Connection, term: str, session_id: str) -> None:
    """Search with the model of the settings. Called in the spawned process."""
    from granite_live.app.subprocess_task import serve_task

    def work(progress: Callable[[object], None]) -> object:
        from granite_live.app.factory import open_selected
        from granite_live.app.models import select_stored_model
        from granite_live.settings.vocabulary import Term

        searching = SoundSearch(
            Term.parse(term), sessions_with_sound(int(session_id) if session_id else None)
        )
        with open_selected(select_stored_model(), live=True) as recognizer:
            return _packed(
                searching.run(
                    recognizer,
                    lambda share, found: progress({"share": share, "found": _packed(found)}),
                )
            )

    serve_task(connection, work)


def _packed(result: SoundSearchResult) -> dict[str, object]:
    """Return a result as JSON takes it."""
    return {
        "places": [
            [one.score, one.session.id, one.utterance_id, one.start_s, one.end_s, one.written]
            for one in result.places
        ],
        "searched_s": result.searched_s,
        "problems": list(result.problems),
    }
