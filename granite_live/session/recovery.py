"""Finish a session that a crash interrupted: transcribe the utterances that have no text.

`recover` is the entry point.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.session import events
from granite_live.session.echo import EchoFreeReader, RemoveEcho, UtteranceCutter
from granite_live.session.messages import ModelSpec
from granite_live.session.protocols import RecordWriter, UtteranceSegmenter, closed_record
from granite_live.session.reporter import (
    LISTENER_TIMEOUT_S,
    EventQueue,
    EventReporter,
)
from granite_live.session.scheduler import Job, Scheduler
from granite_live.session.session import SAMPLE_RATE_HZ
from granite_live.session.sound_reader import ReadSamples
from granite_live.session.supervisor import Supervisor, WorkerTimeouts
from granite_live.vad.events import SegmentClosed

_BLOCK = SAMPLE_RATE_HZ


class StoredSamples(Protocol):
    """The samples of the session on the disk."""

    samples: int

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.int16]:
        """Return samples start..stop."""


class PendingUtterance(Protocol):
    """A closed utterance without its text."""

    @property
    def number(self) -> int:
        """The number of the utterance in the session."""

    @property
    def start_sample(self) -> int:
        """The first sample of the utterance."""

    @property
    def end_sample(self) -> int | None:
        """The first sample after the utterance."""

    @property
    def track(self) -> int:
        """The track that has its sound."""


class RecoverableSession(RecordWriter, Protocol):
    """An interrupted session. Implemented by `granite_live.audio.journal.Recovery`."""

    @property
    def records(self) -> Sequence[Mapping[str, Any]]:
        """The records of the session."""

    @property
    def sounds(self) -> Sequence[StoredSamples]:
        """The samples of the session by track."""

    @property
    def missing(self) -> Sequence[PendingUtterance]:
        """Utterances with audio but without text."""

    @property
    def unsegmented_from_samples(self) -> Sequence[int]:
        """The first sample that was not segmented yet, by track."""

    @property
    def next_utterance(self) -> int:
        """The first unused utterance number."""

    def finish(self) -> object:
        """Close the session's files as complete."""

    def close(self) -> None:
        """Close the files as they are."""


class RecoveryCancellation:
    """Lets another thread end a recovery early; the missing texts stay missing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._abandon: Callable[[], None] | None = None
        self.is_requested = False

    def cancel(self) -> None:
        """End the recovery now, or as soon as it begins."""
        with self._lock:
            self.is_requested = True
            abandon = self._abandon
        if abandon is not None:
            abandon()

    def on_cancel(self, abandon: Callable[[], None]) -> None:
        """Register `abandon`, which `cancel` calls."""
        with self._lock:
            self._abandon = abandon
            is_wanted = self.is_requested
        if is_wanted:
            abandon()


@dataclass(frozen=True, slots=True)
class RecoveryResult:
    """The result of a recovery: how many texts were missing, and how many still are.

    `is_searched` is false where it ended before all speech was found: more may be missing.
    """

    missing: int
    unfinished: int
    sound_s: float
    is_searched: bool = True


def recover(
    session: RecoverableSession,
    segmenter: UtteranceSegmenter,
    factory: str,
    model: ModelSpec,
    listener: Callable[[events.SessionEvent], None],
    timeouts: WorkerTimeouts | None = None,
    cancellation: RecoveryCancellation | None = None,
    remove_echo: RemoveEcho | None = None,
) -> RecoveryResult:
    """Transcribe what has no text, then finish and close the session.

    With `remove_echo`, the first of two tracks is transcribed without the echo of the other.

    If a text is still missing, the session stays unfinished and can be recovered again.

    Raises:
        GraniteError: The audio cannot be read, or the disk does not take the rest.
    """
    queue = EventQueue(listener)
    try:
        cancellation = cancellation or RecoveryCancellation()
        found = list(_find_pending(session, segmenter, cancellation))
        if cancellation.is_requested:
            return RecoveryResult(
                len(found), max(1, len(found)), _length_s(session), is_searched=False
            )
        scheduler = Scheduler(SAMPLE_RATE_HZ, drafts=False)
        reporter: EventReporter
        supervisor: Supervisor
        reporter = EventReporter(queue.put, session, lambda: supervisor.backlog(), SAMPLE_RATE_HZ)
        reads: list[ReadSamples] = [one.read for one in session.sounds]
        free = _echo_free(session, segmenter, remove_echo)
        if free is not None:
            reads[0] = free
        used = max((one.utterance for one in found), default=0)
        numbers = itertools.count(max(used + 1, session.next_utterance))
        cutter = None if free is None else UtteranceCutter(free.cut, numbers, reporter.closed)
        supervisor = Supervisor(
            factory, model, scheduler, reads, SAMPLE_RATE_HZ, reporter, timeouts, cutter
        )
        if found:
            for job in sorted(found, key=lambda one: one.start_sample):
                scheduler.closed(job.utterance, job.start_sample, job.stop_sample, job.track)
            queue.start()
            supervisor.start()
            cancellation.on_cancel(partial(_abandon, supervisor, queue))
            supervisor.finish()
            supervisor.join()
            queue.close()
            queue.join()
        unfinished = len(supervisor.unfinished()) + reporter.failed
        if not unfinished:
            session.finish()
        return RecoveryResult(len(found), unfinished, _length_s(session))
    finally:
        session.close()


def _echo_free(
    session: RecoverableSession, segmenter: UtteranceSegmenter, remove_echo: RemoveEcho | None
) -> EchoFreeReader | None:
    """Return how the first track is read without the echo of a second one, if there is one.

    The segmenter has found what was not segmented before.
    """
    if remove_echo is None or len(session.sounds) < 2:
        return None
    mine, other = session.sounds
    offsets = session.unsegmented_from_samples
    segmented = sum(one.samples - at for one, at in zip(session.sounds, offsets, strict=True))
    return EchoFreeReader(
        mine.read, other.read, lambda: other.samples, remove_echo, segmenter, segmented
    )


def _abandon(supervisor: Supervisor, queue: EventQueue) -> None:
    queue.give_up_after(LISTENER_TIMEOUT_S)
    supervisor.abandon()


def _length_s(session: RecoverableSession) -> float:
    return max(one.samples for one in session.sounds) / SAMPLE_RATE_HZ


def _find_pending(
    session: RecoverableSession, segmenter: UtteranceSegmenter, cancellation: RecoveryCancellation
) -> Iterator[Job]:
    """Yield closed utterances without text, then those of unsegmented audio."""
    for one in session.missing:
        end = min(one.end_sample or 0, session.sounds[one.track].samples)
        yield Job("final", one.number, one.start_sample, end, one.track)
    number = max(1, session.next_utterance)
    segmented = 0  # samples that the segmenter has had before this track
    for track, offset in enumerate(session.unsegmented_from_samples):
        for event in _cut(session, segmenter, track, offset, cancellation):
            shift = offset - segmented
            start, stop = event.start_sample + shift, event.stop_sample + shift
            session.append_record(closed_record(number, start, stop, track))
            yield Job("final", number, start, stop, track)
            number += 1
        segmented += session.sounds[track].samples - offset


def _cut(
    session: RecoverableSession,
    segmenter: UtteranceSegmenter,
    track: int,
    offset: int,
    cancellation: RecoveryCancellation,
) -> Iterator[SegmentClosed]:
    """Yield the utterances of a track from sample `offset` on, split at the recorded gaps.

    An interruption leaves the utterance that is open to the next search.
    """
    sound = session.sounds[track]
    gaps = [
        int(r["sample"])
        for r in session.records
        if r.get("event") == "gap" and r.get("track", 0) == track
    ]
    ends = [*sorted(gap for gap in gaps if gap > offset), sound.samples]
    start = offset
    for end in ends:
        while start < end:
            if cancellation.is_requested:
                return
            stop = min(start + _BLOCK, end)
            yield from _closed(segmenter.feed(sound.read(start, stop)))
            start = stop
        yield from _closed(segmenter.flush())


def _closed(found: Sequence[object]) -> Iterator[SegmentClosed]:
    for event in found:
        if isinstance(event, SegmentClosed):
            yield event
