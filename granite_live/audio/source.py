"""What a source of sound is: something that fills a bounded queue until it is stopped.

A microphone, the computer's own sound and a file are the same to everything behind the
queue. Sound and news of the device travel through one queue, so that their order is kept.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.continuity import Missing


class SourceNews(Enum):
    """What a source may tell besides sound."""

    HEARD = "heard"
    """The first samples arrived: only now does it really listen."""
    SILENT = "silent"
    """Samples arrive, but all of them are zero: the microphone is muted or dead."""
    MISSED = "missed"
    """Sound never arrived, though the device is there; see `Notice.missing`."""
    LOST = "lost"
    """The device is gone, or gives no samples. The source tries to get it back."""
    BACK = "back"
    """Samples arrive again after LOST or SILENT."""
    PAUSED = "paused"
    """The user wants nothing recorded. Put into the queue by the session, not by a source."""
    RESUMED = "resumed"
    """The user wants it recorded again."""
    ENDED = "ended"
    """Nothing will come any more: the file is over, or the source was stopped."""


@dataclass(frozen=True, slots=True)
class Notice:
    """News of the device, with a sentence for the user.

    With MISSED, and with BACK where that is known, `missing` says how much sound is missing.
    """

    news: SourceNews
    device: str
    detail: str = ""
    missing: Missing | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Sound as it arrived: float32 in -1..1 [shape=(frames, channels)].

    `refused_frames` were dropped just before this block because the queue was full.
    """

    samples: NDArray[np.float32]
    sample_rate_hz: int
    refused_frames: int = 0


class OriginKind(Enum):
    """What kind of thing sound comes from."""

    MICROPHONE = "microphone"
    SYSTEM = "system"
    """What the computer plays."""
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where sound comes from, to be remembered: a device's name, or a file's whole path."""

    kind: OriginKind
    name: str


class SoundQueue:
    """A bounded queue from a source to the pump.

    `offer` is for audio callbacks: it never waits, and counts what it must refuse.
    `put` is for sources that can wait, such as files: nothing of theirs is ever refused.
    Notices always get through: they are few, and the bound is on sound.
    """

    def __init__(self, max_blocks: int) -> None:
        self._queue: queue.SimpleQueue[Block | Notice] = queue.SimpleQueue()
        self._room = threading.BoundedSemaphore(max_blocks)
        self._refused_frames = 0
        self.refused_frames_total = 0

    def offer(self, samples: NDArray[np.float32], sample_rate_hz: int) -> bool:
        """Enqueue a block without waiting; return False if there was no room.

        To be called from one thread only. The array must not be changed afterwards.
        """
        if not self._room.acquire(blocking=False):
            self._refused_frames += len(samples)
            self.refused_frames_total += len(samples)
            return False
        refused, self._refused_frames = self._refused_frames, 0
        self._queue.put(Block(samples, sample_rate_hz, refused))
        return True

    def put(self, samples: NDArray[np.float32], sample_rate_hz: int, stop: threading.Event) -> bool:
        """Enqueue a block, waiting for room; return False if `stop` was set instead.

        Whoever sets `stop` must also call `wake`, since nothing here polls.
        """
        self._room.acquire()
        if stop.is_set():
            self._release()
            return False
        self._queue.put(Block(samples, sample_rate_hz))
        return True

    def notify(self, notice: Notice) -> None:
        """Enqueue news, in order with the sound. Never waits, never refused."""
        self._queue.put(notice)

    def wake(self) -> None:
        """Let a waiting `put` look at its stop event."""
        self._release()

    def get(self) -> Block | Notice:
        """Return the next item, waiting for it."""
        item = self._queue.get()
        if isinstance(item, Block):
            self._release()
        return item

    def get_nowait(self) -> Block | Notice | None:
        """Return the next item, None if there is none."""
        try:
            item = self._queue.get_nowait()
        except queue.Empty:
            return None
        if isinstance(item, Block):
            self._release()
        return item

    def _release(self) -> None:
        # A wake-up beyond the bound is not needed: there was room, so nobody waits.
        try:
            self._room.release()
        except ValueError:
            return


class Source(Protocol):
    """Where sound comes from."""

    @property
    def name(self) -> str:
        """What to call it before the user."""

    @property
    def origin(self) -> Origin:
        """What to remember of it; before `start` what will be heard as things are now."""

    def start(self, sink: SoundQueue) -> None:
        """Begin to fill `sink`; returns at once. Trouble is told by notices, not exceptions."""

    def stop(self) -> None:
        """Stop within a second, whatever the device does; ENDED is the last notice. Idempotent."""
