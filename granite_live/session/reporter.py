"""Report a session's events to its listener, one at a time and in order, on a thread that nothing
else waits for.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict

from granite_live.messages.audio import AudioMessage
from granite_live.messages.session import SessionMessage
from granite_live.session import events
from granite_live.session.events import (
    BacklogChanged,
    DraftText,
    LevelMeasured,
    SessionClosed,
    SessionEvent,
)
from granite_live.session.messages import ModelLoaded
from granite_live.session.planning import OpenDraft
from granite_live.session.protocols import DiskReport, RecordWriter, closed_record, opened_record
from granite_live.session.scheduler import Job
from granite_live.transcript.model import Transcript
from granite_live.util.lifecycle import ReportingThread

_log = logging.getLogger(__name__)

_CATCHING_UP_UTTERANCES = 2  # from this many waiting utterances on the state is "catching_up"


class EventReporter:
    """Creates a session's events; also the supervisor's `SupervisorListener`.

    Args:
        listener: Receives the events.
        journal: Stores the records.
        backlog: Returns how many utterances wait, and their seconds.
        rate: Samples per second.
    """

    def __init__(
        self,
        listener: Callable[[events.SessionEvent], None],
        journal: RecordWriter,
        backlog: Callable[[], tuple[int, float]],
        rate: int,
    ) -> None:
        self._listener = listener
        self._journal = journal
        self._backlog = backlog
        self._rate = rate
        self._began_s = time.monotonic()
        self._lock = threading.RLock()
        # By track: the number of the open utterance and its draft, and the source that delivers.
        self._open: dict[int, tuple[int, OpenDraft]] = {}
        self._active: dict[int, str] = {}
        self._last_number = 0
        self._state = ""
        self._source = ""
        self._loaded = self._paused = False
        self._reported_backlog = 0
        self.failed = 0

    def post(self, make: Callable[[float], events.SessionEvent]) -> None:
        """Send the event that `make` creates for the session's time in seconds."""
        with self._lock:
            self._listener(make(round(time.monotonic() - self._began_s, 3)))

    def state(self, state: str, detail: str) -> None:
        """Report the state. Nothing follows "stopping"."""
        with self._lock:
            if self._state != "stopping":
                self._state = state
                self.post(lambda t: events.StateChanged(t, state, detail, self._last_number))

    # -- called by the session's thread -------------------------------------------------------

    def source_active(self, source: str, track: int) -> None:
        """Report that audio arrives from the source of a track."""
        with self._lock:
            self._active[track] = source
            self._source = " + ".join(self._active[one] for one in sorted(self._active))
            self._report_listening()

    def source_lost(self, device: str, reason: str, track: int) -> None:
        """Report that no audio arrives any more on a track."""
        with self._lock:
            self._active.pop(track, None)
            self.post(lambda t: events.DeviceLost(t, device, reason))
            if self._active:
                self._source = " + ".join(self._active[one] for one in sorted(self._active))
                self._report_listening()
            elif not self._paused:
                self.state("waiting", reason)

    def gap(self, sample: int, missing_s: float, detail: str, *, was_asleep: bool) -> None:
        """Report that audio is missing before this sample, although the input is connected."""
        at_s = sample / self._rate
        self.post(lambda t: events.AudioGap(t, at_s, missing_s, was_asleep, detail))

    def paused(self) -> None:
        """Report that the user paused the recording."""
        with self._lock:
            self._paused = True
            self.state("paused", SessionMessage.PAUSED())

    def resumed(self) -> None:
        """Report that the user resumed the recording."""
        with self._lock:
            self._paused = False
            if self._active:
                self._report_listening()
            else:
                self.state(
                    "waiting",
                    SessionMessage.WAITING_FOR(source=self._source or AudioMessage.THE_INPUT()),
                )

    def opened(self, utterance: int, start_sample: int, track: int = 0) -> None:
        """Record the start of an utterance."""
        with self._lock:
            self._open[track], self._last_number = (utterance, OpenDraft()), utterance
            self.record(opened_record(utterance, start_sample, track))

    def closed(self, utterance: int, start_sample: int, stop_sample: int, track: int = 0) -> None:
        """Record the end of an utterance."""
        self.record(closed_record(utterance, start_sample, stop_sample, track))

    def dropped(self, utterance: int, start_sample: int, track: int = 0) -> None:
        """Tell the listener to remove the draft of an utterance that was not speech."""
        with self._lock:
            number, draft = self._open.pop(track, (0, OpenDraft()))
            if draft.words and utterance == number:
                start_s = start_sample / self._rate
                self.post(lambda t: events.DraftText(t, utterance, start_s, "", 0, track))
            self.post(lambda t: events.UtteranceDropped(t, utterance))

    def disk(self, news: DiskReport) -> None:
        """Report how the disk takes the session now."""
        detail, unwritten_s, lost_s = news.detail, news.unwritten_s, news.lost_s
        folder, needed_bytes = news.folder, news.needed_bytes
        self.post(
            lambda t: events.DiskChanged(t, detail, unwritten_s, lost_s, folder, needed_bytes)
        )

    def record(self, record: Mapping[str, object]) -> None:
        """Append a record to the journal, and report a change of the disk's state."""
        news = self._journal.append_record(record)
        if news is not None:
            self.disk(news)

    # -- called by the supervisor's thread -----------------------------------------------------

    def loaded(self, message: ModelLoaded) -> None:
        """Record and report that the model is ready."""
        self.record({"event": "model", **asdict(message.model)})
        with self._lock:
            self._loaded = True
            self.post(
                lambda t: events.ModelReady(
                    t, message.model, message.threads, message.notes, message.load_s
                )
            )
            self._report_listening()

    def result(self, job: Job, window_s: float, transcript: Transcript, *, last: bool) -> None:
        """Report the result of a job."""
        if job.kind == "draft" or (
            job.kind in ("speculative_encode", "speculative_final") and not last
        ):
            self._merge_draft(job, window_s, transcript)
            return
        start_s, end_s = job.start_sample / self._rate, job.stop_sample / self._rate
        moved = transcript.shifted(start_s)
        if last:
            self._record_and_send(
                lambda t: events.FinalText(
                    t,
                    job.utterance,
                    start_s,
                    end_s,
                    moved.text,
                    moved.words,
                    moved.confidence,
                    moved.draft_text,
                    moved.editor_skipped is True,
                    moved.editing_passes,
                    job.track,
                )
            )
        else:
            self.post(
                lambda t: events.ProvisionalText(
                    t, job.utterance, start_s, end_s, moved.text, moved.words, job.track
                )
            )
        self.backlog()

    def utterance_given_up(self, job: Job, attempts: int, reason: str) -> None:
        """Record and report that an utterance is not tried again in this session."""
        self.failed += 1
        start_s, end_s = job.start_sample / self._rate, job.stop_sample / self._rate
        self._record_and_send(
            lambda t: events.TranscriptionFailed(
                t, job.utterance, start_s, end_s, attempts, reason, job.track
            )
        )
        self.backlog()

    def unreadable(self, reason: str) -> None:
        """Report that audio cannot be read; this is retried."""
        detail = SessionMessage.SOUND_UNREADABLE_RETRIED(reason=reason)
        self.post(lambda t: events.PartFailed(t, "sound", detail))

    def restarted(self, reason: str, unfinished: int) -> None:
        """Report that the worker ended and a new one is being started."""
        with self._lock:
            self._loaded = False
            self.post(lambda t: events.WorkerRestarted(t, reason, unfinished))

    def worker_unavailable(self, reason: str) -> None:
        """Report that no worker can be started; recording continues."""
        detail = SessionMessage.RECORDED_ALL_THE_SAME(reason=reason)
        self.post(lambda t: events.StateChanged(t, "recording_only", detail, self._last_number))

    def model_rejected(self, reason: str) -> None:
        """Report that another model cannot be loaded; the current one stays in use."""
        self.post(lambda t: events.ModelRejected(t, reason))

    # -- called by both -----------------------------------------------------------------------

    def backlog(self) -> None:
        """Report the backlog if it has changed noticeably."""
        with self._lock:
            utterances, seconds = self._backlog()
            before, self._reported_backlog = self._reported_backlog, utterances
            if utterances == before or max(utterances, before) < _CATCHING_UP_UTTERANCES:
                return
            self.post(lambda t: events.BacklogChanged(t, utterances, seconds))
            if (utterances >= _CATCHING_UP_UTTERANCES) != (before >= _CATCHING_UP_UTTERANCES):
                self._report_listening()

    def _merge_draft(self, job: Job, window_s: float, transcript: Transcript) -> None:
        with self._lock:
            number, draft = self._open.get(job.track, (0, OpenDraft()))
            if job.utterance != number:
                return  # it was dropped while the worker transcribed it
            before = draft.text, draft.stable_words
            draft.update(window_s, transcript.words)
            text, stable = draft.text, draft.stable_words
            if (text, stable) != before:
                start_s = job.start_sample / self._rate
                self.post(lambda t: events.DraftText(t, number, start_s, text, stable, job.track))

    def _record_and_send(self, make: Callable[[float], events.SessionEvent]) -> None:
        def recorded(t: float) -> events.SessionEvent:
            event = make(t)
            self.record(events.to_json(event))
            return event

        self.post(recorded)

    def _report_listening(self) -> None:
        if not self._active or self._paused:
            return
        if not self._loaded:
            self.state("listening", SessionMessage.LISTENING_LOADING(source=self._source))
        elif self._reported_backlog >= _CATCHING_UP_UTTERANCES:
            self.state("catching_up", SessionMessage.CATCHING_UP(source=self._source))
        else:
            self.state("listening", SessionMessage.LISTENING(source=self._source))


LISTENER_TIMEOUT_S = 2.0
"""How long to wait for a listener that hangs when a session stops without its last texts."""
_MAX_WAITING = 10_000
"""About ten hours of speech. Events beyond this are dropped; the journal has them all."""


class EventQueue:
    """A queue of events to one listener, in order, from any thread.

    Levels, backlogs and drafts of one utterance replace an older one of their kind.
    """

    def __init__(self, listener: Callable[[SessionEvent], None], max_waiting: int = _MAX_WAITING):
        """Create the queue; events wait until `start`."""
        self._listener = listener
        self._max_waiting = max_waiting
        self._changed = threading.Condition()
        self._waiting: OrderedDict[Hashable, SessionEvent] = OrderedDict()
        self._numbers = itertools.count()
        self._is_closed = False
        self._timeout_s: float | None = None
        self._given_up_at_s: float | None = None
        self._thread = ReportingThread(self._deliver, name="events", daemon=True)
        self.failure: Exception | None = None
        """The first exception that the listener raised."""
        self.undelivered = 0
        """Number of events that the listener did not take: it raised, or the queue was full."""

    def start(self) -> None:
        """Begin to call the listener."""
        self._thread.start()

    def put(self, event: SessionEvent) -> None:
        """Add an event. Never waits and never fails."""
        with self._changed:
            key = self._key(event)
            self._waiting.pop(key, None)
            if len(self._waiting) >= self._max_waiting and not isinstance(event, SessionClosed):
                self.undelivered += 1
                return
            self._waiting[key] = event
            self._changed.notify()

    def close(self) -> None:
        """Let the thread end after it has delivered the queued events; return at once."""
        with self._changed:
            self._is_closed = True
            self._set_deadline()
            self._changed.notify()

    def give_up_after(self, seconds: float) -> None:
        """Let `join` wait no longer than this for the listener, from `close` on.

        Before `close` the last event is not queued yet, so that a slow ending takes no time from
        the listener.
        """
        with self._changed:
            self._timeout_s = seconds
            self._set_deadline()

    def _set_deadline(self) -> None:
        if self._is_closed and self._timeout_s is not None and self._given_up_at_s is None:
            self._given_up_at_s = time.monotonic() + self._timeout_s

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until everything is delivered after `close`; return whether the wait is over.

        It is also over after the time of `give_up_after`: then the thread is left behind.
        """
        if self._given_up_at_s is not None:
            left_s = max(0.0, self._given_up_at_s - time.monotonic())
            timeout_s = left_s if timeout_s is None else min(timeout_s, left_s)
        self._thread.join(timeout_s)
        if not self._thread.is_alive():
            return True
        return self._given_up_at_s is not None and time.monotonic() >= self._given_up_at_s

    def _key(self, event: SessionEvent) -> Hashable:
        if isinstance(event, BacklogChanged):
            return type(event).__name__
        if isinstance(event, LevelMeasured):
            return "level", event.track
        if isinstance(event, DraftText):
            return "draft", event.utterance
        return next(self._numbers)

    def _deliver(self) -> None:
        while (event := self._next()) is not None:
            try:
                self._listener(event)
            except Exception as error:
                self.undelivered += 1
                if self.failure is None:
                    self.failure = error
                    _log.critical("A session's event listener failed.", exc_info=True)
        if self.undelivered:
            _log.error("%d events of a session were not delivered.", self.undelivered)

    def _next(self) -> SessionEvent | None:
        """Wait for the oldest event; return None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            return self._waiting.popitem(last=False)[1] if self._waiting else None
