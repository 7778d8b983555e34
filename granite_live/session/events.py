"""The events that a session sends to its listener: immutable, complete and in order.

In every event `t` is the time in seconds since the session began (monotonic). `start_s` and
`end_s` count from the first sample of the recording. `track` is 1 for the computer's own output
recorded beside a microphone, else 0.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from granite_live.messages.session import SessionMessage
from granite_live.transcript.model import ModelInfo, Word

STOPPING_SENTENCE = SessionMessage.FINISHING()
"""The last sentence of the detail of the state "stopping"; a message of the source precedes it."""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The state of the session, with a sentence for the user.

    `state` is "waiting", "listening", "paused", "catching_up", "recording_only" or "stopping".
    `utterance` is the last utterance that had begun by then, 0 for none: the last one before a
    pause, or the one before the first after a pause.
    """

    t: float
    state: str
    detail: str = ""
    utterance: int = 0


@dataclass(frozen=True, slots=True)
class ModelReady:
    """The model is loaded. `notes` are sentences on where it runs, and why not as configured."""

    t: float
    model: ModelInfo
    threads: int
    notes: tuple[str, ...]
    load_s: float


@dataclass(frozen=True, slots=True)
class ModelRejected:
    """Another model was requested and cannot be loaded; the current one stays in use."""

    t: float
    reason: str


@dataclass(frozen=True, slots=True)
class LevelMeasured:
    """The input level, in dB below full scale (-120 for digital silence).

    `speech` tells whether an utterance is open and was spoken in the last 0.15 s.
    """

    t: float
    rms_dbfs: float
    peak_dbfs: float
    clipped: bool
    speech: bool = False
    track: int = 0


@dataclass(frozen=True, slots=True)
class DraftText:
    """The words of the open utterance so far; the first `stable_words` will hardly change."""

    t: float
    utterance: int
    start_s: float
    text: str
    stable_words: int
    track: int = 0


@dataclass(frozen=True, slots=True)
class ProvisionalText:
    """A closed utterance's draft, shown because the edited text will take a while."""

    t: float
    utterance: int
    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...]
    track: int = 0


@dataclass(frozen=True, slots=True)
class FinalText:
    """A closed utterance's final text. It does not change any more.

    `editor_skipped` says that the draft was certain, so the editor was not run,
    `editing_passes` how many passes it ran.
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
    editing_passes: int | None = None
    track: int = 0


@dataclass(frozen=True, slots=True)
class TranscriptionFailed:
    """An utterance could not be transcribed. Its audio is kept."""

    t: float
    utterance: int
    start_s: float
    end_s: float
    attempts: int
    reason: str
    track: int = 0


@dataclass(frozen=True, slots=True)
class UtteranceDropped:
    """What had begun as an utterance was not speech; no text will follow."""

    t: float
    utterance: int


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """The input delivers no audio any more."""

    t: float
    device: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeviceRecovered:
    """The input delivers audio again."""

    t: float
    device: str


@dataclass(frozen=True, slots=True)
class AudioGap:
    """Audio is missing although the input is connected: the program was stopped, or the computer
    slept (`asleep`) or was too busy.

    The recording continues at `at_s` without the `seconds` that are missing there.
    """

    t: float
    at_s: float
    seconds: float
    asleep: bool
    detail: str


@dataclass(frozen=True, slots=True)
class WorkerRestarted:
    """The worker process died or hung, and a new one was started."""

    t: float
    reason: str
    unfinished: int


@dataclass(frozen=True, slots=True)
class BacklogChanged:
    """How many closed utterances wait for their text, and their length in seconds."""

    t: float
    utterances: int
    seconds: float


@dataclass(frozen=True, slots=True)
class DiskChanged:
    """Trouble with the disk: it began, it continues, or it ended.

    `unwritten_s` seconds of audio are in memory only; `lost_s` were dropped. `needed_bytes` are
    missing on the disk of `folder`, where the session is stored; 0 if it is not full.
    """

    t: float
    detail: str
    unwritten_s: float
    lost_s: float = 0.0
    folder: str = ""
    needed_bytes: int = 0


@dataclass(frozen=True, slots=True)
class LostStretch:
    """A stretch of the recording whose audio is lost, in seconds of the recording.

    `reason` is "disk" if neither disk nor memory could hold it; silence may replace it. It is
    "overload" if the computer was too busy to record it, and "suspended" if it did not arrive (see
    `AudioGap`): then the recording continues without it, and `start_s` equals `end_s`.
    """

    start_s: float
    end_s: float
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class PartFailed:
    """A part of the session failed unexpectedly. `detail` states the consequence, for the user.

    `part` is "source", "recording", "segmenter" or "sound". The traceback is in the log.
    """

    t: float
    part: str
    detail: str


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The last event of a session, with its totals.

    Attributes:
        t: Seconds since the session began.
        utterances: Number of utterances.
        failed: Number of utterances without text.
        samples_received: Length of the recording.
        samples_lost: Number of lost samples.
        worker_restarts: Number of times that the worker was restarted.
        lost: The lost stretches, in order.
        texts_lost: Number of texts that were reported but are not on the disk.
        needs_recovery: Whether the session is unfinished on the disk, so that "recover" can
            finish it: texts are missing, or the disk did not take its end.
        detail: Sentences for the user on what was lost and why, "" if nothing was.
    """

    t: float
    utterances: int
    failed: int
    samples_received: int
    samples_lost: int
    worker_restarts: int
    lost: tuple[LostStretch, ...] = ()
    texts_lost: int = 0
    needs_recovery: bool = False
    detail: str = ""


SessionEvent = (
    StateChanged
    | ModelReady
    | ModelRejected
    | LevelMeasured
    | DraftText
    | ProvisionalText
    | FinalText
    | TranscriptionFailed
    | UtteranceDropped
    | DeviceLost
    | DeviceRecovered
    | AudioGap
    | WorkerRestarted
    | BacklogChanged
    | DiskChanged
    | PartFailed
    | SessionClosed
)

_NAMES: dict[type, str] = {
    StateChanged: "state",
    ModelReady: "model_ready",
    ModelRejected: "model_refused",
    LevelMeasured: "level",
    DraftText: "draft",
    ProvisionalText: "provisional",
    FinalText: "final",
    TranscriptionFailed: "failed",
    UtteranceDropped: "dropped",
    DeviceLost: "device_lost",
    DeviceRecovered: "device_back",
    AudioGap: "gap",
    WorkerRestarted: "worker_restarted",
    BacklogChanged: "backlog",
    DiskChanged: "disk",
    PartFailed: "fault",
    SessionClosed: "closed",
}


def event_name(kind: type) -> str:
    """Return the JSON name of a class of events."""
    return _NAMES[kind]


def to_json(event: SessionEvent) -> dict[str, Any]:
    """Return the event as a JSON object; its name comes first, under "event"."""
    return {"event": _NAMES[type(event)], **asdict(event)}


JSON_VERSION = 1
"""The version of the JSON lines: changes when a member is removed or changes its meaning."""


def event_line(event: SessionEvent) -> str:
    """Return a line of `listen --json` without its end, see docs/events.schema.json."""
    fields = _rounded(to_json(event))
    data = {"event": fields.pop("event"), "version": JSON_VERSION, **fields}
    return json.dumps(data, ensure_ascii=False)


def _rounded(value: Any) -> Any:
    """Round floats to their precision: four decimals."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
