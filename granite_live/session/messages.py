"""Messages between a session and its worker process: immutable data, never code.

A message is one JSON line (kind and fields) followed by the raw samples, if any. Sentences for
users keep their codes. Pickle is not used, so that a worker that a damaged model has corrupted
cannot execute code in its parent.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.messages import decoded, encoded
from granite_live.transcript.model import ModelInfo, Timing, Transcript, Word


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Which recognizer the worker loads. None lets the worker choose.

    `graphs` is "auto", "published" or "prepared", `skip_editor` "off", "safe" or "fast",
    `editing_passes` the maximum number of editor passes, `vocabulary` the terms to listen for as
    the lines of `settings.vocabulary.Term`. What the user did not choose may be
    decided again after the model is loaded.
    """

    bundle_path: str
    tier: str | None = None
    provider: str = "auto"
    intra_op_threads: int | None = None
    graphs: str = "auto"
    skip_editor: str = "off"
    is_tier_asked: bool = True
    is_provider_asked: bool = True
    editing_passes: int = 1
    vocabulary: tuple[str, ...] = ()


def _no_samples() -> NDArray[np.int16]:
    return np.empty(0, np.int16)


@dataclass(frozen=True, slots=True, eq=False)
class BatchItem:
    """A closed utterance: 16 kHz mono int16 samples [shape=(samples,)]."""

    utterance: int
    samples: NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class TranscriptionTask:
    """A request to transcribe 16 kHz mono int16 samples [shape=(samples,)].

    `kind` is "draft" (draft of the open utterance), "provisional" (draft of an utterance that is
    closed or may be, kept by the worker for the editor) or "final" (draft and editor; a kept draft
    of the same samples is used). A final may have a `batch`: the utterances that will be requested
    next. The worker transcribes them in one batch and keeps their transcripts until then.
    """

    number: int
    kind: str
    utterance: int
    samples: NDArray[np.int16] = field(default_factory=_no_samples)
    batch: tuple[BatchItem, ...] = ()


@dataclass(frozen=True, slots=True)
class StopWorker:
    """Ask the worker to exit."""


@dataclass(frozen=True, slots=True)
class ModelLoaded:
    """The worker's model is ready; `batch_window_s` seconds of audio suit one batch, 0: no
    batches."""

    model: ModelInfo
    notes: tuple[str, ...]
    threads: int
    load_s: float
    batch_window_s: float = 0.0


@dataclass(frozen=True, slots=True)
class TaskDone:
    """The transcript of a task; its times count from the first sample of the task."""

    number: int
    transcript: Transcript
    cost_s: float


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """A task failed, or, if `number` is None, the worker itself, such as in loading the model.

    `details` is the traceback of an unexpected exception, "" for an expected failure.
    """

    number: int | None
    reason: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The worker is alive."""


PipeMessage = (
    ModelSpec | TranscriptionTask | StopWorker | ModelLoaded | TaskDone | TaskFailed | Heartbeat
)
_KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        ModelSpec,
        TranscriptionTask,
        StopWorker,
        ModelLoaded,
        TaskDone,
        TaskFailed,
        Heartbeat,
    )
}


def pack(message: PipeMessage) -> bytes:
    """Return the message as bytes."""
    if isinstance(message, TranscriptionTask):
        head = {
            "number": message.number,
            "kind": message.kind,
            "utterance": message.utterance,
            "batch": [[one.utterance, len(one.samples)] for one in message.batch],
        }
        sounds = [message.samples, *(one.samples for one in message.batch)]
        raw = [one.astype("<i2", copy=False).tobytes() for one in sounds]
        return b"".join([_line("TranscriptionTask", head), *raw])
    return _line(type(message).__name__, asdict(message))


def unpack(data: bytes) -> PipeMessage:
    """Return the message that `pack` encoded.

    Raises:
        ValueError: The bytes are not a message.
    """
    line, _, rest = data.partition(b"\n")
    try:
        name, fields = decoded(json.loads(line))
        if name == "TranscriptionTask":
            return _task(fields, np.frombuffer(rest, "<i2").astype(np.int16))
        message: PipeMessage = _KINDS[name](**_restored(name, fields))
    except (KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"not a message: {line[:80]!r}") from error
    return message


def _task(fields: dict[str, Any], samples: NDArray[np.int16]) -> TranscriptionTask:
    numbers = [(int(utterance), int(count)) for utterance, count in fields.pop("batch")]
    own = len(samples) - sum(count for _, count in numbers)
    if own < 0:
        raise TypeError("less sound than was said")
    batch, at = [], own
    for utterance, count in numbers:
        batch.append(BatchItem(utterance, samples[at : at + count]))
        at += count
    return TranscriptionTask(**fields, samples=samples[:own], batch=tuple(batch))


def transcript_from_json(fields: dict[str, Any]) -> Transcript:
    """Return the transcript of a JSON object that `asdict` made."""
    return Transcript(
        **{
            **fields,
            "token_ids": tuple(fields["token_ids"]),
            "draft_token_ids": tuple(fields["draft_token_ids"]),
            "words": tuple(Word(**word) for word in fields["words"]),
            "timing": Timing(**fields["timing"]),
        }
    )


def _restored(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    if name == "TaskDone":
        return {**fields, "transcript": transcript_from_json(fields["transcript"])}
    if name == "ModelLoaded":
        notes = tuple(fields["notes"])
        return {**fields, "model": ModelInfo(**fields["model"]), "notes": notes}
    if name == "ModelSpec":
        return {**fields, "vocabulary": tuple(fields["vocabulary"])}
    return fields


def _line(name: str, fields: dict[str, Any]) -> bytes:
    return json.dumps(encoded([name, fields]), ensure_ascii=True).encode() + b"\n"
