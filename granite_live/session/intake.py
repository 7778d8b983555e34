"""Write arriving audio to the journal before anything is computed from it.

Segmenting takes time, and audio must wait on the disk rather than in memory: between two pieces
of work everything that has arrived is recorded first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.continuity import Missing
from granite_live.audio.source import Block, Notice, SoundQueue, SourceNews
from granite_live.session.protocols import DiskNews, Journal, Resampler
from granite_live.session.sound import RecentSound
from granite_live.util.samples import quantised

SAMPLE_RATE_HZ = 16_000
"""The sample rate of every session."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Audio is missing here: the next samples do not follow the previous ones.

    Attributes:
        sample: The position in samples of the recording; may be approximate.
        missing_s: The missing seconds, 0 if unknown or intended (a pause).
        was_asleep: Whether the computer slept.
        detail: A sentence for the user, "" if the user already knows.
    """

    sample: int
    missing_s: float = 0.0
    was_asleep: bool = False
    detail: str = ""


Piece = NDArray[np.int16] | Gap | Notice


class Intake:
    """Record arriving audio and return it in order. For one thread.

    While paused, only notices are returned and nothing is recorded.

    Args:
        queue: The arriving audio.
        resampler: Converts it to the session's sample rate.
        journal: Records it.
        sound: Keeps recent samples for the recognizer.
        disk: Called with every change of the disk's state.
        most_samples: At most this many samples wait to be returned; the rest stays in the queue.
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
        """Where audio was lost on arrival: the sample that follows, the seconds, and the
        reason as in `live.events.LostSound`."""

    def next(self) -> Piece:
        """Record everything that has arrived, then return the oldest piece; wait if there is none.

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
                    return
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
                if item.is_whole:
                    self._tell(
                        self._journal.append_record(
                            {"event": "source_ended", "detail": item.detail}
                        )
                    )
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
