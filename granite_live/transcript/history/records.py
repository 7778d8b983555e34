"""What the library holds, as frozen objects. Times are seconds from the recording's start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from granite_live.transcript.history.words import unpacked
from granite_live.transcript.model import ModelInfo, Word
from granite_live.transcript.retiming import timed_words


class SourceKind(Enum):
    """Where a session's sound came from."""

    MICROPHONE = "microphone"
    SYSTEM = "system"
    FILE = "file"


class SessionState(Enum):
    """How far a session has come."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    """It ended without its last texts: its sound is in the journal, to be recovered."""


class UtteranceState(Enum):
    """How far an utterance's text has come."""

    PROVISIONAL = "provisional"
    """The draft; the edited text is on its way."""
    FINAL = "final"
    FAILED = "failed"
    """It could not be transcribed; its sound is kept."""


class Part(Enum):
    """What of a session to delete."""

    TEXT = "text"
    SOUND = "sound"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class NewSession:
    """What is known of a session when it begins.

    Attributes:
        started_at: With its time zone.
        source_kind: Where its sound comes from.
        source: The device's name or the file's path.
        journal: Name of its folder in the sessions' folder, or the whole path of one that
            lies elsewhere; "" if there is none.
        title: "" where the user has given none.
        model_path: Folder of the model that is asked for.
        tier: Its tier, None if the model's loading decides.
        keep: How long it is kept ("all", "text", "30-days") if that was decided for it alone.
    """

    started_at: datetime
    source_kind: SourceKind
    source: str = ""
    journal: str = ""
    title: str = ""
    model_path: str = ""
    tier: str | None = None
    keep: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is stored, with counts of its utterances.

    Attributes:
        excerpt: The beginning of its first text, "" if there is none.
        model: What really ran, None until the model was loaded.
        sound_deleted, text_deleted: What the user has deleted of it.

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
    utterances: int
    failed: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class NewUtterance:
    """The result for one utterance; `number` is the one it has in the session's journal."""

    number: int
    start_s: float
    end_s: float
    text: str = ""
    words: tuple[Word, ...] = ()
    confidence: float = 1.0
    draft_text: str = ""
    state: UtteranceState = UtteranceState.FINAL
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line of a session.

    Attributes:
        position: Orders the lines of a session; has gaps.
        number: Its number in the journal, None for the second part of a split one.
        machine_text: What the model said.
        edited_text: What the user made of it, None if nothing.
        packed_words: The machine's words, packed; `words` unpacks them.
        reason: Why it failed.
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

    @property
    def text(self) -> str:
        """What is shown, searched and exported."""
        return self.machine_text if self.edited_text is None else self.edited_text

    @property
    def is_edited(self) -> bool:
        """Whether the user has changed the text."""
        return self.edited_text is not None

    @property
    def words(self) -> tuple[Word, ...]:
        """The machine's words. Unpacked at each call: keep them while they are on show."""
        return unpacked(self.packed_words)

    @property
    def shown_words(self) -> tuple[Word, ...]:
        """The words of `text`, one for each of `text.split()`.

        Those that the user left alone are the machine's; the others take the times of what
        they stand for, have a confidence of 1 and no draft.
        """
        return timed_words(self.text, self.words, self.start_s, self.end_s)


@dataclass(frozen=True, slots=True)
class Change:
    """Lines of a session before and after something was done to them.

    `Library.apply(change.reversed)` takes it back, `Library.apply(change)` does it again.
    """

    session_id: int
    before: tuple[Utterance, ...]
    after: tuple[Utterance, ...]

    @property
    def reversed(self) -> Change:
        """The change that takes this one back."""
        return Change(self.session_id, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that a search found.

    `snippet` is the part of its text around the find; `marks` are the ranges of characters
    (start, end) in the snippet that fit.
    """

    session_id: int
    utterance_id: int
    start_s: float
    snippet: str
    marks: tuple[tuple[int, int], ...]
