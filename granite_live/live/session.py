"""One session: a source of sound, a journal, a segmenter and a recogniser, put to work.

Sound arrives in the source's own threads and waits in a bounded queue. The pump thread takes
it from there: resample -> journal -> level -> segmenter -> scheduler. The supervisor's thread
has utterances transcribed. Both tell the listener, one event at a time, in order.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.source import Block, Notice, SoundQueue, Source, SourceNews
from granite_live.live import events
from granite_live.live.drafting import OpenDraft
from granite_live.live.level import LevelMeter
from granite_live.live.messages import Loaded, ModelSpec
from granite_live.live.protocols import Journal, Resampler, UtteranceCutter
from granite_live.live.scheduler import Job, Scheduler
from granite_live.live.sound import RecentSound
from granite_live.live.supervisor import Patience, Supervisor
from granite_live.segment.events import Closed, Dropped, Opened, SegmentEvent
from granite_live.transcript.model import Transcript

SAMPLE_RATE_HZ = 16000
# Half a minute of sound between the source and the pump, in blocks of 20 ms: a pump that is
# late by this much has a machine that is all but standing still.
_QUEUED_BLOCKS = 1500
# Sound kept in memory for the recogniser; older sound is read from the journal.
_RECENT_S = 60
_BEHIND = 2  # waiting utterances from which on the session says that it is catching up


@dataclass(frozen=True, slots=True)
class SessionParts:
    """What a session is made of; see `granite_live.live.protocols`."""

    source: Source
    resampler: Resampler
    journal: Journal
    cutter: UtteranceCutter
    factory: str
    model: ModelSpec
    patience: Patience | None = None
    drafts: bool = True


class Session:
    """Runs from `start` until the source ends or `stop`; then `join`, which closes everything.

    `listener` is called from the session's threads, never from two at once; it must return
    soon and must not call back into the session.
    """

    def __init__(self, parts: SessionParts, listener: Callable[[events.Event], None]) -> None:
        self._parts = parts
        self._listener = listener
        self._telling = threading.RLock()
        self._began_s = time.monotonic()
        self._queue = SoundQueue(_QUEUED_BLOCKS)
        self._sound = RecentSound(_RECENT_S * SAMPLE_RATE_HZ, parts.journal.read)
        self._meter = LevelMeter(SAMPLE_RATE_HZ)
        self._open: OpenDraft | None = None
        self._open_number = 0
        self._said_backlog = 0
        self._state = ""
        self._heard = self._loaded = self._keep_unfinished = False
        self._device_lost = False
        self._disk_trouble = False
        self._frames_lost_s = 0.0
        self._utterances = 0
        self._failed = 0
        self._supervisor = Supervisor(
            parts.factory,
            parts.model,
            Scheduler(SAMPLE_RATE_HZ, drafts=parts.drafts),
            self._sound.get,
            SAMPLE_RATE_HZ,
            self,
            parts.patience,
        )
        self._pump = threading.Thread(target=self._run, name="pump")

    def start(self) -> None:
        """Begin to listen and to load the model, both at once."""
        self._say_state("waiting", f"Waiting for {self._parts.source.name}.")
        self._pump.start()
        self._parts.source.start(self._queue)
        self._supervisor.start()

    def stop(self, *, keep_unfinished: bool = False) -> None:
        """Stop listening; what was said is still transcribed. Returns within a second.

        Args:
            keep_unfinished: Do not wait for the transcripts either: what has none stays in
                the journal, to be recovered.
        """
        if keep_unfinished:
            self._keep_unfinished = True
            self._supervisor.abandon()
        self._parts.source.stop()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until everything is written and closed; return whether it is."""
        self._pump.join(timeout_s)
        return not self._pump.is_alive()

    @property
    def worker_pid(self) -> int:
        """The worker's process id, 0 if there is none now."""
        return self._supervisor.worker_pid

    # -- the pump's thread ---------------------------------------------------------------

    def _run(self) -> None:
        try:
            while True:
                item = self._queue.get()
                if isinstance(item, Block):
                    self._take_block(item)
                elif item.news is SourceNews.ENDED:
                    break
                else:
                    self._take_notice(item)
        finally:
            self._end()

    def _take_block(self, block: Block) -> None:
        if block.refused_frames:
            self._frames_lost_s += block.refused_frames / block.sample_rate_hz
            self._gap()
        self._take_sound(self._parts.resampler.feed(block.samples, block.sample_rate_hz))

    def _take_sound(self, sound: NDArray[np.float32]) -> None:
        samples = quantised(sound)
        if not len(samples):
            return
        self._parts.journal.append(samples)
        self._watch_disk()
        self._sound.add(samples)
        level = self._meter.feed(samples)
        if level is not None:
            self._tell(events.Level(self._now(), *level))
        self._segmented(self._parts.cutter.feed(samples))
        growing = self._parts.cutter.growing
        if growing is not None:
            number, stop = growing.utterance, growing.stop_sample
            self._supervisor.tell(lambda s: s.grown(number, stop))

    def _gap(self) -> None:
        """Sound is missing here: what comes next does not follow what was before."""
        self._take_sound(self._parts.resampler.flush())
        self._parts.journal.append_record({"gap": self._sound.total})
        self._segmented(self._parts.cutter.flush())

    def _segmented(self, found: list[SegmentEvent]) -> None:
        for event in found:
            match event:
                case Opened(number, start):
                    with self._telling:
                        self._open, self._open_number = OpenDraft(), number
                    self._supervisor.tell(lambda s, n=number, a=start: s.opened(n, a))
                case Closed(number, start, stop):
                    self._utterances += 1
                    self._parts.journal.append_record({"utterance": [number, start, stop]})
                    self._supervisor.tell(lambda s, n=number, a=start, b=stop: s.closed(n, a, b))
                    self._say_backlog()
                case Dropped(number, start):
                    self._supervisor.tell(lambda s, n=number: s.dropped(n))
                    with self._telling:
                        if self._open is not None and self._open.words:
                            # Take back what a draft may have shown.
                            self._tell(
                                events.Draft(self._now(), number, start / SAMPLE_RATE_HZ, "", 0)
                            )

    def _take_notice(self, notice: Notice) -> None:
        match notice.news:
            case SourceNews.HEARD:
                self._heard = True
                self._say_listening()
            case SourceNews.LOST | SourceNews.SILENT:
                self._device_lost = True
                if notice.news is SourceNews.LOST:
                    self._gap()
                self._tell(events.DeviceLost(self._now(), notice.device, notice.detail))
                self._say_state("waiting", notice.detail)
            case SourceNews.BACK:
                self._device_lost = False
                self._heard = True
                self._tell(events.DeviceBack(self._now(), notice.device))
                self._say_listening()

    def _end(self) -> None:
        """The source is over: finish what was said, close everything, tell the totals."""
        self._say_state("stopping", "Finishing what was said.")
        self._take_sound(self._parts.resampler.flush())
        self._segmented(self._parts.cutter.flush())
        self._supervisor.finish()
        self._supervisor.join()
        unfinished = self._supervisor.unfinished()
        if unfinished:
            self._parts.journal.close()
        else:
            self._parts.journal.finish()
        lost = self._parts.journal.lost_samples + round(self._frames_lost_s * SAMPLE_RATE_HZ)
        self._tell(
            events.Closed(
                self._now(),
                utterances=self._utterances,
                failed=self._failed + len(unfinished),
                samples_received=self._sound.total,
                samples_lost=lost,
                worker_restarts=self._supervisor.restarts,
            )
        )

    def _watch_disk(self) -> None:
        unwritten_s = self._parts.journal.unwritten_s
        if bool(unwritten_s) == self._disk_trouble:
            return
        self._disk_trouble = bool(unwritten_s)
        detail = (
            "The disk takes no more sound: it is kept in memory; make room on the disk."
            if self._disk_trouble
            else "The disk takes sound again; everything kept in memory is written."
        )
        self._tell(events.Disk(self._now(), detail, unwritten_s))

    # -- the supervisor's thread (its Listener) -------------------------------------------

    def loaded(self, message: Loaded) -> None:
        """The model is ready."""
        self._parts.journal.append_record({"model": asdict(message.model)})
        self._loaded = True
        self._say_listening()

    def result(self, job: Job, window_s: float, transcript: Transcript, *, last: bool) -> None:
        """A job is done."""
        start_s = job.start_sample / SAMPLE_RATE_HZ
        moved = transcript.shifted(start_s)
        end_s = job.stop_sample / SAMPLE_RATE_HZ
        with self._telling:
            if job.kind == "draft":
                self._drafted(job, window_s, transcript)
            elif last:
                final = events.Final(
                    self._now(),
                    job.utterance,
                    start_s,
                    end_s,
                    moved.text,
                    moved.words,
                    moved.confidence,
                    moved.draft_text,
                )
                self._parts.journal.append_record(events.to_json(final))
                self._tell(final)
            elif job.kind == "provisional":
                self._tell(
                    events.Provisional(
                        self._now(), job.utterance, start_s, end_s, moved.text, moved.words
                    )
                )
        self._say_backlog()

    def given_up(self, job: Job, attempts: int, reason: str) -> None:
        """An utterance will not be tried again in this session."""
        self._failed += 1
        failed = events.Failed(
            self._now(),
            job.utterance,
            job.start_sample / SAMPLE_RATE_HZ,
            job.stop_sample / SAMPLE_RATE_HZ,
            attempts,
            reason,
        )
        self._parts.journal.append_record(events.to_json(failed))
        self._tell(failed)
        self._say_backlog()

    def restarted(self, reason: str, unfinished: int) -> None:
        """The worker ended and a new one is being started."""
        self._loaded = False
        self._tell(events.WorkerRestarted(self._now(), reason, unfinished))

    def broken(self, reason: str) -> None:
        """No worker can be had; sound is still recorded."""
        self._say_state("recording_only", f"{reason} The sound is recorded all the same.")

    def _drafted(self, job: Job, window_s: float, transcript: Transcript) -> None:
        if self._open is None or job.utterance != self._open_number:
            return
        before = self._open.text, self._open.stable_words
        self._open.update(window_s, transcript.words)
        if (self._open.text, self._open.stable_words) != before:
            self._tell(
                events.Draft(
                    self._now(),
                    job.utterance,
                    job.start_sample / SAMPLE_RATE_HZ,
                    self._open.text,
                    self._open.stable_words,
                )
            )

    # -- from both --------------------------------------------------------------------------

    def _say_backlog(self) -> None:
        utterances, seconds = self._supervisor.backlog()
        with self._telling:
            if utterances == self._said_backlog or max(utterances, self._said_backlog) < _BEHIND:
                self._said_backlog = utterances
                return
            self._said_backlog = utterances
            self._tell(events.Backlog(self._now(), utterances, seconds))
        if self._state in {"listening", "catching_up"}:
            self._say_listening()

    def _say_listening(self) -> None:
        if self._device_lost or not self._heard or self._state == "stopping":
            return
        source = self._parts.source.name
        if self._loaded and self._said_backlog >= _BEHIND:
            self._say_state("catching_up", f"Listening to {source}; the text is a little behind.")
        elif self._loaded:
            self._say_state("listening", f"Listening to {source}.")
        else:
            self._say_state("listening", f"Listening to {source} while the model loads.")

    def _say_state(self, state: str, detail: str) -> None:
        with self._telling:
            if self._state == "stopping" and state != "recording_only":
                return
            if state != "recording_only":
                self._state = state
            self._tell(events.State(self._now(), state, detail))

    def _tell(self, event: events.Event) -> None:
        with self._telling:
            self._listener(event)

    def _now(self) -> float:
        return round(time.monotonic() - self._began_s, 3)


def quantised(sound: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return float sound in -1..1 as 16-bit samples [shapes equal].

    By the same power of two as the decoder's, so that 16-bit recordings come out bit for bit.
    """
    return np.clip(np.rint(sound * np.float32(32768.0)), -32768, 32767).astype(np.int16)
