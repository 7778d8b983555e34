"""What the library holds, as frozen objects. Times are seconds from the recording's start."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from itertools import starmap

from granite_live.messages.library import LibraryMessage
from granite_live.transcript.model import (
    ModelInfo,
    RecordingTranscript,
    Track,
    Transcript,
    Word,
    align_words,
    mean_confidence,
)


def clean_text(text: str) -> str:
    """Return the text on one line, without control characters.

    A lone surrogate, which SQLite cannot store, becomes a question mark.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = "".join(
        " " if one.isspace() else one for one in text if one.isspace() or not _is_control(one)
    )
    return kept.encode("utf-8", errors="replace").decode("utf-8")


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"


def pack_words(words: Iterable[Word]) -> str:
    """Return the words as JSON: times with three decimals, confidences with four."""
    rows = [
        [
            clean_text(word.text),
            round(word.start_s, 3),
            round(word.end_s, 3),
            round(word.confidence, 4),
            None if word.draft is None else clean_text(word.draft),
            *(() if word.replaced is None else (clean_text(word.replaced),)),
        ]
        for word in words
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def unpack_words(text: str) -> tuple[Word, ...]:
    """Return the words in a JSON text made by `pack_words`."""
    return tuple(starmap(Word, json.loads(text)))


class SourceKind(Enum):
    """The kind of a session's audio source."""

    MICROPHONE = "microphone"
    SYSTEM = "system"
    FILE = "file"
    MEETING = "meeting"
    """A microphone and the computer's own output at once, each on its own track."""


class SessionState(Enum):
    """The state of a session."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    """Ended without its last texts; the journal has its audio, so it can be recovered."""


class UtteranceState(Enum):
    """The state of an utterance's text."""

    PROVISIONAL = "provisional"
    """The draft; the final text is pending."""
    FINAL = "final"
    FAILED = "failed"
    """Transcription failed; the audio is kept."""


class SessionPart(Enum):
    """The part of a session to delete."""

    TEXT = "text"
    SOUND = "sound"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class NewSession:
    """The data of a session that begins.

    Attributes:
        started_at: The start, with its time zone.
        source_kind: The kind of its audio source.
        source: The device's name or the file's path.
        journal: The name of its folder in the sessions folder, or the full path of a folder
            elsewhere; "" if there is none.
        title: "" if the user has set none.
        model_path: The folder of the requested model.
        tier: The requested tier, None if loading decides.
        keep: The session's own retention ("all", "text", "30-days"), None for the default.
    """

    started_at: datetime
    source_kind: SourceKind
    source: str = ""
    journal: str = ""
    title: str = ""
    model_path: str = ""
    tier: str | None = None
    keep: str | None = None


_HEADING_CHARS = 60


@dataclass(frozen=True, slots=True)
class SavedSession:
    """A stored session, with counts of its utterances.

    Attributes:
        excerpt: The beginning of its first text, "" if there is none.
        model: The model that ran, None until it was loaded.
        sound_deleted, text_deleted: Which parts the user has deleted.
        notes: A message about the recording: which track and channels of a file were taken, and
            what of it could not be read; "" if there is nothing to say.

    The others are those of `NewSession`.
    """

    id: int
    title: str
    started_at: datetime
    duration_s: float
    source_kind: SourceKind
    source: str
    journal: str
    model_path: str
    tier: str | None
    model: ModelInfo | None
    keep: str | None
    state: SessionState
    sound_deleted: bool
    text_deleted: bool
    notes: str
    utterances: int
    failed: int
    excerpt: str

    @property
    def heading(self) -> str:
        """The user's title, else the first words of the text, "" without text."""
        if self.title:
            return self.title
        text = " ".join(self.excerpt.split())
        if len(text) <= _HEADING_CHARS:
            return text
        return text[:_HEADING_CHARS].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True)
class NewUtterance:
    """The result for one utterance; `number` is its number in the journal."""

    number: int
    start_s: float
    end_s: float
    text: str = ""
    words: tuple[Word, ...] = ()
    confidence: float = 1.0
    draft_text: str = ""
    state: UtteranceState = UtteranceState.FINAL
    reason: str = ""
    track: int = Track.MICROPHONE


@dataclass(slots=True)
class SavedUtterance:
    """A line of a session. It is never changed; `dataclasses.replace` makes another.

    It is not declared frozen: Python fills a frozen dataclass eight times slower, and a long
    session has thousands of lines.

    Attributes:
        position: The sort key within the session; has gaps.
        number: Its number in the journal, None for the second part of a split line.
        machine_text: The model's text.
        edited_text: The user's text, None if unedited.
        packed_words: The machine's words, packed; `words` unpacks them.
        reason: Why transcription failed, "" if it did not.
        track: The track on which it was recorded.
        speaker: The speaker's name, "" if the user has given none.
    """

    id: int
    session_id: int
    position: int
    number: int | None
    start_s: float
    end_s: float
    machine_text: str
    edited_text: str | None
    packed_words: str
    confidence: float
    draft_text: str
    state: UtteranceState
    reason: str
    track: int = Track.MICROPHONE
    speaker: str = ""

    @property
    def text(self) -> str:
        """The text to display, search and export."""
        return self.machine_text if self.edited_text is None else self.edited_text

    @property
    def is_edited(self) -> bool:
        """Whether the user has changed the text."""
        return self.edited_text is not None

    @property
    def words(self) -> tuple[Word, ...]:
        """The machine's words, unpacked at each call."""
        return unpack_words(self.packed_words)

    @property
    def shown_words(self) -> tuple[Word, ...]:
        """The words of `text`, one for each of `text.split()`.

        Unchanged words are the machine's; the others get the times of those they replace, a
        confidence of 1 and no draft.
        """
        return align_words(self.text, self.words, self.start_s, self.end_s)


@dataclass(frozen=True, slots=True)
class LineChange:
    """Lines of a session before and after an edit.

    `Library.apply(change.inverse)` undoes it, `Library.apply(change)` redoes it.

    Attributes:
        last_id: The newest line of the library when speakers were changed, else None. Newer lines
            took over the speaker of the line before them, and change again with it.
    """

    session_id: int
    before: tuple[SavedUtterance, ...]
    after: tuple[SavedUtterance, ...]
    last_id: int | None = None

    @property
    def inverse(self) -> LineChange:
        """The change that undoes this one."""
        return LineChange(self.session_id, self.after, self.before, self.last_id)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A line that matches a search.

    `snippet` is the text around the match; `marks` are the matching character ranges (start, end)
    in it.
    """

    session_id: int
    utterance_id: int
    start_s: float
    snippet: str
    marks: tuple[tuple[int, int], ...]


def side_name(session: SavedSession, track: int) -> str:
    """Return the message that names the unnamed speakers of a track, "" with a single source."""
    if session.source_kind is not SourceKind.MEETING:
        return ""
    return LibraryMessage.ME() if track == Track.MICROPHONE else LibraryMessage.OTHERS()


def to_recording(session: SavedSession, lines: Sequence[SavedUtterance]) -> RecordingTranscript:
    """Return the session as a transcript with the user's edits, without token ids and timings.

    Lines of a meeting whose speaker is not named have the message of `side_name`.
    """
    is_file = session.source_kind is SourceKind.FILE
    model = session.model or ModelInfo(
        session.model_path, session.tier or "", {}, ctc_blank=0, ctc_shift=0
    )
    return RecordingTranscript(
        audio_path=session.source if is_file else session.journal,
        duration_s=max([session.duration_s, *(line.end_s for line in lines)]),
        utterances=tuple(
            replace(to_transcript(line), speaker=line.speaker or side_name(session, line.track))
            for line in lines
        ),
        model=model,
        title=session.title if is_file else session.heading,
    )


def to_transcript(line: SavedUtterance) -> Transcript:
    """Return a line as it is displayed."""
    words = line.shown_words
    return Transcript(
        start_s=line.start_s,
        end_s=line.end_s,
        text=line.text,
        token_ids=(),
        words=words,
        confidence=mean_confidence(words) if line.is_edited else line.confidence,
        draft_text=line.draft_text,
        draft_token_ids=(),
        editor_skipped=None,
        editing_passes=None,
        track=line.track,
        speaker=line.speaker,
    )
