"""The interface of an audio source: it fills a bounded queue until it is stopped.

Behind the queue a microphone, the computer's output and a file are the same. Audio and notices
share one queue, so that their order is kept.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.continuity import MissingAudio, awake_s
from granite_live.util.pcm import to_float32


class NoticeKind(Enum):
    """What a source may report besides audio."""

    ACTIVE = "heard"
    """The first samples arrived: recording has really begun."""
    SILENT = "silent"
    """Samples arrive, but all of them are zero: the microphone is muted or dead."""
    GAP = "missed"
    """Audio never arrived, although the device is connected; see `Notice.missing`."""
    LOST = "lost"
    """The device is gone or delivers no samples. The source tries to get it back."""
    RESTORED = "back"
    """Samples arrive again after LOST or SILENT."""
    PAUSED = "paused"
    """The user paused the recording. Put into the queue by the session, not by a source."""
    RESUMED = "resumed"
    """The user resumed the recording."""
    ENDED = "ended"
    """Nothing follows: the file has ended, or the source was stopped."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A report on the device, with a sentence for the user.

    With MISSED, and with BACK where that is known, `missing` says how much sound is missing.
    With ENDED, `is_whole` says that a recording was read to its end.
    """

    kind: NoticeKind
    device: str
    detail: str = ""
    missing: MissingAudio | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class AudioBlock:
    """A block of audio: float32 in -1..1 [shape=(frames, channels)].

    `dropped_frames` were dropped just before this block because the queue was full. `arrived_s` is
    the time of its arrival [seconds, a clock that stands still while the computer sleeps].
    """

    samples: NDArray[np.float32]
    sample_rate_hz: int
    dropped_frames: int = 0
    arrived_s: float = 0.0


class OriginKind(Enum):
    """The kind of an audio source."""

    MICROPHONE = "microphone"
    SYSTEM = "system"
    """The computer's own output."""
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where sound comes from, to be remembered: a device's name, or a file's whole path.

    `audio_track` is the number of the track that was asked for, None for a file's usual one.
    """

    kind: OriginKind
    name: str
    audio_track: int | None = None


class AudioQueue:
    """A bounded queue from a source to the session's thread.

    `offer` is for audio callbacks: it never waits, and counts the frames that it refuses.
    `put` is for sources that can wait, such as files: it refuses nothing.
    Notices are few and do not count against the limit.
    """

    def __init__(
        self,
        max_blocks: int,
        on_item: Callable[[], object] = lambda: None,
        clock: Callable[[], float] = awake_s,
    ) -> None:
        """Create the queue.

        Args:
            max_blocks: How many blocks may wait.
            on_item: Called after each item, from any thread; must not wait.
            clock: Returns the time of arrival of a block in seconds.
        """
        self._on_item, self._clock = on_item, clock
        self._queue: queue.SimpleQueue[AudioBlock | Notice] = queue.SimpleQueue()
        self._room = threading.BoundedSemaphore(max_blocks)
        self._dropped_frames = 0
        self.dropped_frames_total = 0

    def offer(self, samples: NDArray[np.float32], sample_rate_hz: int) -> bool:
        """Enqueue a block without waiting; return False if there was no room.

        Must be called from one thread only. The array must not be changed afterwards.
        """
        if not self._room.acquire(blocking=False):
            self._dropped_frames += len(samples)
            self.dropped_frames_total += len(samples)
            return False
        refused, self._dropped_frames = self._dropped_frames, 0
        self._put(AudioBlock(samples, sample_rate_hz, refused, self._clock()))
        return True

    def put(self, samples: NDArray[np.float32], sample_rate_hz: int, stop: threading.Event) -> bool:
        """Enqueue a block, waiting for room; return False if `stop` was set instead.

        The caller that sets `stop` must also call `wake`, because nothing here polls.
        """
        self._room.acquire()
        if stop.is_set():
            self._release()
            return False
        self._put(AudioBlock(samples, sample_rate_hz, arrived_s=self._clock()))
        return True

    def notify(self, notice: Notice) -> None:
        """Enqueue a notice, in order with the audio. Never waits and never refuses."""
        self._put(notice)

    def wake(self) -> None:
        """Make a waiting `put` check its stop event."""
        self._release()

    def get(self) -> AudioBlock | Notice:
        """Return the next item, waiting for it."""
        item = self._queue.get()
        if isinstance(item, AudioBlock):
            self._release()
        return item

    def get_nowait(self) -> AudioBlock | Notice | None:
        """Return the next item, None if there is none."""
        try:
            item = self._queue.get_nowait()
        except queue.Empty:
            return None
        if isinstance(item, AudioBlock):
            self._release()
        return item

    def _put(self, item: AudioBlock | Notice) -> None:
        self._queue.put(item)
        self._on_item()

    def _release(self) -> None:
        # A release beyond the limit is not needed: there was room, so nothing waits.
        try:
            self._room.release()
        except ValueError:
            return


class AudioSource(Protocol):
    """An audio source."""

    @property
    def name(self) -> str:
        """The name for the user."""

    @property
    def origin(self) -> Origin:
        """The stored origin; before `start` the device that would be recorded now."""

    def start(self, sink: AudioQueue) -> None:
        """Start filling `sink`; return at once. Failures are notices, not exceptions."""

    def stop(self) -> None:
        """Stop within a second, whatever the device does; the last notice is ENDED. Idempotent."""


class PushedSource:
    """Passes on 16-bit mono samples as they are pushed; never waits.

    Args:
        name: The name for the user.
        sample_rate_hz: The rate of the samples.
    """

    def __init__(self, name: str, sample_rate_hz: int) -> None:
        self._name, self._rate_hz = name, sample_rate_hz
        self._sink: AudioQueue | None = None
        self._has_begun = False
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name for the user."""
        return self._name

    @property
    def origin(self) -> Origin:
        """A microphone elsewhere."""
        return Origin(OriginKind.MICROPHONE, self._name)

    def start(self, sink: AudioQueue) -> None:
        """Let `push` fill `sink`."""
        with self._lock:
            self._sink = sink

    def push(self, data: bytes) -> bool:
        """Pass on little-endian 16-bit samples; return False if the session takes no more.

        Samples that a busy session cannot take are counted as lost there.
        """
        samples = to_float32(np.frombuffer(data[: len(data) & ~1], "<i2"))
        with self._lock:
            if self._sink is None:
                return False
            if not self._has_begun:
                self._has_begun = True
                self._sink.notify(Notice(NoticeKind.ACTIVE, self._name))
            self._sink.offer(samples[:, np.newaxis], self._rate_hz)
        return True

    def stop(self) -> None:
        """End the sound. Idempotent."""
        with self._lock:
            sink, self._sink = self._sink, None
        if sink is not None:
            sink.notify(Notice(NoticeKind.ENDED, self._name))
