"""The segmenter's events. Positions count samples at 16 kHz from the first one fed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CloseReason = Literal["pause", "too_long", "end_of_input"]


@dataclass(frozen=True, slots=True)
class Opened:
    """Speech began.

    `start_sample` is earlier by the pre-roll, counted from the speech or from the onset of its
    sound; or it is the end of the previous utterance.
    """

    utterance: int
    start_sample: int


@dataclass(frozen=True, slots=True)
class Closed:
    """An utterance is complete: samples from start_sample up to, but excluding, stop_sample."""

    utterance: int
    start_sample: int
    stop_sample: int
    reason: CloseReason


@dataclass(frozen=True, slots=True)
class Dropped:
    """An opened utterance had too little speech. Its number is not used again."""

    utterance: int
    start_sample: int
    stop_sample: int


@dataclass(frozen=True, slots=True)
class Growing:
    """The open utterance, and the position up to which it was processed.

    `quiet_samples` at its end are not speech. `ends_at_sample` is where it will end if the silence
    lasts; all of its samples have arrived then. It is None during speech, or if there is too
    little silence or speech to tell.
    """

    utterance: int
    start_sample: int
    stop_sample: int
    quiet_samples: int = 0
    ends_at_sample: int | None = None


SegmentEvent = Opened | Closed | Dropped
