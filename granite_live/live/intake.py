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

from granite_live.audio.continuity import Missing
from granite_live.audio.source import Block, Notice, SoundQueue, SourceNews
from granite_live.live.protocols import DiskNews, Journal, Resampler
from granite_live.live.sound import RecentSound
from granite_live.samples import quantised

SAMPLE_RATE_HZ = 16_000
"""Of every session."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Sound is missing here: what comes next does not follow what was before.

    Attributes:
        sample: Where, in samples of the recording; not always exactly here.
        missing_s: How much, 0 if that is unknown or was wanted so.
        was_asleep: Whether the computer slept.
        detail: A sentence if the user does not know of it yet, else "".
    """

    sample: int
    missing_s: float = 0.0
    was_asleep: bool = False
    detail: str = ""


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
        self.missing: list[tuple[int, float, str]] = []
        """Where sound was lost on its way: the sample that follows, how many seconds, and the
        reason as `live.events.LostSound` has it."""

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
            case SourceNews.MISSED:
                if not self._is_paused and item.missing is not None:
                    self._missed(item.missing, item.detail)
                return
            case SourceNews.BACK:
                if not self._is_paused and item.missing is not None:
                    self._record_gap(Gap(self._sound.total, round(item.missing.seconds, 3)))
            case SourceNews.ENDED:
                self._record(self._resampler.flush())
        self._pieces.append(item)

    def _take_block(self, block: Block) -> None:
        if block.refused_frames:
            refused_s = block.refused_frames / block.sample_rate_hz
            self._gap(refused_s)
            self.missing.append((self._sound.total, refused_s, "overload"))
        self._record(self._resampler.feed(block.samples, block.sample_rate_hz))

    def _missed(self, missing: Missing, detail: str) -> None:
        self._record(self._resampler.flush())
        sample = max(0, self._sound.total - round(missing.ago_s * SAMPLE_RATE_HZ))
        seconds = round(missing.seconds, 3)
        gap = Gap(sample, seconds, missing.was_asleep, detail)
        self._record_gap(gap)
        self._pieces.append(gap)
        if not missing.was_asleep:
            self.missing.append((sample, seconds, "suspended"))

    def _gap(self, missing_s: float = 0.0) -> None:
        self._record(self._resampler.flush())
        gap = Gap(self._sound.total, round(missing_s, 3))
        self._record_gap(gap)
        self._pieces.append(gap)

    def _record_gap(self, gap: Gap) -> None:
        record: dict[str, object] = {"event": "gap", "sample": gap.sample}
        if gap.missing_s:
            record |= {"missing_s": gap.missing_s, "asleep": gap.was_asleep}
        self._tell(self._journal.append_record(record))

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
