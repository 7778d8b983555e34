"""Words and transcripts: the frozen results that travel between the rooms of the house.

Times are seconds. Those of an `Transcript` and its words count from the start of
the recording (`Transcript.shifted` moves them there from the utterance's own start).
Confidences are in 0..1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its times, its confidence and, if the editor overruled it, the draft's word.

    `draft` is None where draft and editor agree, and "" where the draft had no word here.
    """

    text: str
    start_s: float
    end_s: float
    confidence: float
    draft: str | None = None

    def shifted(self, offset_s: float) -> Word:
        """Return the word `offset_s` seconds later."""
        return replace(self, start_s=self.start_s + offset_s, end_s=self.end_s + offset_s)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of computing, by stage. `editor_s` includes the embedding of the slots."""

    features_s: float = 0.0
    encoder_s: float = 0.0
    editor_s: float = 0.0
    total_s: float = 0.0

    def __add__(self, other: Timing) -> Timing:
        return Timing(
            self.features_s + other.features_s,
            self.encoder_s + other.encoder_s,
            self.editor_s + other.editor_s,
            self.total_s + other.total_s,
        )

    def share(self, part: float) -> Timing:
        """Return `part` of it, 0..1."""
        return Timing(
            self.features_s * part, self.encoder_s * part, self.editor_s * part, self.total_s * part
        )


@dataclass(frozen=True, slots=True)
class Transcript:
    """The final result for one stretch of speech.

    `token_ids` are the final ids after collapse; `draft_token_ids` those given to the
    slots. `confidence` is the mean over the words, and 1.0 where there are none (the
    model is sure that nothing was said). `editor_skipped` says that the draft stands as it is,
    because it was certain; None where that is not known any more. `editing_passes` is how often
    the editor read the text, 0 where it did not; None as before.
    """

    start_s: float
    end_s: float
    text: str
    token_ids: tuple[int, ...]
    words: tuple[Word, ...]
    confidence: float
    draft_text: str
    draft_token_ids: tuple[int, ...]
    timing: Timing = field(default_factory=Timing)
    editor_skipped: bool | None = False
    editing_passes: int | None = 0

    def shifted(self, offset_s: float) -> Transcript:
        """Return the transcript, words included, `offset_s` seconds later."""
        return replace(
            self,
            start_s=self.start_s + offset_s,
            end_s=self.end_s + offset_s,
            words=tuple(word.shifted(offset_s) for word in self.words),
        )


def joined(parts: Sequence[Transcript]) -> Transcript:
    """Return one transcript that spans `parts`, which must be in order and at least one.

    Used where a recording longer than the model's context was transcribed in pieces. The editor
    was skipped if it was for every part in which something was heard. The passes are those of the
    part that took the most.
    """
    heard = [part for part in parts if part.draft_token_ids]
    words = tuple(word for part in parts for word in part.words)
    timing = Timing()
    for part in parts:
        timing += part.timing
    return Transcript(
        start_s=parts[0].start_s,
        end_s=parts[-1].end_s,
        text=" ".join(part.text for part in parts if part.text),
        token_ids=tuple(token for part in parts for token in part.token_ids),
        words=words,
        confidence=mean_confidence(words),
        draft_text=" ".join(part.draft_text for part in parts if part.draft_text),
        draft_token_ids=tuple(token for part in parts for token in part.draft_token_ids),
        timing=timing,
        editor_skipped=bool(heard) and all(part.editor_skipped is True for part in heard),
        editing_passes=max(part.editing_passes or 0 for part in parts),
    )


def mean_confidence(words: Sequence[Word]) -> float:
    """Return the mean confidence of `words`, 1.0 for none."""
    return sum(word.confidence for word in words) / len(words) if words else 1.0


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model made a transcript, and where it really ran."""

    path: str
    tier: str
    providers: dict[str, str]
    ctc_blank: int
    ctc_shift: int
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class ChannelsUsed:
    """The channels that were mixed from a time on, by FFmpeg's names; `of` is all there are."""

    start_s: float
    used: tuple[str, ...]
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SoundUsed:
    """Which audio track of a file was transcribed (counted from 1), and which channels of it.

    `channels` is empty for a track of one channel.
    """

    track: int
    tracks: int
    language: str = ""
    channels: tuple[ChannelsUsed, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingTranscript:
    """A whole recording as text: what the writers in `transcript.export` take.

    `title` is what the user calls it, "" for its file's name.
    """

    audio_path: str
    duration_s: float
    utterances: tuple[Transcript, ...]
    model: ModelInfo
    load_s: float = 0.0
    title: str = ""
    sound: SoundUsed | None = None

    @property
    def text(self) -> str:
        """All utterances' texts, one space between them."""
        return " ".join(utterance.text for utterance in self.utterances if utterance.text)

    @property
    def timing(self) -> Timing:
        """The sum over the utterances."""
        total = Timing()
        for utterance in self.utterances:
            total += utterance.timing
        return total

    @property
    def real_time_factor(self) -> float:
        """Computing time over the recording's duration; 0.0 for an empty recording."""
        return self.timing.total_s / self.duration_s if self.duration_s > 0 else 0.0
