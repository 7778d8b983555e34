"""Transcribe recordings with one form of a model and measure it. Runs in a process of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.app.comparison.candidates import Candidate
from granite_live.app.comparison.recordings import KnownRecording
from granite_live.util.errors import AudioError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np
    from numpy.typing import NDArray

    from granite_live.asr import Recognizer


@dataclass(frozen=True, slots=True)
class HeardRecording:
    """What a model wrote for one recording, and the seconds that it took.

    `utterances_s` has the computing time of each utterance. `problem` is why the recording could
    not be read, "" if it could.
    """

    text: str
    duration_s: float
    utterances_s: tuple[float, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """All recordings with one form; `peak_mb` is the memory peak of the process [10^6 bytes]."""

    load_s: float
    peak_mb: float
    ran_on: tuple[str, ...]
    notes: tuple[str, ...]
    heard: tuple[HeardRecording, ...]


def parse_measurement(told: dict[str, Any]) -> Measurement:
    """Return the measurement that the process sent."""
    heard = [
        HeardRecording(**(one | {"utterances_s": tuple(one["utterances_s"])}))
        for one in told["heard"]
    ]
    ran_on, notes = tuple(told["ran_on"]), tuple(told["notes"])
    return Measurement(told["load_s"], told["peak_mb"], ran_on, notes, tuple(heard))


def serve_measurement(connection: Connection, candidate: str, recordings: str) -> None:
    """Measure and send the result. The entry point of the process."""
    from granite_live.app.subprocess_task import serve_task

    asked = Candidate(**json.loads(candidate))
    known = [KnownRecording(**one) for one in json.loads(recordings)]
    serve_task(connection, lambda tell: asdict(measure(asked, known, tell)))


def measure(
    candidate: Candidate,
    recordings: Sequence[KnownRecording],
    on_done: Callable[[int], object] = lambda _done: None,
) -> Measurement:
    """Load the form and transcribe all recordings; `on_done` receives how many are done.

    Raises:
        GraniteError: The model cannot be loaded, or onnxruntime failed.
    """
    from granite_live.app.bench import peak_rss_mb
    from granite_live.app.factory import open_recognizer
    from granite_live.asr import RecognizerOptions
    from granite_live.models.opening import open_bundle

    began = time.perf_counter()
    bundle = open_bundle(Path(candidate.path), candidate.tier)
    with open_recognizer(
        bundle,
        candidate.provider,
        graphs=candidate.graphs,
        options=RecognizerOptions(editing_passes=candidate.editing_passes),
    ) as recognizer:
        load_s = time.perf_counter() - began
        heard = []
        for recording in recordings:
            heard.append(_hear(recognizer, recording))
            on_done(len(heard))
        return Measurement(
            load_s,
            peak_rss_mb(),
            tuple(sorted(set(recognizer.model_info.providers.values()))),
            recognizer.provider_notes,
            tuple(heard),
        )


def _hear(recognizer: Recognizer, recording: KnownRecording) -> HeardRecording:
    texts: list[str] = []
    took_s: list[float] = []
    sound = _CountedSound(recording, recognizer.sample_rate_hz)
    try:
        for utterance in sound.utterances():
            began = time.perf_counter()
            texts.append(recognizer.transcribe(utterance).text)
            took_s.append(time.perf_counter() - began)
    except AudioError as error:
        return HeardRecording("", 0.0, (), str(error))
    return HeardRecording(" ".join(filter(None, texts)), sound.duration_s, tuple(took_s))


class _CountedSound:
    """The sound of a recording, cut into utterances and counted."""

    def __init__(self, recording: KnownRecording, rate_hz: int) -> None:
        self._recording, self._rate_hz = recording, rate_hz
        self._samples = 0

    @property
    def duration_s(self) -> float:
        """The seconds read so far."""
        return self._samples / self._rate_hz

    def utterances(self) -> Iterator[NDArray[np.float32]]:
        """Yield the utterances as `transcribe` and a session cut them; a line is one already."""
        import numpy as np

        from granite_live.app.factory import make_segmenter
        from granite_live.util.pcm import to_float32, to_int16
        from granite_live.vad.detectors import SAMPLE_RATE_HZ
        from granite_live.vad.segmenter import segment_stream

        if self._recording.end_s is not None or self._rate_hz != SAMPLE_RATE_HZ:
            yield np.concatenate([np.zeros(0, np.float32), *self._blocks()])
            return
        blocks = (to_int16(block) for block in self._blocks())
        for segment in segment_stream(blocks, make_segmenter()):
            yield to_float32(segment.samples)

    def _blocks(self) -> Iterator[NDArray[np.float32]]:
        for block in self._recording.blocks(self._rate_hz):
            self._samples += len(block)
            yield block
