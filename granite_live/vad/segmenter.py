"""Cut a stream of sound into utterances: a state machine without threads or clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from granite_live.util.pcm import EARLIEST_CUT_SHARE, to_float32
from granite_live.vad.detectors import SAMPLE_RATE_HZ, VoiceDetector
from granite_live.vad.events import (
    CloseReason,
    OpenUtterance,
    SegmentClosed,
    SegmentDropped,
    SegmenterSettings,
    SegmentEvent,
    SegmentOpened,
)
from granite_live.vad.sound_history import CELLS_PER_FRAME, FrameHistory, OnsetDetector


@dataclass(slots=True)
class _Open:
    """The open utterance; `last_speech` is the end of its last speech frame."""

    utterance: int
    start: int
    speech_samples: int
    last_speech: int
    min_speech: int


class Segmenter:
    """Converts samples to utterances. The result does not depend on the size of the blocks.

    No sample is in two utterances. An utterance that grows too long is cut, and the next one
    begins at the sample where it ended. Not thread-safe.
    """

    def __init__(self, detector: VoiceDetector, settings: SegmenterSettings | None = None) -> None:
        """Start at sample 0 with utterance 1; `detector` must not be shared.

        Raises:
            ValueError: The detector's frame length is not divisible by 4.
        """
        self._detector = detector
        self._settings = settings or SegmenterSettings()
        self._frame = detector.frame_samples
        if self._frame < CELLS_PER_FRAME or self._frame % CELLS_PER_FRAME:
            raise ValueError(
                f"frames of {self._frame} samples cannot be divided by {CELLS_PER_FRAME}"
            )
        self._max = _samples(self._settings.max_utterance_ms)
        self._pending = np.empty(0, np.float32)
        self._position = 0
        self._earliest_start = 0  # no later utterance may start before this sample
        self._next_utterance = 1
        self._open: _Open | None = None
        self._run_samples = 0  # uninterrupted speech while no utterance is open
        self._history = FrameHistory(self._frame, self._max + 2 * self._frame)
        self._onsets = OnsetDetector()
        self._latest_onset: int | None = None  # the latest onset

    @property
    def open_utterance(self) -> OpenUtterance | None:
        """The open utterance, None between utterances."""
        if self._open is None:
            return None
        open_ = self._open
        ends_at = self._end_of(open_)
        is_whole = ends_at <= self._position and open_.speech_samples >= open_.min_speech
        quiet = self._position - open_.last_speech
        return OpenUtterance(
            open_.utterance,
            open_.start,
            self._position,
            quiet,
            ends_at if is_whole and quiet else None,
        )

    @property
    def oldest_needed_sample(self) -> int:
        """The first sample that a later event may refer to; earlier samples can be dropped."""
        if self._open is not None:
            return self._open.start
        return self._start_of_next()

    def feed(self, samples: NDArray[np.int16] | NDArray[np.float32]) -> list[SegmentEvent]:
        """Process the next samples and return the resulting events in order.

        Args:
            samples: Mono audio at 16 kHz [shape=(any,)]: int16, or float32 in -1..1.

        Raises:
            TypeError: The samples have another dtype or shape.
        """
        sound = np.concatenate((self._pending, _as_float(samples)))
        events: list[SegmentEvent] = []
        start = 0
        while len(sound) - start >= self._frame:
            start += self._advance(sound[start : start + self._frame], events)
        self._pending = sound[start:].copy()
        return events

    def flush(self) -> list[SegmentEvent]:
        """End the input, or mark a gap in it, and return the resulting events.

        Later samples continue the count, but are a new stream.
        """
        events: list[SegmentEvent] = []
        rest = len(self._pending)
        if rest:
            frame = np.zeros(self._frame, np.float32)
            frame[:rest] = self._pending
            self._take(frame, rest, events)
        if self._open is not None:
            self._close(self._open, "end_of_input", events)
        self._pending = np.empty(0, np.float32)
        self._run_samples = 0
        self._earliest_start = self._position  # no pre-roll from before the gap
        self._history.restart(self._position)
        self._detector.reset()
        self._onsets = OnsetDetector()
        self._latest_onset = None
        return events

    def skip(self, samples: int) -> list[SegmentEvent]:
        """Mark a gap of this many samples without speech; return the events of its beginning."""
        events = self.flush()
        self._position += samples
        self._earliest_start = self._position
        self._history.restart(self._position)
        return events

    def _advance(self, frame: NDArray[np.float32], events: list[SegmentEvent]) -> int:
        """Process a frame, or only the part before an onset in it; return the samples consumed."""
        is_idle = self._open is None and self._run_samples == 0
        onset = self._onsets.find(frame) if is_idle else None
        if onset is not None:
            self._onsets.add(frame[:onset], is_onset=True)
            self._latest_onset = self._position + onset
        if not onset:
            self._onsets.add(frame)
            self._take(frame, self._frame, events)
            return self._frame
        # Count frames from the onset, so that the same audio gives the same utterances in every
        # stream. The skipped part is too short for a word. The detector is not reset, because
        # without context it misses soft beginnings.
        self._position += onset
        self._history.restart(self._position)
        return onset

    def _take(self, frame: NDArray[np.float32], length: int, events: list[SegmentEvent]) -> None:
        """Process a frame, of which the first `length` samples are audio."""
        likely = self._detector.probability(frame)
        going = self._open is not None or self._run_samples > 0
        settings = self._settings
        speech = likely >= (settings.stay_probability if going else settings.open_probability)
        self._position += length
        self._history.add(frame, speech)
        if self._open is None:
            self._wait_for_speech(speech, length, events)
            return
        if speech:
            self._open.speech_samples += length
            self._open.last_speech = self._position
        elif self._position - self._open.last_speech >= _samples(settings.silence_ms):
            self._close(self._open, "pause", events)
            return
        if self._position - self._open.start >= self._max:
            self._cut(self._open, events)

    def _wait_for_speech(self, speech: bool, length: int, events: list[SegmentEvent]) -> None:
        self._run_samples = self._run_samples + length if speech else 0
        if not speech or self._run_samples < _samples(self._settings.confirm_ms):
            return
        least = _samples(self._settings.min_speech_ms)
        self._open_utterance(
            self._start_of_next(), self._run_samples, self._position, least, events
        )
        self._run_samples = 0

    def _start_of_next(self) -> int:
        pre_roll = _samples(self._settings.pre_roll_ms)
        first = self._position - self._run_samples
        # The first speech frame of a detector is arbitrary; the onset is not, and a breath or a
        # soft consonant before that frame belongs to the word.
        if self._latest_onset is not None and first - pre_roll <= self._latest_onset <= first:
            first = self._latest_onset
        return max(self._earliest_start, first - pre_roll)

    def _open_utterance(
        self, start: int, speech: int, last_speech: int, min_speech: int, events: list[SegmentEvent]
    ) -> None:
        self._open = _Open(self._next_utterance, start, speech, last_speech, min_speech)
        self._next_utterance += 1
        events.append(SegmentOpened(self._open.utterance, start))

    def _close(self, open_: _Open, reason: CloseReason, events: list[SegmentEvent]) -> None:
        stop = min(self._end_of(open_), self._position)
        self._open = None
        if open_.speech_samples < open_.min_speech:
            # Its samples stay available as the pre-roll of the next utterance.
            events.append(SegmentDropped(open_.utterance, open_.start, stop))
            return
        self._earliest_start = stop
        events.append(SegmentClosed(open_.utterance, open_.start, stop, reason))

    def _end_of(self, open_: _Open) -> int:
        """Return where the utterance ends if nothing more is said; may be in the future."""
        keep = open_.last_speech + _samples(self._settings.keep_silence_ms)
        return min(max(keep, open_.start), open_.start + self._max)

    def _cut(self, open_: _Open, events: list[SegmentEvent]) -> None:
        """Close the utterance at its quietest position, and open the next one there."""
        earliest = open_.start + int(EARLIEST_CUT_SHARE * self._max)
        cut = self._history.quietest_sample(earliest, open_.start + self._max)
        self._earliest_start = cut
        events.append(SegmentClosed(open_.utterance, open_.start, cut, "too_long"))
        speech = self._history.speech_samples_since(cut)
        # The end of a sentence may be short, so any speech in the continuation is kept.
        self._open_utterance(cut, speech, open_.last_speech, 1, events)


def _samples(milliseconds: int) -> int:
    return milliseconds * SAMPLE_RATE_HZ // 1000


def _as_float(samples: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.float32]:
    if samples.ndim == 1:
        if samples.dtype == np.int16:
            return to_float32(samples.astype(np.int16, copy=False))
        if samples.dtype == np.float32:
            return samples.astype(np.float32, copy=False)
    msg = f"expected int16 or float32 [shape=(samples,)], got {samples.dtype} {samples.shape}"
    raise TypeError(msg)


@dataclass(frozen=True, slots=True, eq=False)
class SpeechSegment:
    """A stretch of speech: `samples` [shape=(any,)] of the stream from `start_sample` on."""

    start_sample: int
    samples: NDArray[np.int16]


def segment_stream(
    blocks: Iterable[NDArray[np.int16]], segmenter: Segmenter
) -> Iterator[SpeechSegment]:
    """Yield the utterances of a complete stream, each as soon as it is closed.

    Keeps one block and the samples that the segmenter may still need (about one utterance).

    Args:
        blocks: Consecutive int16 samples at 16 kHz [each shape=(any,)].
        segmenter: A new segmenter for this stream only.
    """
    held = np.empty(0, np.int16)
    first = 0  # position of `held` in the stream
    for block in blocks:
        held = np.concatenate((held, block))
        found = segmenter.feed(block)
        yield from (_cut(held, first, one) for one in found if isinstance(one, SegmentClosed))
        needed = segmenter.oldest_needed_sample
        # A copy, because a view would keep the whole buffer alive.
        held, first = held[needed - first :].copy(), needed
    rest = segmenter.flush()
    yield from (_cut(held, first, one) for one in rest if isinstance(one, SegmentClosed))


def _cut(held: NDArray[np.int16], first: int, one: SegmentClosed) -> SpeechSegment:
    samples = held[one.start_sample - first : one.stop_sample - first].copy()
    return SpeechSegment(one.start_sample, samples)
