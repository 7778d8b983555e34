"""Align a text that exists with its recording: each word gets the time when it is said.

The recording is transcribed first. Words that text and transcript share say which part of the text
belongs to which utterance; the CTC scores of the utterance then give the times, and decide which
words are said. Memory does not grow with the sound, only with the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.file_transcription import (
    FileListener,
    FileTranscriber,
    open_recording,
    segments_of,
)
from granite_live.messages.documents import SubtitleMessage
from granite_live.messages.models import AsrMessage
from granite_live.transcript.model import (
    RecordingTranscript,
    Transcript,
    Word,
    distribute_time,
)
from granite_live.transcript.spelling import letters, match_words
from granite_live.transcript.subtitle_files import SUBTITLE_SUFFIXES, read_cues, read_utf8
from granite_live.util.errors import ProviderError, SubtitleError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.asr import Recognizer
    from granite_live.asr.alignment import WordGraphBuilder

# How much more of the text than was heard is searched in an utterance.
_MORE_WORDS = 10
_MORE_WORDS_SHARE = 2
# Of a part of the text that lies between two heard words of one utterance, this much is searched
# at each end.
_SEARCHED_INSIDE = 12
# So many words alone, with so many unspoken ones on both sides, are taken for chance.
_CHANCE_WORDS = 2
_UNSPOKEN_AROUND = 3
# A match of one word counts if the word is as long as this, of more words always.
_TELLING_LETTERS = 6
_LEAST_UNWRITTEN_WORDS = 2
# So many words at once may be said in another way than they are written.
_MAX_REPLACED_WORDS = 4


@dataclass(frozen=True, slots=True)
class UnwrittenSpeech:
    """Speech that the text does not have, as the model wrote it."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class UnspokenText:
    """Words of the text that are not said. `after_s` is the time of the word before them."""

    after_s: float
    text: str


@dataclass(frozen=True, slots=True)
class AlignedText:
    """The text with times.

    Attributes:
        transcript: An utterance for each line of the text, without the words that are not said.
        unspoken: What is written and not said, in order.
        unwritten: What is said and not written, in order.
    """

    transcript: RecordingTranscript
    unspoken: tuple[UnspokenText, ...]
    unwritten: tuple[UnwrittenSpeech, ...]


def align_text(
    path: Path,
    text: str,
    transcriber: FileTranscriber,
    audio_track: int | str | None = None,
    listener: FileListener | None = None,
    on_aligned: Callable[[float], None] = lambda _done_s: None,
) -> AlignedText:
    """Align a text with a recording.

    Args:
        path: The recording, which is read twice.
        text: The text; each line becomes an utterance.
        transcriber: Has the model, of which the scores are needed.
        audio_track: The audio track to use.
        listener: Follows the work on the transcript.
        on_aligned: Called with the seconds that are aligned so far, after the transcript.

    Raises:
        AudioError: The recording cannot be read.
        ProviderError: The model's graphs give no scores.
    """
    with open_recording(path, audio_track) as audio:
        heard = transcriber.transcribe(audio, listener)
    lines = [line.split() for line in text.splitlines() if line.strip()]
    script = [word for line in lines for word in line]
    spans = _Alignment(transcriber.recognizer, heard.utterances, script)  # type: ignore[arg-type]
    with open_recording(path, audio_track) as audio:
        blocks = audio.blocks(transcriber.recognizer.sample_rate_hz)
        for number, (start, sound) in enumerate(
            segments_of(blocks, transcriber.recognizer, transcriber.make_segmenter)
        ):
            spans.align_utterance(number, start, sound)
            on_aligned((start + len(sound)) / transcriber.recognizer.sample_rate_hz)
    return _result(heard, lines, spans.words())


def read_text(path: Path) -> str:
    """Return the words of a text file or of subtitles, a line for each line or cue.

    Raises:
        SubtitleError: It cannot be read, or has no words.
    """
    if path.suffix.lower() in SUBTITLE_SUFFIXES:
        text = "\n".join(" ".join(cue.lines) for cue in read_cues(path))
    else:
        text = read_utf8(path)
    if not any(letters(word) for word in text.split()):
        raise SubtitleError(SubtitleMessage.NO_WORDS(path=path))
    return text


class _Alignment:
    """The times of a text's words, found utterance by utterance."""

    def __init__(
        self, recognizer: Recognizer, utterances: Sequence[Transcript], script: Sequence[str]
    ) -> None:
        from granite_live.asr.alignment import WordGraphBuilder

        self._recognizer = recognizer
        self._builder: WordGraphBuilder = WordGraphBuilder(recognizer.bundle)
        self._script = script
        self._utterances = utterances
        self._heard_in = _places_by_utterance(script, utterances)
        self._words: list[Word | None] = [None] * len(script)
        self._next = 0

    def align_utterance(self, number: int, start: int, sound: NDArray[np.float32]) -> None:
        """Find the words that are said in an utterance which begins at the sample `start`."""
        from granite_live.asr.alignment import find_words, levels_db, word_times

        places = self._searched(number)
        if not places:
            return
        recognizer = self._recognizer
        texts = [self._script[k] for k in places]
        classes = self._builder.classes(texts)
        if not recognizer.watch(classes):
            raise ProviderError(AsrMessage.NO_ALIGNMENT())
        draft = recognizer.draft(sound)
        scores, frames = draft.watched_scores, draft.frames
        if scores is None or frames is None or not len(scores):
            return
        heard = set(self._heard_in[number])
        graph = self._builder.build(texts, classes, scores.max(axis=0))
        found = find_words(graph, scores, [place in heard for place in places])
        times = word_times(
            found,
            frames * draft.frame_s,
            draft.frame_s,
            levels_db(sound, recognizer.sample_rate_hz),
        )
        offset_s = start / recognizer.sample_rate_hz
        for place, one, time in zip(places, found, times, strict=True):
            if one is None or time is None:
                continue
            confidence = float(2.0**one.score)
            word = Word(self._script[place], time[0], time[1], confidence)
            self._words[place] = word.shifted(offset_s)
        self._drop_chance(places[-1] + 1)

    def words(self) -> list[Word | None]:
        """Return the words with their times; None for a word that is not said."""
        return _without_chance(self._words)

    def _drop_chance(self, end: int) -> None:
        """Remove chance finds before `end`, and go on behind the last word that was found.

        A chance find far ahead would take the words before it from the next utterance.
        """
        first = max(0, self._next - _UNSPOKEN_AROUND)
        self._words[first:end] = _without_chance(self._words[first:end])
        found = (k + 1 for k in range(end - 1, self._next - 1, -1) if self._words[k] is not None)
        self._next = next(found, self._next)

    def _searched(self, number: int) -> list[int]:
        """Return the places of the text that may be said in an utterance."""
        if number >= len(self._utterances):
            return []
        heard = [k for k in self._heard_in[number] if k >= self._next]
        later = (k for places in self._heard_in[number + 1 :] for k in places if k >= self._next)
        end = next(later, len(self._script))
        more = _MORE_WORDS_SHARE * len(self._utterances[number].text.split()) + _MORE_WORDS
        if not heard:
            return list(range(self._next, min(end, self._next + more)))
        places = list(range(max(self._next, heard[0] - more), heard[0]))
        for place, following in pairwise(heard):
            inside = range(place + 1, following)
            places.append(place)
            if len(inside) > 2 * _SEARCHED_INSIDE:
                places += [*inside[:_SEARCHED_INSIDE], *inside[-_SEARCHED_INSIDE:]]
            else:
                places += inside
        return [*places, *range(heard[-1], max(heard[-1] + 1, min(end, heard[-1] + 1 + more)))]


def _places_by_utterance(
    script: Sequence[str], utterances: Sequence[Transcript]
) -> list[list[int]]:
    """Return which words of the text the model heard in each utterance."""
    said = [(number, word) for number, one in enumerate(utterances) for word in one.text.split()]
    keys = [letters(word) for word in script]
    matches = match_words(keys, [letters(word) for _, word in said])
    places: list[list[int]] = [[] for _ in utterances]
    for index, (place, heard) in enumerate(matches):
        neighbors = {*matches[max(0, index - 1) : index], *matches[index + 1 : index + 2]}
        in_phrase = (place - 1, heard - 1) in neighbors or (place + 1, heard + 1) in neighbors
        if in_phrase or len(keys[place]) >= _TELLING_LETTERS:
            places[said[heard][0]].append(place)
    return places


def _without_chance(words: Sequence[Word | None]) -> list[Word | None]:
    """Return the words without few found ones among many that are not said.

    Foreign speech has short words of the text in it, too.
    """
    kept = list(words)
    for first, last in _runs([word is not None for word in words]):
        if last - first > _CHANCE_WORDS:
            continue
        before, after = words[max(0, first - _UNSPOKEN_AROUND) : first], words[last:]
        if not any(before) and not any(after[:_UNSPOKEN_AROUND]):
            kept[first:last] = [None] * (last - first)
    return kept


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield first and last (exclusive) place of each run of True."""
    first = None
    for place, flag in enumerate([*flags, False]):
        if flag and first is None:
            first = place
        elif not flag and first is not None:
            yield first, place
            first = None


def _result(
    heard: RecordingTranscript, lines: Sequence[Sequence[str]], words: Sequence[Word | None]
) -> AlignedText:
    said = [word for one in heard.utterances for word in one.words]
    foreign = _foreign_speech(said, [word for word in words if word is not None])
    script = [word for line in lines for word in line]
    words, unspoken, foreign = _replaced_words(script, list(words), foreign)
    utterances = []
    place = 0
    for line in lines:
        spoken = [word for word in words[place : place + len(line)] if word is not None]
        place += len(line)
        if spoken:
            utterances.append(Transcript.of_words(spoken))
    unwritten = tuple(
        UnwrittenSpeech(run[0].start_s, run[-1].end_s, " ".join(word.text for word in run))
        for run in foreign
        if len(run) >= _LEAST_UNWRITTEN_WORDS
    )
    transcript = replace(heard, utterances=tuple(utterances))
    return AlignedText(transcript, tuple(unspoken), unwritten)


def _foreign_speech(said: Sequence[Word], aligned: Sequence[Word]) -> list[list[Word]]:
    """Return the heard words at whose time no word of the text is, in runs."""
    runs: list[list[Word]] = []
    place = 0
    is_open = False
    for word in said:
        middle_s = (word.start_s + word.end_s) / 2
        while place < len(aligned) and aligned[place].end_s < middle_s:
            place += 1
            is_open = False
        if place < len(aligned) and aligned[place].start_s <= word.end_s:
            continue
        if is_open:
            runs[-1].append(word)
        else:
            runs.append([word])
            is_open = True
    return runs


def _replaced_words(
    script: Sequence[str], words: list[Word | None], foreign: Sequence[list[Word]]
) -> tuple[list[Word | None], list[UnspokenText], list[list[Word]]]:
    """Give words that were said in another way the time of that speech.

    A number, a name or a slip is heard as other words, at the place where the text has it. A few
    words take the time of about as much speech there.
    """
    unspoken: list[UnspokenText] = []
    left = list(foreign)
    for first, last in _runs([word is None for word in words]):
        before, after = words[first - 1] if first else None, words[last : last + 1]
        begin_s = before.end_s if before is not None else 0.0
        end_s = after[0].start_s if after and after[0] is not None else float("inf")
        inside = [one for one in left if begin_s <= one[0].end_s and one[-1].start_s <= end_s]
        heard = sum(len(run) for run in inside)
        count = last - first
        if len(inside) == 1 and count <= _MAX_REPLACED_WORDS and heard <= 3 * count + 3:
            (run,) = inside
            start_s = max(begin_s, run[0].start_s)
            stop_s = max(start_s, min(end_s, run[-1].end_s))
            words[first:last] = [
                replace(word, confidence=0.0)
                for word in distribute_time(script[first:last], start_s, stop_s)
            ]
            left.remove(run)
        else:
            unspoken.append(UnspokenText(begin_s, " ".join(script[first:last])))
    return words, unspoken, left
