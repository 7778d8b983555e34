"""Run one session: connect audio sources, a journal, segmenters and the worker.

The threads of a source put audio into a bounded queue. The session's thread takes it from there:
resample -> journal (both in `intake`) -> level -> segmenter -> scheduler (these in `lane`, one for
each source). The supervisor's thread has utterances transcribed. Both report through `reporter` to
the listener, which is called in a thread of its own (`EventQueue`). A last thread packs the
recording, so that nothing waits for it.
"""

from __future__ import annotations

import itertools
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from granite_live.audio.continuity import awake_s
from granite_live.audio.source import AudioSource, Notice, NoticeKind
from granite_live.messages import as_clause, joined
from granite_live.messages.session import SessionMessage
from granite_live.session import events
from granite_live.session.alignment import SessionClock
from granite_live.session.echo import EchoFreeReader, RemoveEcho, UtteranceCutter
from granite_live.session.intake import SAMPLE_RATE_HZ as SAMPLE_RATE_HZ
from granite_live.session.intake import AudioRecorder, Intake, loss_sentences, lost_stretches
from granite_live.session.lane import Lane, LaneParts
from granite_live.session.messages import ModelSpec
from granite_live.session.protocols import SessionJournal, StreamResampler, UtteranceSegmenter
from granite_live.session.reporter import LISTENER_TIMEOUT_S, EventQueue, EventReporter
from granite_live.session.scheduler import Scheduler
from granite_live.session.sound_reader import ReadOlderSamples, ReadSamples, RecentSamples
from granite_live.session.supervisor import Supervisor, WorkerTimeouts
from granite_live.util.errors import GraniteError
from granite_live.util.lifecycle import ReportingThread, log_failure, summarize_error

# Half a minute of audio between the source and the session's thread, in blocks of 20 ms: only a
# machine that hardly runs at all is late by this much.
_QUEUED_BLOCKS = 1500
# Seconds of audio that are recorded but may still wait for the segmenter.
_AHEAD_S = 30
# Audio kept in memory for the recognizer; older audio is read from the journal.
_RECENT_S = 60


@dataclass(frozen=True, slots=True)
class SessionParts:
    """The parts of a session; see `granite_live.session.protocols`.

    `system_sound` is a second source, which is recorded on the journal's second track. `clock`
    returns the time in seconds by which the two tracks are aligned, and `remove_echo` takes the
    second source's echo from what the recognizer gets of the first one. `cutter` finds utterances
    in sound without echo.
    """

    source: AudioSource
    resampler: StreamResampler
    journal: SessionJournal
    read_older: ReadOlderSamples
    segmenter: UtteranceSegmenter
    factory: str
    model: ModelSpec
    timeouts: WorkerTimeouts | None = None
    drafts: bool = True
    keep_sound: bool = True
    system_sound: LaneParts | None = None
    remove_echo: RemoveEcho | None = None
    cutter: UtteranceSegmenter | None = None
    clock: Callable[[], float] = awake_s


class Session:
    """Runs from `start` until `stop` or the end of the source; `join` waits until all is closed.

    `listener` is called from a thread of its own, with one event at a time. It may be slow, hang or
    raise: the session continues and ends in order. Its first exception is logged, and it still gets
    further events. `SessionClosed` is always the last event.

    If a part fails unexpectedly, the traceback is logged, a `PartFailed` event is sent and
    `failure` is set; the source is stopped however the recording ends.
    """

    def __init__(
        self, parts: SessionParts, listener: Callable[[events.SessionEvent], None]
    ) -> None:
        self._parts = parts
        self._events = EventQueue(listener)
        # A weak reference avoids a cycle, so that the session is freed as soon as it has ended.
        session = weakref.ref(self)
        self._reporter = EventReporter(
            self._events.put, parts.journal, lambda: _backlog(session), SAMPLE_RATE_HZ
        )
        first = LaneParts(parts.source, parts.resampler, parts.segmenter, parts.read_older)
        lanes = (first,) if parts.system_sound is None else (first, parts.system_sound)
        sounds = [RecentSamples(_RECENT_S * SAMPLE_RATE_HZ, one.read_older) for one in lanes]
        reads: list[ReadSamples] = [one.get for one in sounds]
        free = _echo_free(sounds, parts)
        if free is not None:
            reads[0] = free
        numbers = itertools.count(1)
        self._cutter = (
            None if free is None else UtteranceCutter(free.cut, numbers, self._reporter.closed)
        )
        self._supervisor = Supervisor(
            parts.factory,
            parts.model,
            Scheduler(SAMPLE_RATE_HZ, drafts=parts.drafts),
            reads,
            SAMPLE_RATE_HZ,
            self._reporter,
            parts.timeouts,
            self._cutter,
        )
        self._intake = Intake(_QUEUED_BLOCKS, _AHEAD_S * SAMPLE_RATE_HZ, parts.clock)
        self._lanes = self._make_lanes(lanes, sounds, numbers)
        self._pump = ReportingThread(self._run, name="pump")
        self._packer: ReportingThread | None = None
        self._packing_error = ""
        self._failure = ""
        self._not_ended = ""

    def _make_lanes(
        self,
        lanes: Sequence[LaneParts],
        sounds: Sequence[RecentSamples],
        numbers: Iterator[int],
    ) -> tuple[Lane, ...]:
        session = weakref.ref(self)
        clock = SessionClock() if len(lanes) > 1 else None
        made = []
        for track, (parts, sound) in enumerate(zip(lanes, sounds, strict=True)):
            recorder = AudioRecorder(
                parts.resampler,
                self._parts.journal,
                sound,
                self._reporter.disk,
                track,
                None if clock is None else clock.add_track(partial(_length_s, sound)),
            )
            made.append(
                Lane(
                    *(track, parts, recorder, self._intake.add_track(recorder), sound),
                    *(self._reporter, self._supervisor, numbers),
                    partial(_segmenter_failed, session),
                )
            )
        return tuple(made)

    def start(self) -> None:
        """Start recording and loading the model at the same time."""
        self._events.start()
        names = " + ".join(lane.source.name for lane in self._lanes)
        self._reporter.state("waiting", SessionMessage.WAITING_FOR(source=names))
        self._pump.start()
        started: list[Lane] = []
        try:
            self._supervisor.start()
            for lane in self._lanes:
                lane.source.start(lane.sink)
                started.append(lane)
        except BaseException:
            self._supervisor.abandon()
            for lane in self._lanes:
                if lane in started:
                    lane.source.stop()
                else:
                    lane.sink.notify(Notice(NoticeKind.ENDED, lane.source.name))
            raise

    def stop(self, *, keep_unfinished: bool = False) -> None:
        """Stop recording; what was said is still transcribed. Returns within a second.

        Args:
            keep_unfinished: Do not wait for transcripts; utterances without one stay in the
                journal for a recovery. A listener that hangs is left behind.
        """
        if keep_unfinished:
            self._supervisor.abandon()
            self._events.give_up_after(LISTENER_TIMEOUT_S)
        self._stop_sources()

    def pause(self) -> None:
        """Record nothing until `resume`; earlier speech is still transcribed.

        Devices stay open. Audio that arrives meanwhile is discarded, and the recording
        continues without the pause.
        """
        for lane in self._lanes:
            lane.sink.notify(Notice(NoticeKind.PAUSED, lane.source.name))

    def resume(self) -> None:
        """Continue recording."""
        self._supervisor.wake()  # someone will speak: the model loads meanwhile
        for lane in self._lanes:
            lane.sink.notify(Notice(NoticeKind.RESUMED, lane.source.name))

    def switch_model(self, model: ModelSpec) -> None:
        """Switch to another model when it is loaded; until then the current one works.

        Sends `ModelReady` then, or `ModelRejected` if it cannot be loaded and the current one
        stays.
        """
        self._supervisor.switch_model(model)

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until everything is written and closed; return whether that is done."""
        until_s = None if timeout_s is None else time.monotonic() + timeout_s

        def left_s() -> float | None:
            return None if until_s is None else max(0.0, until_s - time.monotonic())

        self._pump.join(timeout_s)
        if self._pump.is_alive() or not self._events.join(left_s()):
            return False
        if self._packer is None:
            return True
        self._packer.join(left_s())
        return not self._packer.is_alive()

    @property
    def packing_error(self) -> str:
        """After `join`: why the recording is not packed yet, "" if it is."""
        return self._packing_error

    @property
    def failure(self) -> str:
        """A sentence for the user on the first unexpected failure, "" if there was none."""
        return self._failure

    @property
    def samples_recorded(self) -> int:
        """Number of samples recorded so far; of two tracks the longer one's."""
        return max(lane.sound.total for lane in self._lanes)

    @property
    def utterances(self) -> int:
        """After `join`: number of utterances that were found."""
        added = 0 if self._cutter is None else self._cutter.added
        return added + sum(lane.utterances for lane in self._lanes)

    @property
    def worker_pid(self) -> int:
        """The worker's process id, 0 if there is none now."""
        return self._supervisor.worker_pid

    def _run(self) -> None:
        end_reason = ""
        try:
            end_reason = self._record()
        except Exception as error:
            self._failed(
                "recording",
                error,
                SessionMessage.RECORDING_DEFECT(reason=summarize_error(error)),
            )
        finally:
            self._end(end_reason)

    def _record(self) -> str:
        """Process audio until the sources end; return their final messages."""
        open_lanes = len(self._lanes)
        details = []
        while open_lanes:
            track, piece = self._intake.next()
            if isinstance(piece, Notice) and piece.kind is NoticeKind.ENDED:
                open_lanes -= 1
                details.append(piece.detail)
            else:
                self._lanes[track].process(piece)
        return joined(filter(None, details))

    def _stop_sources(self) -> None:
        """Stop the sources, all at once, because each may take a second."""
        others = [ReportingThread(lane.source.stop, name="stop source") for lane in self._lanes[1:]]
        for one in others:
            one.start()
        self._lanes[0].source.stop()
        for one in others:
            one.join()

    def _end(self, end_reason: str) -> None:
        """Finish the transcripts, close everything and report the totals after the source's end.

        `end_reason` is the source's final message, such as damage in a file. Every step is tried,
        even if an earlier one fails.
        """
        self._attempt("source", self._stop_sources)
        self._reporter.state(
            "stopping", joined(filter(None, (end_reason, events.STOPPING_SENTENCE)))
        )
        for lane in self._lanes:
            lane.flush()
            # Tracks of the same length are easier to play and to pack.
            self._attempt("recording", partial(lane.recorder.fill_up_to, self.samples_recorded))
        self._supervisor.finish()
        self._supervisor.join()
        unfinished = len(self._supervisor.unfinished()) + self._reporter.failed
        is_whole = not unfinished and not self._failure
        self._attempt("recording", lambda: self._close_journal(finished=is_whole))
        journal = self._parts.journal
        missing = [one for lane in self._lanes for one in lane.recorder.missing]
        lost = lost_stretches(journal.lost_sound, missing, SAMPLE_RATE_HZ)
        texts_lost = journal.unwritten_texts
        self._reporter.post(
            lambda t: events.SessionClosed(
                t,
                utterances=self.utterances,
                failed=unfinished,
                samples_received=self.samples_recorded,
                samples_lost=round(sum(one.seconds for one in lost) * SAMPLE_RATE_HZ),
                worker_restarts=self._supervisor.restarts,
                lost=lost,
                texts_lost=texts_lost,
                needs_recovery=not is_whole or bool(self._not_ended),
                detail=loss_sentences(lost, texts_lost, self._not_ended),
            )
        )
        self._events.close()

    def _attempt(self, part: str, step: Callable[[], object]) -> None:
        """Run a step of the ending; log and report its failure."""
        try:
            step()
        except Exception as error:
            detail = SessionMessage.ENDING_DEFECT(reason=summarize_error(error))
            self._failed(part, error, detail)

    def _failed(self, part: str, error: BaseException, detail: str) -> None:
        """Log and report an unexpected failure."""
        self._failure = self._failure or detail
        log_failure(f"A session's {part}", error)
        self._reporter.post(lambda t: events.PartFailed(t, part, detail))

    def _close_journal(self, *, finished: bool) -> None:
        """Close the journal; if texts are missing leave it unfinished, for a recovery."""
        journal = self._parts.journal
        if finished:
            try:
                journal.end()
            except GraniteError as error:
                # The data on the disk is complete and can be finished later.
                self._not_ended = SessionMessage.NOT_FINISHED(reason=as_clause(error))
            else:
                self._packer = ReportingThread(
                    self._pack, name="packer", on_failure=self._packing_failed
                )
                self._packer.start()
                return
        journal.close()

    def _pack(self) -> None:
        try:
            self._parts.journal.finish(keep_sound=self._parts.keep_sound)
        except GraniteError as error:
            self._packing_error = str(error)
        finally:
            self._parts.journal.close()

    def _packing_failed(self, error: BaseException) -> None:
        self._packing_error = SessionMessage.PACKING_DEFECT(reason=summarize_error(error))


def _echo_free(sounds: Sequence[RecentSamples], parts: SessionParts) -> EchoFreeReader | None:
    """Return how the first track is read without the echo of a second one, if there is one."""
    if parts.remove_echo is None or len(sounds) < 2:
        return None
    mine, other = sounds
    return EchoFreeReader(mine.get, other.get, lambda: other.total, parts.remove_echo, parts.cutter)


def _segmenter_failed(session: weakref.ref[Session], error: Exception) -> None:
    running = session()
    if running is not None:
        detail = SessionMessage.SEGMENTER_DEFECT(reason=summarize_error(error))
        running._failed("segmenter", error, detail)


def _length_s(sound: RecentSamples) -> float:
    return sound.total / SAMPLE_RATE_HZ


def _backlog(session: weakref.ref[Session]) -> tuple[int, float]:
    """Return the number of waiting utterances and their seconds; (0, 0.0) after the session."""
    running = session()
    return (0, 0.0) if running is None else running._supervisor.backlog()
