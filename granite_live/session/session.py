"""Run one session: connect an audio source, a journal, a segmenter and the worker.

The source's threads put audio into a bounded queue. The session's thread takes it from there:
resample -> journal (both in `intake`) -> level -> segmenter -> scheduler. The supervisor's thread
has utterances transcribed. Both report through `reporter` to the listener, which is called in a
thread of its own (`EventQueue`). A last thread packs the recording, so that nothing waits for it.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.source import AudioQueue, AudioSource, Notice, NoticeKind
from granite_live.messages import as_clause, joined
from granite_live.messages.session import SessionMessage
from granite_live.session import events
from granite_live.session.intake import SAMPLE_RATE_HZ as SAMPLE_RATE_HZ
from granite_live.session.intake import (
    AudioRecorder,
    FilledSilence,
    GapMark,
    InputLevelMeter,
    loss_sentences,
    lost_stretches,
)
from granite_live.session.messages import ModelSpec
from granite_live.session.protocols import SessionJournal, StreamResampler, UtteranceSegmenter
from granite_live.session.reporter import LISTENER_TIMEOUT_S, EventQueue, EventReporter
from granite_live.session.scheduler import Scheduler
from granite_live.session.sound_reader import ReadOlderSamples, RecentSamples
from granite_live.session.supervisor import Supervisor, WorkerTimeouts
from granite_live.util.errors import GraniteError
from granite_live.util.lifecycle import ReportingThread, log_failure, summarize_error
from granite_live.vad.events import SegmentClosed, SegmentDropped, SegmentEvent, SegmentOpened

# Half a minute of audio between the source and the session's thread, in blocks of 20 ms: only a
# machine that hardly runs at all is late by this much.
_QUEUED_BLOCKS = 1500
# Seconds of audio that are recorded but may still wait for the segmenter.
_AHEAD_S = 30
# Silence within a word is shorter: a stop consonant such as the "t" of "treat" closes for 0.1 s.
_WITHIN_WORD_SAMPLES = 15 * SAMPLE_RATE_HZ // 100
# Audio kept in memory for the recognizer; older audio is read from the journal.
_RECENT_S = 60


@dataclass(frozen=True, slots=True)
class SessionParts:
    """The parts of a session; see `granite_live.session.protocols`."""

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


class Session:
    """Runs from `start` until `stop` or the end of the source; `join` waits until all is closed.

    `listener` is called from a thread of its own, with one event at a time. It may be slow, hang or
    raise: the session continues and ends in order. Its exceptions are logged, the first one is kept
    in `listener_error`, and it still gets further events. `SessionClosed` is always the last event.

    If a part fails unexpectedly, the traceback is logged, a `PartFailed` event is sent and
    `failure` is set; the source is stopped however the recording ends.
    """

    def __init__(
        self, parts: SessionParts, listener: Callable[[events.SessionEvent], None]
    ) -> None:
        self._parts = parts
        self._queue = AudioQueue(_QUEUED_BLOCKS)
        self._sound = RecentSamples(_RECENT_S * SAMPLE_RATE_HZ, parts.read_older)
        self._meter = InputLevelMeter(SAMPLE_RATE_HZ)
        self._utterances = 0
        scheduler = Scheduler(SAMPLE_RATE_HZ, drafts=parts.drafts)
        self._events = EventQueue(listener)
        # A weak reference avoids a cycle, so that the session is freed as soon as it has ended.
        session = weakref.ref(self)
        self._reporter = EventReporter(
            self._events.put, parts.journal, lambda: _backlog(session), SAMPLE_RATE_HZ
        )
        self._supervisor = Supervisor(
            parts.factory,
            parts.model,
            scheduler,
            self._sound.get,
            SAMPLE_RATE_HZ,
            self._reporter,
            parts.timeouts,
        )
        self._intake = AudioRecorder(
            self._queue,
            parts.resampler,
            parts.journal,
            self._sound,
            self._reporter.disk,
            _AHEAD_S * SAMPLE_RATE_HZ,
        )
        self._pump = ReportingThread(self._run, name="pump")
        self._packer: ReportingThread | None = None
        self._packing_error = ""
        self._failure = ""
        self._is_segmenting = True
        self._not_ended = ""

    def start(self) -> None:
        """Start recording and loading the model at the same time."""
        self._events.start()
        self._reporter.state("waiting", SessionMessage.WAITING_FOR(source=self._parts.source.name))
        self._pump.start()
        try:
            self._supervisor.start()
            self._parts.source.start(self._queue)
        except BaseException:
            self._supervisor.abandon()
            self._queue.notify(Notice(NoticeKind.ENDED, self._parts.source.name))
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
        self._parts.source.stop()

    def pause(self) -> None:
        """Record nothing until `resume`; earlier speech is still transcribed.

        The device stays open. Audio that arrives meanwhile is discarded, and the recording
        continues without the pause.
        """
        self._queue.notify(Notice(NoticeKind.PAUSED, self._parts.source.name))

    def resume(self) -> None:
        """Continue recording."""
        self._queue.notify(Notice(NoticeKind.RESUMED, self._parts.source.name))

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
    def listener_error(self) -> Exception | None:
        """The first exception that the listener raised, None if there was none."""
        return self._events.failure

    @property
    def samples_recorded(self) -> int:
        """Number of samples recorded so far."""
        return self._sound.total

    @property
    def utterances(self) -> int:
        """After `join`: number of utterances that were found."""
        return self._utterances

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
        """Process audio until the source ends; return the source's final message."""
        while True:
            piece = self._intake.next()
            if isinstance(piece, GapMark):
                self._segment(self._parts.segmenter.flush)
                if piece.detail:
                    self._reporter.gap(
                        piece.sample, piece.missing_s, piece.detail, was_asleep=piece.was_asleep
                    )
            elif isinstance(piece, FilledSilence):
                self._segment(partial(self._parts.segmenter.skip, piece.samples))
            elif not isinstance(piece, Notice):
                self._process_samples(piece)
            elif piece.kind is NoticeKind.ENDED:
                return piece.detail
            else:
                self._take_notice(piece)

    def _process_samples(self, samples: NDArray[np.int16]) -> None:
        level = self._meter.feed(samples)
        self._segment(lambda: self._parts.segmenter.feed(samples))
        if level is not None:
            rms_dbfs, peak_dbfs, clipped = level
            speech = self._is_speaking()
            self._reporter.post(
                lambda t: events.LevelMeasured(t, rms_dbfs, peak_dbfs, clipped, speech)
            )

    def _is_speaking(self) -> bool:
        growing = self._parts.segmenter.open_utterance if self._is_segmenting else None
        return growing is not None and growing.quiet_samples < _WITHIN_WORD_SAMPLES

    def _segment(self, find: Callable[[], list[SegmentEvent]]) -> None:
        """Schedule the utterances that `find` returns. If it fails, record without transcribing."""
        if not self._is_segmenting:
            return
        try:
            found, growing = find(), self._parts.segmenter.open_utterance
        except Exception as error:
            self._is_segmenting = False
            detail = SessionMessage.SEGMENTER_DEFECT(reason=summarize_error(error))
            self._failed("segmenter", error, detail)
            return
        self._segmented(found)
        if growing is not None:
            self._supervisor.post(
                partial(
                    Scheduler.extended,
                    utterance=growing.utterance,
                    stop_sample=growing.stop_sample,
                    quiet_samples=growing.quiet_samples,
                    ends_at_sample=growing.ends_at_sample,
                )
            )

    def _segmented(self, found: list[SegmentEvent]) -> None:
        # Write these records first, so that they precede the result in the journal.
        for event in found:
            match event:
                case SegmentOpened(number, start):
                    self._reporter.opened(number, start)
                    self._supervisor.post(
                        partial(Scheduler.opened, utterance=number, start_sample=start)
                    )
                case SegmentClosed(number, start, stop):
                    self._utterances += 1
                    self._reporter.closed(number, start, stop)
                    self._supervisor.post(
                        partial(
                            Scheduler.closed,
                            utterance=number,
                            start_sample=start,
                            stop_sample=stop,
                        )
                    )
                    self._reporter.backlog()
                case SegmentDropped(number, start):
                    self._supervisor.post(partial(Scheduler.dropped, utterance=number))
                    self._reporter.dropped(number, start)

    def _take_notice(self, notice: Notice) -> None:
        match notice.kind:
            case NoticeKind.ACTIVE:
                self._reporter.source_active(notice.device)
            case NoticeKind.LOST | NoticeKind.SILENT:
                self._reporter.source_lost(notice.device, notice.detail)
            case NoticeKind.PAUSED:
                self._reporter.paused()
            case NoticeKind.RESUMED:
                self._reporter.resumed()
            case NoticeKind.RESTORED:
                self._reporter.post(lambda t: events.DeviceRecovered(t, notice.device))
                self._reporter.source_active(notice.device)

    def _end(self, end_reason: str) -> None:
        """Finish the transcripts, close everything and report the totals after the source's end.

        `end_reason` is the source's final message, such as damage in a file. Every step is tried,
        even if an earlier one fails.
        """
        self._attempt("source", self._parts.source.stop)
        self._reporter.state(
            "stopping", joined(filter(None, (end_reason, events.STOPPING_SENTENCE)))
        )
        self._segment(self._parts.segmenter.flush)
        self._supervisor.finish()
        self._supervisor.join()
        unfinished = len(self._supervisor.unfinished()) + self._reporter.failed
        is_whole = not unfinished and not self._failure
        self._attempt("recording", lambda: self._close_journal(finished=is_whole))
        journal = self._parts.journal
        lost = lost_stretches(journal.lost_sound, self._intake.missing, SAMPLE_RATE_HZ)
        texts_lost = journal.unwritten_texts
        self._reporter.post(
            lambda t: events.SessionClosed(
                t,
                utterances=self._utterances,
                failed=unfinished,
                samples_received=self._sound.total,
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


def _backlog(session: weakref.ref[Session]) -> tuple[int, float]:
    """Return the number of waiting utterances and their seconds; (0, 0.0) after the session."""
    running = session()
    return (0, 0.0) if running is None else running._supervisor.backlog()
