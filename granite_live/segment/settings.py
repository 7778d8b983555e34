"""How the segmenter decides.

The values were chosen with Silero's detector by benchmarks/bench_segment.py --tune, over speech
that is clean and in noise down to 0 dB: above these probabilities the ends of words get lost,
below them noise keeps utterances open; with 100 ms of pre-roll first words were cut, with 300 ms
none; demanding 200 ms of speech would drop a third of the words of that length; 500 ms of silence
makes a tenth more utterances of the same sentences, 700 ms only makes the reader wait.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class SegmenterSettings:
    """When an utterance opens, and when it closes.

    Attributes:
        open_probability: Speech begins at a frame at least this likely, ...
        stay_probability: ... and goes on while frames are at least this likely.
        confirm_ms: Speech this long without a break opens an utterance.
        min_speech_ms: An utterance with less speech in all is dropped.
        silence_ms: Silence this long closes an utterance.
        keep_silence_ms: How much of that silence the utterance keeps.
        pre_roll_ms: How much sound the utterance has before the speech, or before where the sound
            of it set in, if that was at most this long before.
        max_utterance_ms: A longer utterance is cut at its quietest place.
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
            ValueError: A value makes no sense; the message names it.
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
