"""From the capture queue to the journal: sound on disk before anything is computed; levels, gaps
and losses.
"""

from __future__ import annotations

import math
import queue
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from granite_live.audio.continuity import MissingAudio, awake_s
from granite_live.audio.interpolation import RateCorrector
from granite_live.audio.source import AudioBlock, AudioQueue, Notice, NoticeKind
from granite_live.messages import encoded, joined
from granite_live.messages.session import SessionMessage
from granite_live.session.alignment import TrackAlignment
from granite_live.session.events import LostStretch
from granite_live.session.protocols import DiskReport, SessionJournal, StreamResampler
from granite_live.session.sound_reader import RecentSamples
from granite_live.util.pcm import to_int16

SAMPLE_RATE_HZ = 16_000
"""The sample rate of every session."""


@dataclass(frozen=True, slots=True)
class GapMark:
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


@dataclass(frozen=True, slots=True)
class FilledSilence:
    """Silence that was recorded in place of audio from a device that was away."""

    samples: int


RecordedItem = NDArray[np.int16] | GapMark | FilledSilence | Notice

_MAX_FILLED_S = 3600.0
"""The longest silence that is recorded for a device that was away; 115 MB before it is packed."""
_FILLED_BLOCK_S = 10


class AudioRecorder:
    """Record the arriving audio of one track. For one thread.

    While paused, only notices are returned and nothing is recorded.

    Args:
        resampler: Converts audio to the session's sample rate.
        journal: Records samples and gaps.
        sound: Keeps recent samples for the recognizer.
        disk: Called with every change of the disk's state.
        track: The number of the track.
        alignment: Keeps the track on the clock of the session; None with a single track, which
            then goes on without what never arrived.
    """

    def __init__(
        self,
        resampler: StreamResampler,
        journal: SessionJournal,
        sound: RecentSamples,
        disk: Callable[[DiskReport], None],
        track: int = 0,
        alignment: TrackAlignment | None = None,
    ) -> None:
        self._resampler = resampler
        self._journal = journal
        self._sound = sound
        self._disk = disk
        self._track = track
        self._alignment = alignment
        self._corrector = RateCorrector()
        self._pieces: list[RecordedItem] = []
        self._is_paused = self._was_paused_since_loss = False
        self.missing: list[tuple[int, float, str]] = []
        """Where audio was lost on arrival: the sample that follows, the seconds, and the
        reason as in `session.events.LostStretch`."""

    def record(self, item: AudioBlock | Notice) -> list[RecordedItem]:
        """Record an item and return what is to be processed, in order."""
        self._take(item)
        pieces, self._pieces = self._pieces, []
        return pieces

    def fill_up_to(self, samples: int) -> None:
        """Record silence up to this number of samples, at the end of the session."""
        if self._sound.total < samples:
            self._record_silence(samples - self._sound.total)

    def _take(self, item: AudioBlock | Notice) -> None:
        if isinstance(item, AudioBlock):
            if not self._is_paused:
                self._take_block(item)
            return
        match item.kind:
            case NoticeKind.PAUSED | NoticeKind.RESUMED:
                if self._is_paused == (item.kind is NoticeKind.PAUSED):
                    return
                if not self._is_paused:
                    self._gap()
                elif self._alignment is not None:
                    self._alignment.pause()
                self._is_paused = not self._is_paused
                self._was_paused_since_loss = True
            case NoticeKind.LOST:
                self._was_paused_since_loss = self._is_paused
                self._gap()
            case NoticeKind.GAP:
                if not self._is_paused and item.missing is not None:
                    self._handle_missing(item.missing, item.detail)
                return
            case NoticeKind.RESTORED:
                if not self._is_paused and item.missing is not None and self._alignment is None:
                    self._fill(item.missing)
            case NoticeKind.ENDED:
                self._record(self._flush())
                if item.is_whole:
                    self._notify_disk(
                        self._journal.append_record(
                            {
                                "event": "source_ended",
                                "detail": item.detail,
                                "message": encoded(item.detail),
                            }
                        )
                    )
        self._pieces.append(item)

    def _take_block(self, block: AudioBlock) -> None:
        if block.dropped_frames:
            refused_s = block.dropped_frames / block.sample_rate_hz
            self._gap(refused_s)
            self.missing.append((self._sound.total, refused_s, "overload"))
        if self._alignment is None:
            self._record(self._resampler.feed(block.samples, block.sample_rate_hz))
            return
        duration_s = len(block.samples) / block.sample_rate_hz
        missing_s = self._alignment.missing_before(block.arrived_s, duration_s)
        if missing := round(missing_s * SAMPLE_RATE_HZ):
            self._fill_samples(missing)
        samples = self._resampler.feed(block.samples, block.sample_rate_hz)
        self._record(self._corrector.feed(samples, self._alignment.factor))

    def _flush(self) -> NDArray[np.float32]:
        """Return the samples that the filters still hold."""
        last = self._resampler.flush()
        if self._alignment is None:
            return last
        self._alignment.interrupt()
        return np.concatenate([self._corrector.feed(last), self._corrector.flush()])

    def _handle_missing(self, missing: MissingAudio, detail: str) -> None:
        self._record(self._flush())
        sample = max(0, self._sound.total - round(missing.ago_s * SAMPLE_RATE_HZ))
        seconds = round(missing.seconds, 3)
        gap = GapMark(sample, seconds, missing.was_asleep, detail)
        self._record_gap(gap)
        self._pieces.append(gap)
        if not missing.was_asleep:
            self.missing.append((sample, seconds, "suspended"))

    def _fill(self, missing: MissingAudio) -> None:
        """Record silence for the time in which the device was away.

        So the times of what follows agree with the clock. The computer's sleep and pauses have no
        place in the recording, and the length of a loss with a pause in it is not known.
        """
        self._record_gap(GapMark(self._sound.total, round(missing.seconds, 3)))
        seconds = min(_MAX_FILLED_S, missing.seconds - missing.asleep_s)
        left = 0 if self._was_paused_since_loss else max(0, round(seconds * SAMPLE_RATE_HZ))
        if left:
            self._record_silence(left)
            # A recovery cuts utterances where the running session did.
            self._record_gap(GapMark(self._sound.total))

    def _fill_samples(self, missing: int) -> None:
        """Record silence for what a track lacks, as a gap."""
        self._record_gap(GapMark(self._sound.total, round(missing / SAMPLE_RATE_HZ, 3)))
        self._record_silence(missing)
        self._record_gap(GapMark(self._sound.total))

    def _record_silence(self, samples: int) -> None:
        self._pieces.append(FilledSilence(samples))
        while samples:
            silence = np.zeros(min(samples, _FILLED_BLOCK_S * SAMPLE_RATE_HZ), np.int16)
            self._notify_disk(self._journal.append(silence, self._track))
            self._sound.add(silence)
            samples -= len(silence)

    def _gap(self, missing_s: float = 0.0) -> None:
        self._record(self._flush())
        gap = GapMark(self._sound.total, round(missing_s, 3))
        self._record_gap(gap)
        self._pieces.append(gap)

    def _record_gap(self, gap: GapMark) -> None:
        record: dict[str, object] = {"event": "gap", "sample": gap.sample}
        if gap.missing_s:
            record |= {"missing_s": gap.missing_s, "asleep": gap.was_asleep}
        if self._track:
            record["track"] = self._track
        self._notify_disk(self._journal.append_record(record))

    def _record(self, sound: NDArray[np.float32]) -> None:
        samples = to_int16(sound)
        if not len(samples):
            return
        self._notify_disk(self._journal.append(samples, self._track))
        self._sound.add(samples)
        self._pieces.append(samples)

    def _notify_disk(self, news: DiskReport | None) -> None:
        if news is not None:
            self._disk(news)


class Intake:
    """Record what arrives in several queues and return it in the order of arrival. For one thread.

    Args:
        max_blocks: How many blocks may wait in each queue.
        max_samples: At most this many samples wait to be returned; the rest stays in the queues.
        clock: Returns the time of arrival of audio in seconds.
    """

    def __init__(
        self, max_blocks: int, max_samples: int, clock: Callable[[], float] = awake_s
    ) -> None:
        self._max_blocks, self._max_samples = max_blocks, max_samples
        self._clock = clock
        # The number of the queue of each item that arrived.
        self._arrived: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._tracks: list[tuple[AudioQueue, AudioRecorder]] = []
        self._pieces: deque[tuple[int, RecordedItem]] = deque()
        self._waiting_samples = 0

    def add_track(self, recorder: AudioRecorder) -> AudioQueue:
        """Return the queue of a further track, which `recorder` records."""
        arrived = partial(self._arrived.put, len(self._tracks))
        sink = AudioQueue(self._max_blocks, arrived, self._clock)
        self._tracks.append((sink, recorder))
        return sink

    def next(self) -> tuple[int, RecordedItem]:
        """Record everything that has arrived, then return the oldest piece and its track.

        Waits if there is none. The last piece of each track is the notice ENDED.
        """
        while self._waiting_samples < self._max_samples:
            try:
                number = self._arrived.get(block=not self._pieces)
            except queue.Empty:
                break
            sink, recorder = self._tracks[number]
            item = sink.get_nowait()
            assert item is not None
            for piece in recorder.record(item):
                self._pieces.append((number, piece))
                if isinstance(piece, np.ndarray):
                    self._waiting_samples += len(piece)
        number, piece = self._pieces.popleft()
        if isinstance(piece, np.ndarray):
            self._waiting_samples -= len(piece)
        return number, piece


_LEVELS_PER_SECOND = 10
SILENCE_DBFS = -120.0
"""Reported for digital silence, whose level in dB would be minus infinity."""
_CLIPPED = 32767


class InputLevelMeter:
    """Compute (RMS dBFS, peak dBFS, clipped) for every tenth of a second of samples."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._window = sample_rate_hz // _LEVELS_PER_SECOND
        self._squares = 0.0
        self._peak = self._count = 0

    def feed(self, samples: NDArray[np.int16]) -> tuple[float, float, bool] | None:
        """Add samples [shape=(any,)]; return the level when a tenth of a second is full."""
        if len(samples):
            wide = samples.astype(np.int32)
            self._squares += float(np.dot(wide.astype(np.float64), wide))
            self._peak = max(self._peak, int(np.abs(wide).max()))
            self._count += len(samples)
        if self._count < self._window:
            return None
        rms = math.sqrt(self._squares / self._count)
        level = _dbfs(rms), _dbfs(self._peak), self._peak >= _CLIPPED
        self._squares, self._peak, self._count = 0.0, 0, 0
        return level


def _dbfs(value: float) -> float:
    if value <= 0:
        return SILENCE_DBFS
    return max(SILENCE_DBFS, 20.0 * math.log10(value / 32768.0))


# A sentence names at most this many stretches; the event has all of them.
_MAX_LISTED = 3


def lost_stretches(
    from_disk: Iterable[tuple[int, int]], missing: Iterable[tuple[int, float, str]], rate: int
) -> tuple[LostStretch, ...]:
    """Return the lost stretches in order.

    Args:
        from_disk: The samples (start, stop) that neither disk nor memory could hold.
        missing: The sample before which audio is missing, the seconds, and the reason.
        rate: Samples per second.
    """
    found = [
        LostStretch(start / rate, stop / rate, (stop - start) / rate, "disk")
        for start, stop in from_disk
    ]
    found += [LostStretch(at / rate, at / rate, seconds, why) for at, seconds, why in missing]
    return tuple(sorted(found, key=lambda one: one.start_s))


def loss_sentences(lost: Sequence[LostStretch], texts_lost: int, reason: str) -> str:
    """Return sentences for the user, "" if nothing was lost.

    Args:
        lost: The result of `lost_stretches`.
        texts_lost: Number of texts that are not on the disk.
        reason: Why the disk did not take the end of the session, "" if it did.
    """
    found: list[str] = []
    if lost:
        named: list[str] = [_join_times(one) for one in lost[:_MAX_LISTED]]
        if len(lost) > _MAX_LISTED:
            named.append(SessionMessage.MORE_LOST(count=len(lost) - _MAX_LISTED))
        seconds = sum(one.seconds for one in lost)
        found.append(SessionMessage.SOUND_LOST(seconds=seconds, stretches=joined(named, "; ")))
    if texts_lost:
        found.append(SessionMessage.TEXTS_LOST(count=texts_lost))
    if reason:
        found.append(reason)
    return joined(found)


def _join_times(one: LostStretch) -> str:
    if one.reason == "disk":
        return SessionMessage.LOST_DISK(start_s=one.start_s, end_s=one.end_s)
    if one.reason == "suspended":
        return SessionMessage.LOST_SUSPENDED(seconds=one.seconds, start_s=one.start_s)
    return SessionMessage.LOST_BUSY(seconds=one.seconds, start_s=one.start_s)
