"""Scriptable fakes of a session's parts: a source that plays arrays, a journal in memory.

The worker process is real; its recognizer is `scripted_recognizers`.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from granite_live.audio.continuity import awake_s
from granite_live.audio.journal.disk_state import DiskState, DiskStatus
from granite_live.audio.source import AudioQueue, Notice, NoticeKind
from granite_live.session import events
from granite_live.session.echo import RemoveEcho
from granite_live.session.lane import LaneParts
from granite_live.session.messages import ModelSpec
from granite_live.session.session import Session, SessionParts
from granite_live.session.supervisor import WorkerTimeouts
from granite_live.vad.events import (
    OpenUtterance,
    SegmentClosed,
    SegmentDropped,
    SegmentEvent,
    SegmentOpened,
)

RATE = 16000
QUICK = WorkerTimeouts(
    heartbeat_s=20.0, task_s=1.5, task_s_per_audio_s=0.0, restart_delays_s=(0.0, 0.0, 0.0)
)


class ScriptedSource:
    """Plays arrays and notices from `play` in its own thread until it is stopped."""

    name = "a fake"

    def __init__(self, error: Exception | None = None) -> None:
        self.end_reason = ""
        self._error = error
        self._sink: AudioQueue | None = None
        self._stop = threading.Event()

    def start(self, sink: AudioQueue) -> None:
        if self._error is not None:
            raise self._error
        self._sink = sink

    @property
    def is_stopped(self) -> bool:
        return self._stop.is_set()

    def notify(self, news: NoticeKind, detail: str = "") -> None:
        assert self._sink is not None
        self._sink.notify(Notice(news, self.name, detail))

    def play(self, samples: np.ndarray, block: int = 320) -> None:
        """Put int16 samples into the queue in a device's block size, waiting for room."""
        assert self._sink is not None
        sound = samples.astype(np.float32)[:, None] / 32768
        for at in range(0, len(sound), block):
            if self._stop.is_set():
                return
            self._sink.put(sound[at : at + block], RATE, self._stop)

    def stop(self) -> None:
        if not self._stop.is_set():
            self._stop.set()
            if self._sink is None:
                return
            self._sink.wake()
            self.notify(NoticeKind.ENDED, self.end_reason)


class EventLog:
    """Counts records by event, and waits for a number of them."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._changed = threading.Condition()

    def add(self, event: str) -> None:
        with self._changed:
            self._counts[event] += 1
            self._changed.notify_all()

    def wait_for(self, event: str, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._counts[event] >= count, 30)


class MemoryJournal:
    """Stores everything in memory; its disk can be made to fail."""

    def __init__(self) -> None:
        self.chunks: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
        """What was recorded of each track."""
        self.records: list[dict[str, Any]] = []
        self.has_record = EventLog()
        self.refusing = False
        self.lost_sound: list[tuple[int, int]] = []
        self.unwritten_texts = 0
        self._is_refusing = False
        self.ended_as = ""
        self.before_finish: Callable[[], object] = lambda: None
        self._lock = threading.Lock()

    def append(self, samples: np.ndarray, track: int = 0) -> DiskStatus | None:
        with self._lock:
            self.chunks[track].append(samples.copy())
        if self._is_refusing == self.refusing:
            return None
        self._is_refusing = self.refusing
        if self.refusing:
            return DiskStatus(DiskState.REFUSING, "Make room.", 0.5, 0.0, "here", 1_000_000)
        return DiskStatus(DiskState.WRITING, "All is well.", 0.0, 0.0, "here", 0)

    def append_record(self, record: dict[str, Any]) -> None:
        with self._lock:
            self.records.append(record)
        self.has_record.add(record["event"])

    @property
    def sound(self) -> np.ndarray:
        with self._lock:
            return np.concatenate([np.empty(0, np.int16), *self.chunks[0]])

    @property
    def system_sound(self) -> np.ndarray:
        with self._lock:
            return np.concatenate([np.empty(0, np.int16), *self.chunks[1]])

    def read(self, start_sample: int, stop_sample: int) -> np.ndarray:
        return self.sound[start_sample:stop_sample]

    def read_system(self, start_sample: int, stop_sample: int) -> np.ndarray:
        return self.system_sound[start_sample:stop_sample]

    def end(self) -> None:
        self.ended_as = "ended"

    def finish(self, *, keep_sound: bool = True) -> None:
        self.before_finish()
        self.ended_as = "finished" if keep_sound else "finished without its sound"

    def close(self) -> None:
        self.ended_as = self.ended_as or "closed"


class PlainResampler:
    """Returns the first channel; the fakes use 16 kHz throughout."""

    def feed(self, samples: np.ndarray, sample_rate_hz: int) -> np.ndarray:
        assert sample_rate_hz == RATE
        return samples[:, 0]

    def flush(self) -> np.ndarray:
        return np.empty(0, np.float32)


class LoudnessSegmenter:
    """Non-zero samples are an utterance; 0.1 s of zeros end it. -5 alone is not speech."""

    def __init__(self) -> None:
        self._at = self._zeros = self._number = 0
        self._start: int | None = None
        self._speech = False

    def feed(self, samples: np.ndarray) -> list[SegmentEvent]:
        found: list[SegmentEvent] = []
        for value in samples.tolist():
            if value and self._start is None:
                self._number += 1
                self._start, self._speech = self._at, False
                found.append(SegmentOpened(self._number, self._at))
            self._speech |= value not in {0, -5}
            self._zeros = 0 if value else self._zeros + 1
            self._at += 1
            if self._start is not None and self._zeros >= RATE // 10:
                found += self._close("pause")
        return found

    def flush(self) -> list[SegmentEvent]:
        return self._close("end_of_input") if self._start is not None else []

    def skip(self, samples: int) -> list[SegmentEvent]:
        found = self.flush()
        self._at += samples
        return found

    def _close(self, reason: Any) -> list[SegmentEvent]:
        start, self._start = self._start, None
        assert start is not None
        if not self._speech:
            return [SegmentDropped(self._number, start, self._at)]
        return [SegmentClosed(self._number, start, self._at, reason)]

    @property
    def open_utterance(self) -> OpenUtterance | None:
        return None if self._start is None else OpenUtterance(self._number, self._start, self._at)


class FakeSession:
    """A session of fakes, and all of its events."""

    def __init__(
        self,
        folder: Path,
        factory: str = "load",
        deaths: int | None = None,
        timeouts: WorkerTimeouts = QUICK,
        journal: Any = None,
        read_older: Any = None,
        keep_sound: bool = True,
        model: ModelSpec | None = None,
        resampler: Any = None,
        segmenter: Any = None,
        source_error: Exception | None = None,
        listener_error: Exception | None = None,
        listener_waits_for: threading.Event | None = None,
        system: ScriptedSource | None = None,
        system_segmenter: Any = None,
        clock: Callable[[], float] = awake_s,
        remove_echo: RemoveEcho | None = None,
    ) -> None:
        self.source, self.journal = ScriptedSource(source_error), MemoryJournal()
        self._listener_error, self._listener_waits_for = listener_error, listener_waits_for
        self.events: list[events.SessionEvent] = []
        self._news: queue.SimpleQueue[events.SessionEvent] = queue.SimpleQueue()
        parts = SessionParts(
            self.source,
            resampler or PlainResampler(),
            journal or self.journal,
            read_older or self.journal.read,
            segmenter or LoudnessSegmenter(),
            f"helpers.scripted_recognizers:{factory}",
            model or ModelSpec(str(folder), None if deaths is None else str(deaths)),
            timeouts,
            keep_sound=keep_sound,
            system_sound=None
            if system is None
            else LaneParts(
                system,
                PlainResampler(),
                system_segmenter or LoudnessSegmenter(),
                self.journal.read_system
                if journal is None
                else lambda start, stop: journal.read(start, stop, 1),
            ),
            clock=clock,
            remove_echo=remove_echo,
            cutter=LoudnessSegmenter(),
        )
        self.session = Session(parts, self._listen)

    def _listen(self, event: events.SessionEvent) -> None:
        if self._listener_waits_for is not None:
            assert self._listener_waits_for.wait(60)
        self.events.append(event)
        self._news.put(event)
        if self._listener_error is not None:
            raise self._listener_error

    def until(self, kind: type, **fields: Any) -> Any:
        """Wait for an event of this type with these fields, and return it."""
        while True:
            event = self._news.get(timeout=30)
            if isinstance(event, kind) and all(getattr(event, k) == v for k, v in fields.items()):
                return event

    def skip_news(self) -> None:
        """Let `until` wait for events from now on."""
        while not self._news.empty():
            self._news.get()

    def end(self) -> None:
        self.session.stop()
        assert self.session.join(60)

    def all(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def said(words: Iterable[int], length: int = RATE // 2, pause: int = RATE // 4) -> np.ndarray:
    """Return an utterance of these words (values above 100), and a pause."""
    spoken = [np.full(length, word, np.int16) for word in words]
    return np.concatenate([*spoken, np.zeros(pause, np.int16)])
