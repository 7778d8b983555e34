"""Finish a session that a crash interrupted: transcribe the utterances that have no text.

`recover` is the entry point.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.session import events
from granite_live.session.messages import ModelSpec
from granite_live.session.protocols import Records, UtteranceCutter
from granite_live.session.reporter import LISTENER_S, EventQueue, Reporter, closed_record
from granite_live.session.scheduler import Scheduler
from granite_live.session.session import SAMPLE_RATE_HZ
from granite_live.session.supervisor import Patience, Supervisor
from granite_live.vad.events import Closed

_BLOCK = SAMPLE_RATE_HZ


class Sound(Protocol):
    """The samples of the session on the disk."""

    samples: int

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.int16]:
        """Return samples start..stop."""


class Stretch(Protocol):
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


class Unfinished(Records, Protocol):
    """An interrupted session. Implemented by `granite_live.audio.journal.Recovery`."""

    @property
    def records(self) -> Sequence[Mapping[str, Any]]:
        """The records of the session."""

    @property
    def sound(self) -> Sound:
        """The samples of the session."""

    @property
    def missing(self) -> Sequence[Stretch]:
        """Utterances with audio but without text."""

    @property
    def unsegmented_from_sample(self) -> int:
        """The first sample that was not segmented yet."""

    @property
    def next_utterance(self) -> int:
        """The first unused utterance number."""

    def finish(self) -> object:
        """Close the session's files as complete."""

    def close(self) -> None:
        """Close the files as they are."""


class Interruption:
    """Lets another thread end a recovery early; the missing texts stay missing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._abandon: Callable[[], None] | None = None
        self.is_wanted = False

    def interrupt(self) -> None:
        """End the recovery now, or as soon as it begins."""
        with self._lock:
            self.is_wanted = True
            abandon = self._abandon
        if abandon is not None:
            abandon()

    def ends(self, abandon: Callable[[], None]) -> None:
        """Register `abandon`, which `interrupt` calls."""
        with self._lock:
            self._abandon = abandon
            is_wanted = self.is_wanted
        if is_wanted:
            abandon()


@dataclass(frozen=True, slots=True)
class Recovered:
    """The result of a recovery: how many texts were missing, and how many still are.

    `is_searched` is false where it ended before all speech was found: more may be missing.
    """

    missing: int
    unfinished: int
    sound_s: float
    is_searched: bool = True


def recover(
    session: Unfinished,
    cutter: UtteranceCutter,
    factory: str,
    model: ModelSpec,
    listener: Callable[[events.Event], None],
    patience: Patience | None = None,
    interruption: Interruption | None = None,
) -> Recovered:
    """Transcribe what has no text, then finish and close the session.

    If a text is still missing, the session stays unfinished and can be recovered again.

    Raises:
        GraniteError: The audio cannot be read, or the disk does not take the rest.
    """
    queue = EventQueue(listener)
    try:
        interruption = interruption or Interruption()
        found = list(_without_text(session, cutter, interruption))
        if interruption.is_wanted:
            return Recovered(len(found), max(1, len(found)), _length_s(session), is_searched=False)
        scheduler = Scheduler(SAMPLE_RATE_HZ, drafts=False)
        reporter: Reporter
        supervisor: Supervisor
        reporter = Reporter(queue.put, session, lambda: supervisor.backlog(), SAMPLE_RATE_HZ)
        supervisor = Supervisor(
            factory, model, scheduler, session.sound.read, SAMPLE_RATE_HZ, reporter, patience
        )
        if found:
            for number, start, stop in found:
                scheduler.closed(number, start, stop)
            queue.start()
            supervisor.start()
            interruption.ends(partial(_abandon, supervisor, queue))
            supervisor.finish()
            supervisor.join()
            queue.close()
            queue.join()
        unfinished = len(supervisor.unfinished()) + reporter.failed
        if not unfinished:
            session.finish()
        return Recovered(len(found), unfinished, _length_s(session))
    finally:
        session.close()


def _abandon(supervisor: Supervisor, queue: EventQueue) -> None:
    queue.give_up_after(LISTENER_S)
    supervisor.abandon()


def _length_s(session: Unfinished) -> float:
    return session.sound.samples / SAMPLE_RATE_HZ


def _without_text(
    session: Unfinished, cutter: UtteranceCutter, interruption: Interruption
) -> Iterator[tuple[int, int, int]]:
    """Yield (number, start, stop) of closed utterances without text, then of unsegmented audio."""
    for one in session.missing:
        yield one.number, one.start_sample, min(one.end_sample or 0, session.sound.samples)
    offset = session.unsegmented_from_sample
    shift = max(1, session.next_utterance) - 1
    for event in _cut(session, cutter, offset, interruption):
        number, start = event.utterance + shift, event.start_sample + offset
        stop = event.stop_sample + offset
        session.append_record(closed_record(number, start, stop))
        yield number, start, stop


def _cut(
    session: Unfinished, cutter: UtteranceCutter, offset: int, interruption: Interruption
) -> Iterator[Closed]:
    """Yield the utterances from sample `offset` on, split at the recorded gaps.

    An interruption leaves the utterance that is open to the next search.
    """
    gaps = [int(r["sample"]) for r in session.records if r.get("event") == "gap"]
    ends = [*sorted(gap for gap in gaps if gap > offset), session.sound.samples]
    start = offset
    for end in ends:
        while start < end:
            if interruption.is_wanted:
                return
            stop = min(start + _BLOCK, end)
            yield from _closed(cutter.feed(session.sound.read(start, stop)))
            start = stop
        yield from _closed(cutter.flush())


def _closed(found: Sequence[object]) -> Iterator[Closed]:
    for event in found:
        if isinstance(event, Closed):
            yield event
