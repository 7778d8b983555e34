"""What the segmenter reports, and the settings it decides by."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

CloseReason = Literal["pause", "too_long", "end_of_input"]


@dataclass(frozen=True, slots=True)
class SegmentOpened:
    """Speech began.

    `start_sample` is earlier by the pre-roll, counted from the speech or from the onset of its
    sound; or it is the end of the previous utterance.
    """

    utterance: int
    start_sample: int


@dataclass(frozen=True, slots=True)
class SegmentClosed:
    """An utterance is complete: samples from start_sample up to, but excluding, stop_sample."""

    utterance: int
    start_sample: int
    stop_sample: int
    reason: CloseReason


@dataclass(frozen=True, slots=True)
class SegmentDropped:
    """An opened utterance had too little speech. Its number is not used again."""

    utterance: int
    start_sample: int
    stop_sample: int


@dataclass(frozen=True, slots=True)
class OpenUtterance:
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


SegmentEvent = SegmentOpened | SegmentClosed | SegmentDropped


@dataclass(frozen=True, slots=True)
class SegmenterSettings:
    """When an utterance opens, and when it closes.

    Attributes:
        open_probability: Speech begins with a frame of at least this probability.
        stay_probability: Speech continues with frames of at least this probability.
        confirm_ms: Uninterrupted speech of this length opens an utterance.
        min_speech_ms: An utterance with less speech in total is dropped.
        silence_ms: Silence of this length closes an utterance.
        keep_silence_ms: How much of that silence belongs to the utterance.
        pre_roll_ms: How much audio before the speech belongs to the utterance; counted from the
            onset of the sound if that is at most this much earlier.
        max_utterance_ms: A longer utterance is cut at its quietest position.
    """

    open_probability: float = 0.6
    stay_probability: float = 0.45
    confirm_ms: int = 60
    min_speech_ms: int = 100
    silence_ms: int = 600
    keep_silence_ms: int = 300
    pre_roll_ms: int = 300
    max_utterance_ms: int = 20_000

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            ValueError: A value is invalid; the message names it.
        """
        if not 0.0 < self.stay_probability <= self.open_probability <= 1.0:
            msg = (
                f"stay_probability {self.stay_probability} and open_probability "
                f"{self.open_probability} must be above 0, at most 1, and in this order"
            )
            raise ValueError(msg)
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.endswith("_ms") and value < 0:
                raise ValueError(f"{field.name} is {value}, it must not be negative")
        if self.keep_silence_ms > self.silence_ms:
            msg = (
                f"keep_silence_ms {self.keep_silence_ms} is more than silence_ms {self.silence_ms}"
            )
            raise ValueError(msg)
        least = 2 * (self.pre_roll_ms + self.confirm_ms) + 200
        if self.max_utterance_ms < least:
            msg = f"max_utterance_ms is {self.max_utterance_ms}, it must be at least {least}"
            raise ValueError(msg)
