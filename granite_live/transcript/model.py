"""Words, transcripts and recordings: the frozen results that every part of the program shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import IntEnum
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its times, its confidence and, if the editor changed it, the draft's word.

    `draft` is None if the editor kept the word, and "" if the editor inserted it. `replaced` is the
    recognized text in whose place a term of the vocabulary stands, "" in further words of the term,
    None for a word that is not from the vocabulary.
    """

    text: str
    start_s: float
    end_s: float
    confidence: float
    draft: str | None = None
    replaced: str | None = None

    def shifted(self, offset_s: float) -> Word:
        """Return the word moved by `offset_s` seconds."""
        return replace(self, start_s=self.start_s + offset_s, end_s=self.end_s + offset_s)


@dataclass(frozen=True, slots=True)
class Timing:
    """Computing time by stage, in seconds. `editor_s` includes the embedding of the slots."""

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

    def scaled(self, part: float) -> Timing:
        """Return the fraction `part` of it, 0..1."""
        return Timing(
            self.features_s * part, self.encoder_s * part, self.editor_s * part, self.total_s * part
        )


@dataclass(frozen=True, slots=True)
class Transcript:
    """The final result for one utterance.

    `token_ids` are the final ids after CTC collapse; `draft_token_ids` those put into the slots.
    `confidence` is the mean over the words, 1.0 without words. `editor_skipped` says that the draft
    was certain, so that the editor did not run; None if unknown. `editing_passes` is the number of
    editor runs, None if unknown. `speaker` is the name of who said it, "" if there is none; `track`
    is one of `speakers.Track`.
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
    track: int = 0
    speaker: str = ""

    @classmethod
    def of_words(cls, words: Sequence[Word]) -> Transcript:
        """Return an utterance of at least one word, without tokens and draft."""
        return cls(
            start_s=words[0].start_s,
            end_s=words[-1].end_s,
            text=" ".join(word.text for word in words),
            token_ids=(),
            words=tuple(words),
            confidence=mean_confidence(words),
            draft_text="",
            draft_token_ids=(),
        )

    def shifted(self, offset_s: float) -> Transcript:
        """Return the transcript and its words moved by `offset_s` seconds."""
        return replace(
            self,
            start_s=self.start_s + offset_s,
            end_s=self.end_s + offset_s,
            words=tuple(word.shifted(offset_s) for word in self.words),
        )


def joined(parts: Sequence[Transcript]) -> Transcript:
    """Return one transcript that spans `parts`: at least one, in order.

    Used for recordings longer than the model's context. `editor_skipped` is set if it is for every
    part with a draft; `editing_passes` is the maximum of the parts.
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
    """The model of a transcript and the providers that it ran on."""

    path: str
    tier: str
    providers: dict[str, str]
    ctc_blank: int
    ctc_shift: int
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class MixedChannels:
    """The channels mixed from a time on, by FFmpeg's names; `of` lists all channels."""

    start_s: float
    used: tuple[str, ...]
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AudioSelection:
    """The transcribed audio track of a file (counted from 1) and its channels.

    `channels` is empty for a mono track.
    """

    track: int
    tracks: int
    language: str = ""
    channels: tuple[MixedChannels, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingTranscript:
    """The transcript of a whole recording, as the writers in `transcript.export` take it.

    `title` is the user's title, "" for the file's name.
    """

    audio_path: str
    duration_s: float
    utterances: tuple[Transcript, ...]
    model: ModelInfo
    load_s: float = 0.0
    title: str = ""
    sound: AudioSelection | None = None

    @property
    def text(self) -> str:
        """All utterances' texts, joined by spaces."""
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
        """Computing time divided by the recording's duration; 0.0 for an empty recording."""
        return self.timing.total_s / self.duration_s if self.duration_s > 0 else 0.0


def align_words(text: str, words: Sequence[Word], start_s: float, end_s: float) -> tuple[Word, ...]:
    """Return a word with times for each of `text.split()`.

    Words that `words` contains in the same order are taken from there. The others share the time of
    those they replace, by length; if they replace none, the time between their neighbors, which may
    be zero. Their confidence is 1.

    Args:
        text: The text to display.
        words: The recognized words, in order.
        start_s: The utterance's start, for words before the first of `words`.
        end_s: The utterance's end.
    """
    wanted = text.split()
    heard = [word.text for word in words]
    if wanted == heard:
        return tuple(words)
    found: list[Word] = []
    matcher = SequenceMatcher(None, heard, wanted, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind == "equal":
            found.extend(words[first:last])
        elif first < last:
            found.extend(
                distribute_time(wanted[begin:end], words[first].start_s, words[last - 1].end_s)
            )
        else:
            before_s = words[first - 1].end_s if first else start_s
            after_s = words[first].start_s if first < len(words) else end_s
            found.extend(distribute_time(wanted[begin:end], before_s, max(before_s, after_s)))
    return tuple(found)


def distribute_time(texts: Sequence[str], start_s: float, end_s: float) -> list[Word]:
    """Return the texts as words that share the time by length."""
    total = sum(map(len, texts))
    words = []
    before = 0
    for text in texts:
        after = before + len(text)
        begin_s = start_s + (end_s - start_s) * before / total
        words.append(Word(text, begin_s, start_s + (end_s - start_s) * after / total, 1.0))
        before = after
    return words


class Track(IntEnum):
    """The source of a line. A session with a single source has only the first track."""

    MICROPHONE = 0
    SYSTEM = 1
    """The computer's own output, recorded beside the microphone."""


def turns(utterances: Iterable[Transcript]) -> Iterator[tuple[str, list[Transcript]]]:
    """Yield each speaker in turn, with the utterances until another one speaks."""
    for speaker, said in groupby(utterances, key=lambda one: one.speaker):
        yield speaker, list(said)
