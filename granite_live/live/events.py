"""What a session tells its listener: frozen, complete, in order.

Every event has `t`, monotonic seconds since the session began. Times called `start_s` and
`end_s` count from the first sample of the recording.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from granite_live.transcript.model import ModelInfo, Word

STOPPING = "Finishing what was said."
"""How the detail of the state "stopping" ends; before it stands what the source had to say."""


@dataclass(frozen=True, slots=True)
class State:
    """What the session is doing now, in a word and a sentence.

    `state` is "waiting", "listening", "paused", "catching_up", "recording_only" or "stopping".
    `utterance` is the last one that had begun by then, 0 for none: when a session pauses it is the
    last of what was said before, when it goes on the next one is the first of what is said now.
    """

    t: float
    state: str
    detail: str = ""
    utterance: int = 0


@dataclass(frozen=True, slots=True)
class ModelReady:
    """The model is loaded: which one, where it really runs, and why that is not what was asked."""

    t: float
    model: ModelInfo
    threads: int
    notes: tuple[str, ...]
    load_s: float


@dataclass(frozen=True, slots=True)
class ModelRefused:
    """Another model was wanted in the middle and cannot be had; what was in use goes on."""

    t: float
    reason: str


@dataclass(frozen=True, slots=True)
class Level:
    """How loud the input is, in dB below full scale (-120 for digital silence)."""

    t: float
    rms_dbfs: float
    peak_dbfs: float
    clipped: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """Words of the open utterance so far; the first `stable_words` will hardly change."""

    t: float
    utterance: int
    start_s: float
    text: str
    stable_words: int


@dataclass(frozen=True, slots=True)
class Provisional:
    """A closed utterance's draft, shown because the edited text will take a while."""

    t: float
    utterance: int
    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Final:
    """A closed utterance's edited text. It does not change any more.

    `editor_skipped` says that its draft was certain and stands as it is.
    """

    t: float
    utterance: int
    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...]
    confidence: float
    draft_text: str
    editor_skipped: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """An utterance could not be transcribed. Its sound is kept."""

    t: float
    utterance: int
    start_s: float
    end_s: float
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """What had begun as an utterance was no speech: no text will come of it."""

    t: float
    utterance: int


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """The input gives no sound any more."""

    t: float
    device: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeviceBack:
    """The input gives sound again."""

    t: float
    device: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Sound never arrived, though the input is there: the program was stopped, or the computer
    slept (`asleep`) or was too busy.

    The recording goes on at `at_s` as if the `seconds` that are missing there had not been.
    """

    t: float
    at_s: float
    seconds: float
    asleep: bool
    detail: str


@dataclass(frozen=True, slots=True)
class WorkerRestarted:
    """The recogniser's process died or hung and was started again."""

    t: float
    reason: str
    unfinished: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much closed speech still waits for its text."""

    t: float
    utterances: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Disk:
    """Trouble with the disk, that it lasts, or its end.

    `unwritten_s` of sound are in memory only; `lost_s` were dropped. The session lies in
    `folder`, and its disk lacks `needed_bytes` of room; 0 if it is not full.
    """

    t: float
    detail: str
    unwritten_s: float
    lost_s: float = 0.0
    folder: str = ""
    needed_bytes: int = 0


@dataclass(frozen=True, slots=True)
class LostSound:
    """A stretch of the recording whose sound is lost, in seconds of the recording.

    `reason` is "disk" if neither disk nor memory could hold it; silence may stand in its place. It
    is "overload" if the computer was too busy to record it, and "suspended" if it did not even
    arrive, see `Gap`: then the recording goes on at once where it is missing, and `start_s` is
    `end_s`.
    """

    start_s: float
    end_s: float
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of the session failed unexpectedly. `detail` says what follows, for the user.

    `part` is "recording", "segmenter", "recogniser" or "sound". The traceback is in the log.
    """

    t: float
    part: str
    detail: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The last event of a session, with its totals.

    Attributes:
        t: Seconds since the session began.
        utterances: How many there were.
        failed: How many of them have no text.
        samples_received: How long the recording is.
        samples_lost: How many samples were lost, all in all.
        worker_restarts: How often the recognizer was started again.
        lost: Which samples were lost, in order.
        texts_lost: How many texts were told, but are not on the disk.
        needs_recovery: Whether the session is unfinished on the disk, so that "recover" can
            finish it: where texts are missing, or the disk did not take its end.
        detail: Sentences for the user on what was lost and why, "" if nothing was.
    """

    t: float
    utterances: int
    failed: int
    samples_received: int
    samples_lost: int
    worker_restarts: int
    lost: tuple[LostSound, ...] = ()
    texts_lost: int = 0
    needs_recovery: bool = False
    detail: str = ""


Event = (
    State
    | ModelReady
    | ModelRefused
    | Level
    | Draft
    | Provisional
    | Final
    | Failed
    | Dropped
    | DeviceLost
    | DeviceBack
    | Gap
    | WorkerRestarted
    | Backlog
    | Disk
    | Fault
    | Closed
)

_NAMES: dict[type, str] = {
    State: "state",
    ModelReady: "model_ready",
    ModelRefused: "model_refused",
    Level: "level",
    Draft: "draft",
    Provisional: "provisional",
    Final: "final",
    Failed: "failed",
    Dropped: "dropped",
    DeviceLost: "device_lost",
    DeviceBack: "device_back",
    Gap: "gap",
    WorkerRestarted: "worker_restarted",
    Backlog: "backlog",
    Disk: "disk",
    Fault: "fault",
    Closed: "closed",
}


def name_of(kind: type) -> str:
    """Return what a class of events is called in JSON."""
    return _NAMES[kind]


def to_json(event: Event) -> dict[str, Any]:
    """Return the event as an object for JSON, its name first under "event"."""
    return {"event": _NAMES[type(event)], **asdict(event)}
