"""From token ids to words: text, times, confidence, and what the draft had instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from granite_live.speech.alignment import Span, align
from granite_live.transcript.model import Word

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from granite_live.speech.draft import Draft
    from granite_live.speech.slots import EditedTokens

# What the draft's silence is worth against an inserted token: even odds.
_INSERTED_WEIGHT = 0.5
_REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word's text and the tokens it is made of."""

    text: str
    tokens: range


def decode_text(tokenizer: Tokenizer, token_ids: Sequence[int]) -> str:
    """Return the text of `token_ids`, special tokens left out, without space at the ends."""
    return str(tokenizer.decode(list(token_ids), skip_special_tokens=True)).strip()


def make_words(
    tokenizer: Tokenizer, draft: Draft, edited: EditedTokens, duration_s: float
) -> tuple[Word, ...]:
    """Return the words of the edited tokens.

    Words the editor left alone take the times of their CTC frames; changed ones take the
    times of the draft tokens they replace. A word's confidence is that of its least
    certain token (see `_confidences`).
    """
    draft_spans = _draft_spans(draft, duration_s)
    spans = align(draft.token_ids, draft_spans, edited.ids, duration_s)
    confidences = _confidences(draft, edited, spans)
    words: list[Word] = []
    clock = 0.0
    for piece in _pieces(tokenizer, edited.ids):
        start = max(clock, spans[piece.tokens[0]].start_s)
        clock = max(start, spans[piece.tokens[-1]].end_s)
        words.append(Word(piece.text, start, clock, min(confidences[t] for t in piece.tokens)))
    overruled = _overruled(draft_words(tokenizer, draft, duration_s), words)
    return tuple(
        Word(w.text, w.start_s, w.end_s, w.confidence, draft_text)
        for w, draft_text in zip(words, overruled, strict=True)
    )


def draft_words(tokenizer: Tokenizer, draft: Draft, duration_s: float) -> tuple[Word, ...]:
    """Return the words of a draft that no editor has read, with the times of their frames.

    A word's confidence is that of its least certain token.
    """
    spans = _draft_spans(draft, duration_s)
    likely = draft.tokens.probabilities
    return tuple(
        Word(
            piece.text,
            spans[piece.tokens[0]][0],
            spans[piece.tokens[-1]][1],
            float(min(likely[token] for token in piece.tokens)),
        )
        for piece in _pieces(tokenizer, draft.token_ids)
    )


def _draft_spans(draft: Draft, duration_s: float) -> list[tuple[float, float]]:
    tokens = draft.tokens
    return [
        (min(int(first) * draft.frame_s, duration_s), min(int(end) * draft.frame_s, duration_s))
        for first, end in zip(tokens.start_frames, tokens.end_frames, strict=True)
    ]


def _confidences(draft: Draft, edited: EditedTokens, spans: Sequence[Span]) -> list[float]:
    """Return the confidence of every edited token from the two distributions, in 0..1.

    Where both agree: the geometric mean of the two probabilities. Where the editor
    overruled the draft: its own probability, lessened by how sure the draft was of the
    opposite. Where it inserted a token: half of its probability.
    """
    heard = draft.tokens.probabilities
    result = []
    for probability, span in zip(edited.probabilities, spans, strict=True):
        if span.agrees_with is not None:
            value = float(probability * heard[span.agrees_with]) ** 0.5
        elif span.replaced:
            value = float(probability) * (1.0 - float(max(heard[i] for i in span.replaced)))
        else:
            value = float(probability) * _INSERTED_WEIGHT
        result.append(min(1.0, max(0.0, value)))
    return result


def _pieces(tokenizer: Tokenizer, token_ids: Sequence[int]) -> list[_Piece]:
    """Group tokens into words: a new word begins at a token that begins with a space.

    Characters may be split between tokens (the alphabet is bytes), so tokens are decoded
    together until they end in a whole character.
    """
    groups: list[range] = []
    first = 0
    while first < len(token_ids):
        end = first + 1
        text = tokenizer.decode(list(token_ids[first:end]))
        while text.endswith(_REPLACEMENT_CHARACTER) and end < min(len(token_ids), first + 4):
            end += 1
            text = tokenizer.decode(list(token_ids[first:end]))
        if groups and not text[:1].isspace():
            groups[-1] = range(groups[-1].start, end)
        else:
            groups.append(range(first, end))
        first = end
    pieces = [
        _Piece(word, group)
        for group in groups
        for word in decode_text(tokenizer, token_ids[group.start : group.stop]).split()
    ]
    return [piece for piece in pieces if piece.text]


def _overruled(draft: Sequence[Word], final: Sequence[Word]) -> list[str | None]:
    """Return for each final word the draft's text in its place, None where they agree.

    Case and punctuation are the editor's business: changing them overrules nothing.
    """
    matcher = SequenceMatcher(
        None, [_bare(w.text) for w in draft], [_bare(w.text) for w in final], autojunk=False
    )
    result: list[str | None] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            result += [None] * (j2 - j1)
        elif j2 > j1:
            replaced: list[list[str]] = [[] for _ in range(j1, j2)]
            for word in draft[i1:i2]:
                replaced[_nearest(word, final[j1:j2])].append(word.text)
            result += [" ".join(texts) for texts in replaced]
    return result


def _nearest(word: Word, candidates: Sequence[Word]) -> int:
    """Return which of `candidates` has its middle closest to that of `word`."""
    middle = word.start_s + word.end_s
    return min(
        range(len(candidates)),
        key=lambda k: abs(candidates[k].start_s + candidates[k].end_s - middle),
    )


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum()) or text
