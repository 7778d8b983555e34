"""Interfaces of the parts that a session is given. It imports no implementation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.session.messages import ModelLoaded
from granite_live.session.scheduler import Job
from granite_live.transcript.model import ModelInfo, Transcript
from granite_live.vad.events import OpenUtterance, SegmentEvent


class SpeechRecognizer(Protocol):
    """A loaded model in the worker process. Implemented by `granite_live.asr.Recognizer`."""

    threads: int

    @property
    def model_info(self) -> ModelInfo:
        """The model, and the device it runs on."""

    @property
    def provider_notes(self) -> tuple[str, ...]:
        """Sentences for the user on fallbacks."""

    @property
    def batch_window_s(self) -> float:
        """Seconds of audio that suit one batch; 0 if utterances are best transcribed singly."""

    def draft(self, waveform: NDArray[np.floating]) -> Any:
        """Run the encoder; pass the result to `fits`, `edit` or `transcript_of_draft` only."""

    def fits(self, draft: Any) -> bool:
        """Return whether the editor can take the whole draft."""

    def edit(self, draft: Any) -> Transcript:
        """Run the editor on a draft."""

    def transcript_of_draft(self, draft: Any) -> Transcript:
        """Return the draft as a transcript, without running the editor."""

    def transcribe(self, waveform: NDArray[np.floating]) -> Transcript:
        """Draft and edit audio of any length."""

    def transcribe_many(self, waveforms: Sequence[NDArray[np.floating]]) -> list[Transcript]:
        """Draft and edit several utterances in one batch."""

    def close(self) -> None:
        """Release the memory."""


class StreamResampler(Protocol):
    """Converts arriving audio to mono at the session's sample rate."""

    def feed(self, samples: NDArray[np.float32], sample_rate_hz: int) -> NDArray[np.float32]:
        """Convert float32 [shape=(frames, channels)] to mono [shape=(samples,)]."""

    def flush(self) -> NDArray[np.float32]:
        """Return the samples that are still buffered."""


class DiskReport(Protocol):
    """A change in how the disk takes a session, as `granite_live.audio.journal.DiskStatus`."""

    @property
    def detail(self) -> str:
        """A sentence for the user."""

    @property
    def unwritten_s(self) -> float:
        """Seconds of audio in memory only."""

    @property
    def lost_s(self) -> float:
        """Seconds of audio dropped so far."""

    @property
    def folder(self) -> str:
        """The folder of the session."""

    @property
    def needed_bytes(self) -> int:
        """Missing space on the disk; 0 if it is not full."""


class RecordWriter(Protocol):
    """Stores records about a session, next to its audio."""

    def append_record(self, record: Mapping[str, Any]) -> DiskReport | None:
        """Store a record; return a change of the disk's state. Does not raise for the disk."""


class SessionJournal(RecordWriter, Protocol):
    """Records a session's audio. Only `end` and `finish` raise for the disk.

    Implemented by `granite_live.audio.journal.Journal`.
    """

    def append(self, samples: NDArray[np.int16], track: int = 0) -> DiskReport | None:
        """Store samples of a track; on return they are on disk, or in memory if the disk fails."""

    @property
    def lost_sound(self) -> Sequence[tuple[int, int]]:
        """After `close`: the samples (start, stop) that neither disk nor memory could hold."""

    @property
    def unwritten_texts(self) -> int:
        """After `close`: the number of final texts that the disk did not take."""

    def end(self) -> None:
        """Write the remaining data and the end mark, without packing.

        Raises:
            GraniteError: The disk does not take the rest; the session can be recovered.
        """

    def finish(self, *, keep_sound: bool = True) -> object:
        """Pack and close the session's files as complete, which may take seconds.

        Raises:
            GraniteError: This is not possible now; the session can be recovered.
        """

    def close(self) -> None:
        """Close the files as they are; the session can be recovered."""


class UtteranceSegmenter(Protocol):
    """Finds utterances. Implemented by `granite_live.vad.Segmenter`."""

    def feed(self, samples: NDArray[np.int16]) -> list[SegmentEvent]:
        """Add the next samples; return the resulting events."""

    def flush(self) -> list[SegmentEvent]:
        """End the input, or mark a gap in it; return the resulting events."""

    def skip(self, samples: int) -> list[SegmentEvent]:
        """Mark a gap of this many samples without speech; return the resulting events."""

    @property
    def open_utterance(self) -> OpenUtterance | None:
        """The open utterance, None between utterances."""


class SupervisorListener(Protocol):
    """Receives the supervisor's results, in its thread and without its lock."""

    def loaded(self, message: ModelLoaded) -> None:
        """Note that the model is ready."""

    def result(self, job: Job, window_s: float, transcript: Transcript, *, last: bool) -> None:
        """Take the transcript of a job; its times count from the start of the utterance."""

    def utterance_given_up(self, job: Job, attempts: int, reason: str) -> None:
        """Note that an utterance will not be tried again in this session."""

    def unreadable(self, reason: str) -> None:
        """Report that audio cannot be read, once until a read succeeds. Reading is retried."""

    def restarted(self, reason: str, unfinished: int) -> None:
        """Report that the worker ended and a new one is being started."""

    def worker_unavailable(self, reason: str) -> None:
        """Report that no worker can be started; recording continues."""

    def model_rejected(self, reason: str) -> None:
        """Another model was requested and cannot be loaded; the current one stays in use."""


Record = dict[str, object]


def opened_record(utterance: int, start_sample: int, track: int = 0) -> Record:
    """Return the record of the start of an utterance."""
    fields = {"utterance": utterance, "start_sample": start_sample}
    return {"event": "utterance_opened", **fields, **_on_track(track)}


def closed_record(utterance: int, start_sample: int, stop_sample: int, track: int = 0) -> Record:
    """Return the record of a closed utterance."""
    fields = {"utterance": utterance, "start_sample": start_sample, "end_sample": stop_sample}
    return {"event": "utterance_closed", **fields, **_on_track(track)}


def _on_track(track: int) -> Record:
    """Return what a record says of its track: nothing for the first one, as in old journals."""
    return {"track": track} if track else {}
