"""Read a microphone's track without the echo of the other track.

Utterances are found while sound arrives, with the echo in it. Without the echo an utterance may be
two, with the other side's turn between them, or begin long after the echo did: they are cut again.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.session.protocols import UtteranceSegmenter
from granite_live.session.scheduler import Job, Scheduler
from granite_live.session.sound_reader import Bounds, ReadSamples
from granite_live.util.errors import GraniteError
from granite_live.util.lifecycle import log_failure
from granite_live.vad.events import SegmentClosed

_log = logging.getLogger(__name__)

RemoveEcho = Callable[[NDArray[np.int16], NDArray[np.int16], int], NDArray[np.int16]]
"""Returns the last samples of a microphone without the echo of the computer's sound; implemented by
`granite_live.audio.echo.remove_echo`."""

_CONTEXT_SAMPLES = 30 * 16_000
# As long as the silence that ends an utterance.
_LEAST_SILENCE = 600 * 16
# A piece with less than this share of the energy that was heard is a remainder of the echo.
_LEAST_SHARE = 0.1


class RecordBounds(Protocol):
    """Records the bounds of an utterance."""

    def __call__(self, utterance: int, start_sample: int, stop_sample: int, track: int) -> None:
        """Record them in the journal."""


class UtteranceCutter:
    """Makes several utterances of one of the first track.

    Args:
        find_bounds: Returns where to cut an utterance that begins at a sample and sounds so.
        numbers: Numbers of new utterances.
        record: Records the bounds of utterances that are new or were changed.
    """

    def __init__(
        self,
        find_bounds: Callable[[int, NDArray[np.int16]], list[Bounds]],
        numbers: Iterator[int],
        record: RecordBounds,
    ) -> None:
        self.added = 0
        """How many utterances there are more than were found."""
        self._find_bounds = find_bounds
        self._numbers, self._record = numbers, record
        self._parts: set[int] = set()

    def find(self, job: Job, sound: NDArray[np.int16]) -> list[Bounds]:
        """Return where to cut the utterance of a job, nothing if it is to stay as it is.

        What came of a cut stays: a second search may begin later in the first word.
        """
        if job.track or job.kind == "draft" or job.utterance in self._parts:
            return []
        return self._find_bounds(job.start_sample, sound)

    def cut(
        self,
        cuts: Sequence[tuple[Job, Sequence[Bounds]]],
        scheduler: Scheduler,
        lock: threading.Lock,
    ) -> None:
        """Cut the utterances of jobs within bounds. `lock` guards the scheduler."""
        for job, bounds in cuts:
            with lock:
                parts = scheduler.cut(job, bounds, self._numbers)
            self.added += max(0, len(parts) - 1)
            self._parts.update(one.utterance for one in parts)
            for one in parts:
                self._record(one.utterance, one.start_sample, one.stop_sample, one.track)


class EchoFreeReader:
    """Reads the microphone's track for the recognizer. The recording keeps the echo.

    Args:
        microphone: Returns samples of the microphone's track.
        system: Returns samples of the other track.
        system_samples: Returns how many samples the other track has.
        remove: Removes the echo.
        segmenter: Finds utterances in sound without echo. It may have found others before, in
            `segmented` samples; nothing else may use it any more.
    """

    def __init__(
        self,
        microphone: ReadSamples,
        system: ReadSamples,
        system_samples: Callable[[], int],
        remove: RemoveEcho,
        segmenter: UtteranceSegmenter | None = None,
        segmented: int = 0,
    ) -> None:
        self._microphone, self._system = microphone, system
        self._system_samples, self._remove = system_samples, remove
        self._segmenter, self._segmented = segmenter, segmented
        # Bounds of utterances in which only the computer was heard. Each is read once more, soon.
        self._silent = deque[tuple[int, int]](maxlen=64)

    def __call__(self, start: int, stop: int) -> NDArray[np.int16]:
        """Return exactly the samples start..stop [shape=(stop - start,)].

        Raises:
            AudioError: The microphone's track cannot be read.
        """
        if (start, stop) in self._silent:
            return np.zeros(stop - start, np.int16)
        first = max(0, min(start, stop - _CONTEXT_SAMPLES))
        available = min(stop, self._system_samples())
        if available <= start:
            return self._microphone(start, stop)
        try:
            system = self._system(first, available)
        except (GraniteError, OSError) as error:
            _log.warning("The echo is not removed, the system's sound is unreadable: %s", error)
            return self._microphone(start, stop)
        system = np.concatenate([system, np.zeros(stop - available, np.int16)])
        return self._remove(self._microphone(first, stop), system, stop - start)

    def cut(self, start: int, clean: NDArray[np.int16]) -> list[tuple[int, int]]:
        """Return the bounds of what was said in an utterance, if these are others than its own.

        An utterance was found in the sound with the echo, which may join two of them, or come
        before or after one. What is left of the echo is no utterance; if nothing else was heard,
        the utterance stays, and is silent when it is read again.

        Args:
            start: The first sample of the utterance.
            clean: Its sound without the echo [shape=(any,)].
        """
        stop = start + len(clean)
        heard = self._microphone(start, stop)
        if self._segmenter is None or np.array_equal(clean, heard):
            return []
        offset, self._segmented = start - self._segmented, self._segmented + len(clean)
        try:
            found = [*self._segmenter.feed(clean), *self._segmenter.flush()]
        except Exception as error:
            self._segmenter = None
            log_failure("The segmenter of sound without echo", error)
            return []
        bounds = [
            (one.start_sample + offset, one.stop_sample + offset)
            for one in found
            if isinstance(one, SegmentClosed)
        ]
        said = [one for one in bounds if _is_speech(clean, heard, *(edge - start for edge in one))]
        if bounds and not said:
            self._silent.append((start, stop))
            return [(start, stop)]
        if not said or (
            len(said) == 1
            and said[0][0] - start < _LEAST_SILENCE
            and stop - said[0][1] < _LEAST_SILENCE
        ):
            return []
        return said


def _is_speech(clean: NDArray[np.int16], heard: NDArray[np.int16], start: int, stop: int) -> bool:
    """Return whether more than what is left of an echo is between two samples."""
    left, before = (np.sum(one[start:stop].astype(np.float64) ** 2) for one in (clean, heard))
    return bool(left >= _LEAST_SHARE * before)
