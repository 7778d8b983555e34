"""One source of a session on its way to the recognizer: recording, level and utterances."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.source import AudioQueue, AudioSource, Notice, NoticeKind
from granite_live.session import events
from granite_live.session.intake import (
    SAMPLE_RATE_HZ,
    AudioRecorder,
    FilledSilence,
    GapMark,
    InputLevelMeter,
    RecordedItem,
)
from granite_live.session.protocols import StreamResampler, UtteranceSegmenter
from granite_live.session.reporter import EventReporter
from granite_live.session.scheduler import Scheduler
from granite_live.session.sound_reader import ReadOlderSamples, RecentSamples
from granite_live.session.supervisor import Supervisor
from granite_live.vad.events import SegmentClosed, SegmentDropped, SegmentEvent, SegmentOpened

# Silence within a word is shorter: a stop consonant such as the "t" of "treat" closes for 0.1 s.
_WITHIN_WORD_SAMPLES = 15 * SAMPLE_RATE_HZ // 100


@dataclass(frozen=True, slots=True)
class LaneParts:
    """What a session needs for each of its sources; see `granite_live.session.protocols`.

    `read_older` returns samples of the source's track from the journal.
    """

    source: AudioSource
    resampler: StreamResampler
    segmenter: UtteranceSegmenter
    read_older: ReadOlderSamples


class Lane:
    """Processes what was recorded of one source. For the session's thread.

    Args:
        track: The number of the source's track.
        parts: The source and its parts.
        recorder: Records the track.
        sink: The queue that the source fills.
        sound: The samples of the track.
        reporter: Receives what is to be reported.
        supervisor: Has utterances transcribed.
        numbers: The numbers of the session's utterances, in common with its other lanes.
        segmenter_failed: Called once if utterances cannot be found any more.
    """

    def __init__(
        self,
        track: int,
        parts: LaneParts,
        recorder: AudioRecorder,
        sink: AudioQueue,
        sound: RecentSamples,
        reporter: EventReporter,
        supervisor: Supervisor,
        numbers: Iterator[int],
        segmenter_failed: Callable[[Exception], None],
    ) -> None:
        self.source = parts.source
        self.recorder, self.sink, self.sound = recorder, sink, sound
        self.utterances = 0
        """Number of utterances that were found."""
        self._track = track
        self._segmenter = parts.segmenter
        self._reporter, self._supervisor = reporter, supervisor
        self._numbers = numbers
        # The session's number of the segmenter's open utterance.
        self._number = 0
        self._segmenter_failed = segmenter_failed
        self._meter = InputLevelMeter(SAMPLE_RATE_HZ)
        self._is_segmenting = True

    def process(self, piece: RecordedItem) -> None:
        """Process a recorded piece other than the notice ENDED."""
        if isinstance(piece, GapMark):
            self.flush()
            if piece.detail:
                self._reporter.gap(
                    piece.sample, piece.missing_s, piece.detail, was_asleep=piece.was_asleep
                )
        elif isinstance(piece, FilledSilence):
            self._segment(partial(self._segmenter.skip, piece.samples))
        elif isinstance(piece, Notice):
            self._take_notice(piece)
        else:
            self._process_samples(piece)

    def flush(self) -> None:
        """Close the open utterance: what follows does not continue it."""
        self._segment(self._segmenter.flush)

    def _process_samples(self, samples: NDArray[np.int16]) -> None:
        level = self._meter.feed(samples)
        self._segment(lambda: self._segmenter.feed(samples))
        if level is not None:
            rms_dbfs, peak_dbfs, clipped = level
            speech, track = self._is_speaking(), self._track
            self._reporter.post(
                lambda t: events.LevelMeasured(t, rms_dbfs, peak_dbfs, clipped, speech, track)
            )

    def _is_speaking(self) -> bool:
        growing = self._segmenter.open_utterance if self._is_segmenting else None
        return growing is not None and growing.quiet_samples < _WITHIN_WORD_SAMPLES

    def _segment(self, find: Callable[[], list[SegmentEvent]]) -> None:
        """Schedule the utterances that `find` returns. If it fails, record without transcribing."""
        if not self._is_segmenting:
            return
        try:
            found, growing = find(), self._segmenter.open_utterance
        except Exception as error:
            self._is_segmenting = False
            self._segmenter_failed(error)
            return
        for event in found:
            self._segmented(event)
        if growing is not None:
            self._supervisor.post(
                partial(
                    Scheduler.extended,
                    utterance=self._number,
                    stop_sample=growing.stop_sample,
                    quiet_samples=growing.quiet_samples,
                    ends_at_sample=growing.ends_at_sample,
                )
            )

    def _segmented(self, event: SegmentEvent) -> None:
        # Write these records first, so that they precede the result in the journal.
        track = self._track
        match event:
            case SegmentOpened(_, start):
                number = self._number = next(self._numbers)
                self._reporter.opened(number, start, track)
                self._supervisor.post(
                    partial(Scheduler.opened, utterance=number, start_sample=start, track=track)
                )
            case SegmentClosed(_, start, stop):
                self.utterances += 1
                self._reporter.closed(self._number, start, stop, track)
                self._supervisor.post(
                    partial(
                        Scheduler.closed,
                        utterance=self._number,
                        start_sample=start,
                        stop_sample=stop,
                        track=track,
                    )
                )
                self._reporter.backlog()
            case SegmentDropped(_, start):
                self._supervisor.post(partial(Scheduler.dropped, utterance=self._number))
                self._reporter.dropped(self._number, start, track)

    def _take_notice(self, notice: Notice) -> None:
        match notice.kind:
            case NoticeKind.ACTIVE:
                self._reporter.source_active(notice.device, self._track)
            case NoticeKind.LOST | NoticeKind.SILENT:
                self._reporter.source_lost(notice.device, notice.detail, self._track)
            case NoticeKind.RESTORED:
                self._reporter.post(lambda t: events.DeviceRecovered(t, notice.device))
                self._reporter.source_active(notice.device, self._track)
            # Every lane is told, and the session reports it once.
            case NoticeKind.PAUSED if not self._track:
                self._reporter.paused()
            case NoticeKind.RESUMED if not self._track:
                self._reporter.resumed()
