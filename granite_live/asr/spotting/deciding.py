"""Decide which spotted terms replace words of the final text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from granite_live.asr.spotting.spotter import SpottedTerm
from granite_live.transcript.model import Transcript, Word, align_words, distribute_time
from granite_live.transcript.spelling import letters, split_marks

_MAX_FURTHER_WORDS = 2
"""A term replaces at most so many more words than it has."""
_USUAL_LETTERS = 6
LEAST_SIMILARITY = 0.25
"""A term must sound like the words that it replaces, at least so much, ..."""
LEAST_IN_DRAFT = 0.6
"""... or like the draft."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a term in place of words of the final text.

    Attributes:
        deficit_per_letter: See `SpottedTerm`; 0 if the term is what the CTC head writes itself.
        deficit: The same of the whole term.
        similarity: Equal letters of term and words, 0..1.
        overlap: The time that both share, by the time that they take together, 0..1.
        following_letters: Letters that the draft writes after the term without a space.
        confidence: The lowest confidence of the words.
        tokens_per_word: Of the words. Common words are one token each.
        draft_preference: Similarity of the draft to the term minus that to the words, -1..1.
        draft_similarity: Equal letters of term and draft, 0..1.
        length_difference: Of term and words, by the longer of them, 0..1.
        term_tokens: The tokens of the term. A rare word has more.
        letters: The letters of the term.
    """

    deficit_per_letter: float
    deficit: float
    similarity: float
    overlap: float
    following_letters: int
    confidence: float
    tokens_per_word: float
    draft_preference: float
    draft_similarity: float
    length_difference: float
    term_tokens: int
    letters: int


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """Weights of the evidence. A term replaces words if their sum is above `threshold`.

    The weights were fitted (logistic regression) on one half of 283 utterances of 14 speakers with
    the demo model, and confirmed on the other: see docs/decisions/0011.
    """

    threshold: float = 1.3
    least_per_letter: float = -1.5
    """The lowest deficit per letter at which a term is considered."""
    constant: float = -3.046
    deficit_per_letter: float = 1.271
    deficit: float = 0.16
    similarity: float = 3.856
    overlap: float = 0.101
    following_letters: float = -0.373
    confidence: float = -2.372
    tokens_per_word: float = 0.659
    draft_preference: float = 2.933
    length_difference: float = -2.818
    term_tokens: float = 1.316
    missing_letter: float = -0.5
    """For each letter below six: a short term needs more. (Not fitted.)"""

    def score(self, found: Evidence) -> float:
        """Return the weighted sum; minus infinity if the term sounds like neither text."""
        if found.similarity < LEAST_SIMILARITY and found.draft_similarity < LEAST_IN_DRAFT:
            return -math.inf
        return (
            self.constant
            + self.deficit_per_letter * found.deficit_per_letter
            + self.deficit * found.deficit
            + self.similarity * found.similarity
            + self.overlap * found.overlap
            + self.following_letters * min(found.following_letters, 4)
            + self.confidence * found.confidence
            + self.tokens_per_word * min(found.tokens_per_word, 3)
            + self.draft_preference * found.draft_preference
            + self.length_difference * found.length_difference
            + self.term_tokens * min(found.term_tokens, 3)
            + self.missing_letter * max(0, _USUAL_LETTERS - found.letters)
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
    offered = [
        offer
        for one in spotted
        if (offer := _best_place(one, words, draft, frame_s, token_count, rule)) is not None
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
    token_count: Callable[[str], int],
    rule: DecisionRule,
) -> _Replacement | None:
    """Return the words that the term would replace; None if there is nothing at its time."""
    start_s, end_s = spotted.start * frame_s, spotted.end * frame_s
    spoken = [letters(one) for one in (spotted.term.text, *spotted.term.sounds_like)]
    heard = letters(
        "".join(t.text for t in draft if t.end > spotted.start and t.start < spotted.end)
    )
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
            alike = max(similarity(one, text) for one in spoken)
            if best is None or alike + 0.5 * overlap > best[0]:
                best = (alike + 0.5 * overlap, first, stop, alike, overlap, text)
    if best is None:
        return None
    _, first, stop, alike, overlap, text = best
    if text == spoken[0]:
        # Only the capitals differ, and they are the user's.
        return _Replacement(spotted, first, stop, rule.threshold + 1.0 + overlap)
    there = words[first:stop]
    cores = [core for word in there if (core := split_marks(word.text)[1])]
    in_draft = max(similarity(one, heard) for one in spoken)
    longer = max(len(spoken[0]), len(text), 1)
    score = rule.score(
        Evidence(
            deficit_per_letter=spotted.deficit_per_letter,
            deficit=spotted.deficit,
            similarity=alike,
            overlap=overlap,
            following_letters=_following_letters(draft, spotted.end),
            confidence=min(word.confidence for word in there),
            tokens_per_word=sum(map(token_count, cores)) / max(1, len(cores)),
            draft_preference=in_draft - similarity(text, heard),
            draft_similarity=in_draft,
            length_difference=abs(len(spoken[0]) - len(text)) / longer,
            term_tokens=token_count(spotted.term.text),
            letters=len(spoken[0]),
        )
    )
    return _Replacement(spotted, first, stop, score)


def _following_letters(draft: Sequence[DraftToken], end: int) -> int:
    count = 0
    for token in draft:
        if token.start < end:
            continue
        if token.text[:1].isspace():
            break
        count += len(letters(token.text))
    return count


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


def similarity(one: str, other: str) -> float:
    """Return 1 minus the edit distance by the length of the longer text, 0..1."""
    row = list(range(len(other) + 1))
    for number, left in enumerate(one, 1):
        previous, row[0] = row[0], number
        for k, right in enumerate(other, 1):
            previous, row[k] = row[k], min(row[k] + 1, row[k - 1] + 1, previous + (left != right))
    return 1.0 - row[-1] / max(len(one), len(other), 1)
