"""From the queue onto the disk, before anything is computed from it.

Finding utterances costs time, and on a busy machine sound then waits. It shall wait on the
disk: between two pieces of work everything that has arrived is recorded first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.source import Block, Notice, SoundQueue, SourceNews
from granite_live.live.protocols import DiskNews, Journal, Resampler
from granite_live.live.sound import RecentSound
from granite_live.samples import quantised


@dataclass(frozen=True, slots=True)
class Gap:
    """Sound is missing here: what comes next does not follow what was before."""


Piece = NDArray[np.int16] | Gap | Notice


class Intake:
    """Records what arrives, and hands it on in order. For one thread.

    While paused nothing is recorded or handed on but notices.

    Args:
        queue: What arrives.
        resampler: Makes the session's samples of it.
        journal: Where they go first.
        sound: Where the recogniser finds them.
        disk: Hears how the disk takes it, whenever that changes.
        most_samples: No more than this waits to be handed on; the rest stays in the queue.
    """

    def __init__(
        self,
        queue: SoundQueue,
        resampler: Resampler,
        journal: Journal,
        sound: RecentSound,
        disk: Callable[[DiskNews], None],
        most_samples: int,
    ) -> None:
        self._queue = queue
        self._resampler = resampler
        self._journal = journal
        self._sound = sound
        self._disk = disk
        self._most_samples = most_samples
        self._pieces: deque[Piece] = deque()
        self._waiting_samples = 0
        self._is_paused = False
        self.refused: list[tuple[int, float]] = []
        """Where sound is missing because the queue had to refuse it: the sample that follows, and
        how many seconds."""

    def next(self) -> Piece:
        """Record all that has arrived, then return the oldest piece; waits for one.

        The last piece is the notice ENDED.
        """
        while self._waiting_samples < self._most_samples:
            item = self._queue.get_nowait() if self._pieces else self._queue.get()
            if item is None:
                break
            self._take(item)
        piece = self._pieces.popleft()
        if isinstance(piece, np.ndarray):
            self._waiting_samples -= len(piece)
        return piece

    def _take(self, item: Block | Notice) -> None:
        if isinstance(item, Block):
            if not self._is_paused:
                self._take_block(item)
            return
        match item.news:
            case SourceNews.PAUSED | SourceNews.RESUMED:
                if self._is_paused == (item.news is SourceNews.PAUSED):
                    return  # it is so already
                if not self._is_paused:
                    self._gap()
                self._is_paused = not self._is_paused
            case SourceNews.LOST:
                self._gap()
            case SourceNews.ENDED:
                self._record(self._resampler.flush())
        self._pieces.append(item)

    def _take_block(self, block: Block) -> None:
        if block.refused_frames:
            self._gap()
            refused_s = block.refused_frames / block.sample_rate_hz
            self.refused.append((self._sound.total, refused_s))
        self._record(self._resampler.feed(block.samples, block.sample_rate_hz))

    def _gap(self) -> None:
        self._record(self._resampler.flush())
        self._tell(self._journal.append_record({"event": "gap", "sample": self._sound.total}))
        self._pieces.append(Gap())

    def _record(self, sound: NDArray[np.float32]) -> None:
        samples = quantised(sound)
        if not len(samples):
            return
        self._tell(self._journal.append(samples))
        self._sound.add(samples)
        self._pieces.append(samples)
        self._waiting_samples += len(samples)

    def _tell(self, news: DiskNews | None) -> None:
        if news is not None:
            self._disk(news)
