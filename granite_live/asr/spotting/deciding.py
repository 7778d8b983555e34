"""Decide which spotted terms replace words of the final text, also by how alike they sound."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from granite_live.asr.spotting.spotter import SpottedTerm
from granite_live.transcript.model import Transcript, Word, align_words, distribute_time
from granite_live.transcript.spelling import letters, split_marks

_ALIKE = ("aeiouy", "ckqgx", "szcx", "bp", "dt", "gj", "fvw", "mn", "lr", "jy", "uw", "fh")
"""Letters of similar sound in languages of Latin script: one in place of another is half an edit.

Other letters are alike only if they are equal.
"""
_OTHER_LETTER = 1.0
_ALIKE_LETTER = 0.5
_DOUBLED_LETTER = 0.25
_OFTEN_SILENT = {"e": 0.5, "h": 0.5, "a": 0.7, "i": 0.7, "o": 0.7, "u": 0.7, "w": 0.7, "y": 0.7}
"""What a letter costs that only one of the spellings has, where it is less than an edit."""

_NEAR = {letter: "".join(one for one in _ALIKE if letter in one) for letter in set("".join(_ALIKE))}


def sound_similarity(one: str, other: str) -> float:
    """Return 1 minus the edits between two words by the length of the longer one, 0..1.

    Args:
        one: Lower-case letters, as `letters` returns them.
        other: The same.
    """
    left, right = _costs_alone(one), _costs_alone(other)
    row = [0.0]
    for cost in right:
        row.append(row[-1] + cost)
    for letter, cost in zip(one, left, strict=True):
        near = _NEAR.get(letter, letter)
        previous, row = row, [row[0] + cost]
        for k, facing in enumerate(other):
            least = previous[k]
            if facing != letter:
                least += _ALIKE_LETTER if facing in near else _OTHER_LETTER
            row.append(min(least, previous[k + 1] + cost, row[k] + right[k]))
    return 1.0 - row[-1] / max(len(one), len(other), 1)


def _costs_alone(word: str) -> list[float]:
    """Return what each letter costs if the other word does not have it."""
    return [
        _DOUBLED_LETTER if k and word[k - 1] == one else _OFTEN_SILENT.get(one, _OTHER_LETTER)
        for k, one in enumerate(word)
    ]


_MAX_FURTHER_WORDS = 2
"""A term replaces at most so many more words than it has."""
LEAST_SIMILARITY = 0.3
"""A term must sound like the words that it replaces, at least so much."""
_FEW_LETTERS, _MANY_LETTERS = 5, 12
"""The lengths of terms that the weights were fitted for."""
_SOME_FRAMES = 0.2
"""A letter counts as at least so many frames where paces are compared."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a term in place of words of the final text.

    Attributes:
        deficit_per_letter: See `SpottedTerm`; 0 if the term is what the CTC head writes itself.
        similarity: How much term and words sound alike, 0..1.
        following_letters: Letters that the draft writes after the term without a space.
        confidence: The lowest confidence of the words.
        tokens_per_word: Of the words. Common words are one token each.
        draft_preference: How much more the draft sounds like the term than like the words, -1..1.
        draft_agreement: How much the draft sounds like the words, over the time of both, 0..1.
        term_tokens: The tokens of the term. A rare word has more.
        letters: The letters of the term.
        pace: The logarithm of the time of a letter of the term by that of a letter of the draft.
    """

    deficit_per_letter: float
    similarity: float
    following_letters: int
    confidence: float
    tokens_per_word: float
    draft_preference: float
    draft_agreement: float
    term_tokens: int
    letters: int
    pace: float


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """Weights of the evidence. A term replaces words if their sum is above `threshold`.

    The weights were fitted (logistic regression) on three speakers with the demo model, and
    tried on others: see docs/decisions/0011.
    """

    threshold: float = 0.0
    least_per_letter: float = -2.0
    """The lowest deficit per letter at which a term is considered."""
    constant: float = -7.793
    deficit_per_letter: float = 2.054
    similarity: float = 10.502
    following_letters: float = -0.297
    confidence: float = -1.631
    tokens_per_word: float = 0.526
    draft_preference: float = 4.497
    draft_agreement: float = -3.288
    term_tokens: float = 2.108
    letters: float = -0.179
    pace: float = 0.838
    missing_letter: float = -0.5
    """For each letter below five: a short term needs more. (Not fitted.)"""

    def score(self, found: Evidence) -> float:
        """Return the weighted sum."""
        return (
            self.constant
            + self.deficit_per_letter * found.deficit_per_letter
            + self.similarity * found.similarity
            + self.following_letters * min(found.following_letters, 4)
            + self.confidence * found.confidence
            + self.tokens_per_word * min(found.tokens_per_word, 3)
            + self.draft_preference * found.draft_preference
            + self.draft_agreement * found.draft_agreement
            + self.term_tokens * min(found.term_tokens, 3)
            + self.letters * min(max(found.letters, _FEW_LETTERS), _MANY_LETTERS)
            + self.missing_letter * max(0, _FEW_LETTERS - found.letters)
            + self.pace * found.pace
        )


@dataclass(frozen=True, slots=True)
class DraftToken:
    """A token of the draft with its frames, end exclusive; `text` with the space before it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Replacement:
    """A term in place of the words `first` to `stop` (exclusive)."""

    spotted: SpottedTerm
    first: int
    stop: int
    score: float


def apply_terms(
    transcript: Transcript,
    spotted: Sequence[SpottedTerm],
    draft: Sequence[DraftToken],
    frame_s: float,
    token_count: Callable[[str], int],
    rule: DecisionRule,
) -> Transcript:
    """Return the transcript with the spotted terms that the rule accepts.

    Their words have `replaced` set: the first the text that was there, further words of the same
    term "". Token ids stay those of the model.

    Args:
        transcript: Of one utterance, its times from 0 on.
        spotted: The terms found in its frames.
        draft: The draft's tokens, in order.
        frame_s: The length of a frame in seconds.
        token_count: Returns how many tokens a word takes.
        rule: Decides.
    """
    words = align_words(transcript.text, transcript.words, transcript.start_s, transcript.end_s)
    letter_frames = _frames_per_letter(draft)
    offered = [
        offer
        for one in spotted
        if (offer := _best_place(one, words, draft, frame_s, letter_frames, token_count, rule))
        is not None
        and offer.score > rule.threshold
    ]
    chosen: list[_Replacement] = []
    for offer in sorted(offered, key=lambda one: -one.score):
        if all(offer.stop <= other.first or offer.first >= other.stop for other in chosen):
            chosen.append(offer)
    if not chosen:
        return transcript
    result = list(words)
    for one in sorted(chosen, key=lambda one: -one.first):
        result[one.first : one.stop] = _written(one.spotted.term.text, words[one.first : one.stop])
    if [one.text for one in result] == [one.text for one in words]:
        return transcript
    return replace(transcript, text=" ".join(one.text for one in result), words=tuple(result))


def _best_place(
    spotted: SpottedTerm,
    words: Sequence[Word],
    draft: Sequence[DraftToken],
    frame_s: float,
    letter_frames: float,
    token_count: Callable[[str], int],
    rule: DecisionRule,
) -> _Replacement | None:
    """Return the words that the term would replace; None if nothing there sounds like it."""
    start_s, end_s = spotted.start * frame_s, spotted.end * frame_s
    spoken = [letters(one) for one in (spotted.term.text, *spotted.term.sounds_like)]
    heard = _heard(draft, spotted.start, spotted.end)
    longest = len(spotted.term.text.split()) + _MAX_FURTHER_WORDS
    best: tuple[float, int, int, float, float, str] | None = None
    for first in range(len(words)):
        for stop in range(first + 1, min(len(words), first + longest) + 1):
            begin, end = words[first].start_s, words[stop - 1].end_s
            common = min(end, end_s) - max(begin, start_s)
            if common <= 0:
                continue
            overlap = common / max(max(end, end_s) - min(begin, start_s), 1e-6)
            text = letters("".join(word.text for word in words[first:stop]))
            alike = max(sound_similarity(one, text) for one in spoken)
            if best is None or alike + 0.5 * overlap > best[0]:
                best = (alike + 0.5 * overlap, first, stop, alike, overlap, text)
    if best is None or best[3] < LEAST_SIMILARITY:
        return None
    _, first, stop, alike, overlap, text = best
    if text == spoken[0]:
        # Only the capitals differ, and they are the user's.
        return _Replacement(spotted, first, stop, rule.threshold + 1.0 + overlap)
    there = words[first:stop]
    cores = [core for word in there if (core := split_marks(word.text)[1])]
    in_draft = max(sound_similarity(one, heard) for one in spoken)
    around = _heard(
        draft,
        min(spotted.start, int(there[0].start_s / frame_s)),
        max(spotted.end, int(there[-1].end_s / frame_s) + 1),
    )
    frames = (spotted.end - spotted.start) / max(1, len(spoken[0]))
    score = rule.score(
        Evidence(
            deficit_per_letter=spotted.deficit_per_letter,
            similarity=alike,
            following_letters=_following_letters(draft, spotted.end),
            confidence=min(word.confidence for word in there),
            tokens_per_word=sum(map(token_count, cores)) / max(1, len(cores)),
            draft_preference=in_draft - sound_similarity(text, heard),
            draft_agreement=sound_similarity(text, around),
            term_tokens=token_count(spotted.term.text),
            letters=len(spoken[0]),
            pace=math.log(max(_SOME_FRAMES, frames / letter_frames)),
        )
    )
    return _Replacement(spotted, first, stop, score)


def _heard(draft: Sequence[DraftToken], start: int, end: int) -> str:
    """Return the letters that the draft writes in the frames from `start` to `end` (exclusive)."""
    there = (token.text for token in draft if token.end > start and token.start < end)
    return letters("".join(there))


def _following_letters(draft: Sequence[DraftToken], end: int) -> int:
    count = 0
    for token in draft:
        if token.start < end:
            continue
        if token.text[:1].isspace():
            break
        count += len(letters(token.text))
    return count


def _frames_per_letter(draft: Sequence[DraftToken]) -> float:
    """Return the average time of a letter of the draft."""
    written = sum(len(letters(token.text)) for token in draft)
    frames = draft[-1].end - draft[0].start if draft else 1
    return max(_SOME_FRAMES, frames / max(1, written))


def _written(text: str, words: Sequence[Word]) -> list[Word]:
    """Return the words of the term in place of `words`, with the punctuation around them."""
    before, core, _ = split_marks(words[0].text)
    after = split_marks(words[-1].text)[2]
    if text == text.lower() and core[:1].isupper():
        text = text[:1].upper() + text[1:]
    replaced = " ".join(word.text for word in words)
    texts = f"{before}{text}{after}".split()
    confidence = min(word.confidence for word in words)
    made = distribute_time(texts, words[0].start_s, words[-1].end_s)
    return [
        replace(word, confidence=confidence, replaced=replaced if k == 0 else "")
        for k, word in enumerate(made)
    ]
