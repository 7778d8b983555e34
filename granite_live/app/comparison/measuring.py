"""Measure a form of a model on recordings whose text is known. Runs in a process of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.app.comparison.candidates import Candidate
from granite_live.messages.models import ComparisonMessage
from granite_live.util.errors import AudioError, GraniteError, HistoryError
from granite_live.util.paths import assets_dir

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np
    from numpy.typing import NDArray

    from granite_live.asr import Recognizer
    from granite_live.library import Library

_TEXT = ".txt"
_BLOCK_S = 10


@dataclass(frozen=True, slots=True)
class KnownRecording:
    """A recording, or a line of a session, with what was said in it.

    Attributes:
        path: The file; for a line, the session's folder.
        text: The words that were said, "" for silence.
        start_s: For a line, its start in the recording.
        end_s: For a line, its end; None for a whole file.
    """

    path: str
    text: str
    start_s: float = 0.0
    end_s: float | None = None

    def blocks(self, rate_hz: int) -> Iterator[NDArray[np.float32]]:
        """Yield the sound as mono blocks in -1..1 at `rate_hz` [each shape=(any,)].

        Raises:
            AudioError: It cannot be read.
        """
        if self.end_s is None:
            from granite_live.audio.files import open_audio

            with open_audio(Path(self.path)) as audio:
                yield from audio.blocks(rate_hz)
            return
        yield from self._line(rate_hz)

    def _line(self, rate_hz: int) -> Iterator[NDArray[np.float32]]:
        from granite_live.audio.journal.sound import open_session_audio
        from granite_live.messages.library import LibraryMessage
        from granite_live.session.session import SAMPLE_RATE_HZ
        from granite_live.util.pcm import to_float32

        assert self.end_s is not None
        if rate_hz != SAMPLE_RATE_HZ:
            raise AudioError(LibraryMessage.OTHER_SAMPLE_RATE(rate=SAMPLE_RATE_HZ))
        sound = open_session_audio(Path(self.path))
        try:
            stop = round(self.end_s * rate_hz)
            for start in range(round(self.start_s * rate_hz), stop, _BLOCK_S * rate_hz):
                yield to_float32(sound.read(start, min(stop, start + _BLOCK_S * rate_hz)))
        finally:
            sound.close()


def sample_recordings() -> list[KnownRecording]:
    """Return the recordings that come with the program (CC0), among them one of silence.

    Raises:
        GraniteError: They are missing.
    """
    try:
        return list(_pairs(assets_dir() / "samples"))
    except FileNotFoundError as error:
        raise GraniteError(ComparisonMessage.SAMPLES_MISSING(reason=error)) from error


def folder_recordings(folder: Path) -> list[KnownRecording]:
    """Return the recordings in a folder that have a text of the same name beside them.

    The text of `talk.wav` is in `talk.txt`; an empty text stands for silence.

    Raises:
        GraniteError: The folder or a text cannot be read, or there is no such pair.
    """
    try:
        found = list(_pairs(folder))
    except OSError as error:
        raise GraniteError(
            ComparisonMessage.FOLDER_UNREADABLE(path=folder, reason=error.strerror or error)
        ) from error
    if not found:
        raise GraniteError(ComparisonMessage.NO_PAIRS(path=folder))
    return found


def _pairs(folder: Path) -> Iterator[KnownRecording]:
    files = sorted(one for one in folder.iterdir() if one.is_file())
    texts = {one.stem: one for one in files if one.suffix.lower() == _TEXT}
    for file in files:
        text = texts.get(file.stem)
        if text is not None and file != text:
            yield KnownRecording(str(file.absolute()), _read_text(text))


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise GraniteError(
            ComparisonMessage.TEXT_UNREADABLE(path=path, reason=error.strerror or error)
        ) from error
    except UnicodeDecodeError as error:
        raise GraniteError(ComparisonMessage.TEXT_NOT_UTF8(path=path)) from error


def corrected_lines(library: Library) -> list[KnownRecording]:
    """Return the lines that the user has corrected and whose sound is kept.

    Raises:
        HistoryError: There are none, or the library cannot be read.
    """
    from granite_live.audio.journal import sessions_dir
    from granite_live.transcript.model import Track

    found = []
    for session in library.sessions():
        folder = sessions_dir() / session.journal
        if not session.journal or session.sound_deleted or not folder.is_dir():
            continue
        found += [
            KnownRecording(str(folder), line.text, line.start_s, line.end_s)
            for line in library.utterances(session.id)
            # Half of a divided line has no exact end.
            if line.is_edited and line.number is not None and line.track == Track.MICROPHONE
        ]
    if not found:
        raise HistoryError(ComparisonMessage.NO_CORRECTED_LINES())
    return found


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
