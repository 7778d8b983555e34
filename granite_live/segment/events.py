"""What the segmenter tells. Positions count samples at 16 kHz from the first one fed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CloseReason = Literal["pause", "too_long", "end_of_input"]


@dataclass(frozen=True, slots=True)
class Opened:
    """Speech began.

    `start_sample` is before it, or before where its sound set in, by the pre-roll; or it is where
    the last utterance ended.
    """

    utterance: int
    start_sample: int


@dataclass(frozen=True, slots=True)
class Closed:
    """An utterance is complete: samples start_sample up to, not with, stop_sample."""

    utterance: int
    start_sample: int
    stop_sample: int
    reason: CloseReason


@dataclass(frozen=True, slots=True)
class Dropped:
    """An opened utterance held too little speech. Its number is not used again."""

    utterance: int
    start_sample: int
    stop_sample: int


@dataclass(frozen=True, slots=True)
class Growing:
    """The utterance that is open now, and how far the sound has been heard.

    `quiet_samples` is how much of its end is no speech. `ends_at_sample` is where it will end if
    the silence lasts: all of its sound is there by then. None while there is speech, or too little
    silence or speech to say.
    """

    utterance: int
    start_sample: int
    stop_sample: int
    quiet_samples: int = 0
    ends_at_sample: int | None = None


SegmentEvent = Opened | Closed | Dropped
