"""What a session needs of the rooms around it. It is handed implementations, and knows none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.live.messages import Loaded, ModelSpec
from granite_live.live.scheduler import Job
from granite_live.segment.events import Growing, SegmentEvent
from granite_live.transcript.model import ModelInfo, Transcript


class Recogniser(Protocol):
    """What the worker process runs. `granite_live.speech.Recognizer` is one."""

    threads: int

    @property
    def model_info(self) -> ModelInfo:
        """Which model this is, and where it really runs."""

    @property
    def provider_notes(self) -> tuple[str, ...]:
        """Sentences on fall-backs."""

    @property
    def gather_s(self) -> float:
        """Seconds of sound worth giving at once; 0 if one utterance after the other does."""

    def draft(self, waveform: NDArray[np.floating]) -> Any:
        """Run the encoder; the result is for `fits`, `edit` and `unedited` only."""

    def fits(self, draft: Any) -> bool:
        """Say whether the editor can take the draft whole."""

    def edit(self, draft: Any) -> Transcript:
        """Run the editor on a draft."""

    def unedited(self, draft: Any) -> Transcript:
        """Return the draft itself as a transcript."""

    def transcribe(self, waveform: NDArray[np.floating]) -> Transcript:
        """Draft and edit sound of any length."""

    def transcribe_many(self, waveforms: Sequence[NDArray[np.floating]]) -> list[Transcript]:
        """Draft and edit several sounds."""

    def close(self) -> None:
        """Give the memory back."""


class RecogniserFactory(Protocol):
    """Makes a recogniser inside the worker; named to it as "package.module:function"."""

    def __call__(self, spec: ModelSpec) -> Recogniser:
        """Load the model.

        Raises:
            GraniteError: It cannot be loaded; the message is for the user.
        """


class Resampler(Protocol):
    """Turns sound as it arrives into what the journal keeps."""

    def feed(self, samples: NDArray[np.float32], sample_rate_hz: int) -> NDArray[np.float32]:
        """Take float32 [shape=(frames, channels)], return mono at the session's rate."""

    def flush(self) -> NDArray[np.float32]:
        """Return what is still inside."""


class DiskNews(Protocol):
    """A change of how the disk takes a session. `granite_live.audio.journal.DiskNews` is one."""

    @property
    def detail(self) -> str:
        """A sentence for the user."""

    @property
    def unwritten_s(self) -> float:
        """Seconds of sound in memory only."""

    @property
    def lost_s(self) -> float:
        """Seconds of sound that were dropped so far."""

    @property
    def folder(self) -> str:
        """Where the session lies."""

    @property
    def needed_bytes(self) -> int:
        """How much room the disk lacks; 0 if it is not full."""


class Records(Protocol):
    """Where lines about a session go, beside its sound."""

    def append_record(self, record: Mapping[str, Any]) -> DiskNews | None:
        """Keep a line; return news of the disk. Does not raise for the disk."""


class Journal(Records, Protocol):
    """Where sound goes before anything is computed from it. None of it raises for the disk,
    but `end` and `finish`. `granite_live.audio.journal.Journal` is one.
    """

    def append(self, samples: NDArray[np.int16]) -> DiskNews | None:
        """Keep samples; on disk when this returns, or in memory while the disk refuses."""

    @property
    def lost_sound(self) -> Sequence[tuple[int, int]]:
        """After `close`: the samples (start, stop) that neither disk nor memory could hold."""

    @property
    def unwritten_texts(self) -> int:
        """After `close`: how many final texts the disk did not take."""

    def end(self) -> None:
        """Write the last of everything, and that this was all. Takes no longer than the disk.

        Raises:
            GraniteError: The disk does not take the rest; the session can be recovered.
        """

    def finish(self, *, keep_sound: bool = True) -> object:
        """Close the session's files as complete, which may take seconds.

        Raises:
            GraniteError: It cannot be done now; the session can be recovered.
        """

    def close(self) -> None:
        """Close them as they are; the session can be recovered."""


class UtteranceCutter(Protocol):
    """Finds utterances. `granite_live.segment.Segmenter` is one."""

    def feed(self, samples: NDArray[np.int16]) -> list[SegmentEvent]:
        """Take the next samples, return what they brought about."""

    def flush(self) -> list[SegmentEvent]:
        """End the input, or mark a gap in it."""

    @property
    def growing(self) -> Growing | None:
        """The open utterance, None between utterances."""


class WorkListener(Protocol):
    """Who hears of the work. Called from the supervisor's thread, without its lock."""

    def loaded(self, message: Loaded) -> None:
        """The model is ready."""

    def result(self, job: Job, window_s: float, transcript: Transcript, *, last: bool) -> None:
        """A job is done; its transcript's times count from the utterance's start."""

    def given_up(self, job: Job, attempts: int, reason: str) -> None:
        """An utterance will not be tried again in this session."""

    def unreadable(self, reason: str) -> None:
        """Sound cannot be read; that is tried again. Told once until sound could be read."""

    def restarted(self, reason: str, unfinished: int) -> None:
        """The worker ended and a new one is being started."""

    def broken(self, reason: str) -> None:
        """No worker can be had; sound is still recorded."""

    def refused(self, reason: str) -> None:
        """Another model was wanted and cannot be had; what was in use goes on."""
