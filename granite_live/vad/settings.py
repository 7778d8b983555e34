"""The parameters of the segmenter.

The defaults were chosen for Silero's detector by benchmarks/bench_segment.py --tune, with speech
that is clean and in noise down to 0 dB. Higher probabilities lose the ends of words, lower ones let
noise keep utterances open. 100 ms of pre-roll cut first words, 300 ms did not. Requiring 200 ms of
speech would drop a third of the words of that length. 500 ms of silence split a tenth more
sentences, 700 ms only delay the text.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


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
