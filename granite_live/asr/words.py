"""From token ids to words with text, times, confidence, and the draft's word where the editor
changed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from granite_live.transcript.model import Word

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from granite_live.asr.editing import EditedTokens
    from granite_live.asr.results import RecognizerDraft


# An inserted token has no frames of its own. It is placed at the end of the gap between its
# neighbors and takes no longer than a spoken syllable.
_INSERTED_TOKEN_S = 0.2


@dataclass(frozen=True, slots=True)
class Span:
    """The time span of a final token in seconds, and the index of the equal draft token (or None).

    `replaced` are the draft tokens that the editor replaced at this place.
    """

    start_s: float
    end_s: float
    agrees_with: int | None
    replaced: range


def align(
    draft_ids: Sequence[int],
    draft_spans_s: Sequence[tuple[float, float]],
    final_ids: Sequence[int],
    duration_s: float,
) -> list[Span]:
    """Return the span of every final token, in order. Times never decrease.

    Args:
        draft_ids: The draft's token ids.
        draft_spans_s: Start and end of each draft token, not overlapping, ascending.
        final_ids: The editor's token ids.
        duration_s: The utterance's length.
    """
    spans: list[Span] = []
    # autojunk would ignore tokens that are frequent in a long utterance.
    matcher = SequenceMatcher(None, draft_ids, final_ids, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        count = j2 - j1
        if tag == "equal":
            spans += [Span(*draft_spans_s[i], i, range(i, i + 1)) for i in range(i1, i2)]
        elif tag == "replace" and count == i2 - i1:
            spans += [Span(*draft_spans_s[i], None, range(i, i + 1)) for i in range(i1, i2)]
        elif tag == "replace":
            begin, end = draft_spans_s[i1][0], draft_spans_s[i2 - 1][1]
            spans += _spread(begin, end, count, range(i1, i2))
        elif tag == "insert":
            begin = draft_spans_s[i1 - 1][1] if i1 else 0.0
            last = i1 == len(draft_ids)
            end = duration_s if last else draft_spans_s[i1][0]
            room = min(end - begin, count * _INSERTED_TOKEN_S)
            begin, end = (begin, begin + room) if last else (end - room, end)
            spans += _spread(begin, end, count, range(i1, i1))
    return spans


def _spread(begin_s: float, end_s: float, count: int, replaced: range) -> list[Span]:
    """Divide begin..end evenly among `count` tokens."""
    step = (end_s - begin_s) / count
    return [
        Span(begin_s + k * step, begin_s + (k + 1) * step, None, replaced) for k in range(count)
    ]


# The weight of an inserted token, for which the draft has no evidence.
_INSERTED_WEIGHT = 0.5
_REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word's text and the indices of its tokens."""

    text: str
    tokens: range


def decode_text(tokenizer: Tokenizer, token_ids: Sequence[int]) -> str:
    """Return the text of `token_ids` without special tokens, stripped."""
    return str(tokenizer.decode(list(token_ids), skip_special_tokens=True)).strip()


def make_words(
    tokenizer: Tokenizer, draft: RecognizerDraft, edited: EditedTokens, duration_s: float
) -> tuple[Word, ...]:
    """Return the words of the edited tokens.

    An unchanged word has the times of its CTC frames, a changed word the times of the draft tokens
    that it replaces. A word's confidence is that of its least certain token (see `_confidences`).
    """
    draft_spans = _draft_spans(draft, duration_s)
    pieces = _pieces(tokenizer, edited.ids)
    spans = _spans(tokenizer, draft, draft_spans, edited.ids, pieces, duration_s)
    confidences = _confidences(draft, edited, spans)
    words: list[Word] = []
    clock = 0.0
    for piece in pieces:
        start = max(clock, spans[piece.tokens[0]].start_s)
        clock = max(start, spans[piece.tokens[-1]].end_s)
        # The probability of a comma says nothing about the word before it.
        spoken = [t for t in piece.tokens if _has_letters(tokenizer.decode([edited.ids[t]]))]
        confidence = min(confidences[t] for t in spoken or piece.tokens)
        words.append(Word(piece.text, start, clock, confidence))
    overruled = _replaced_draft_text(draft_words(tokenizer, draft, duration_s), words)
    return tuple(
        Word(w.text, w.start_s, w.end_s, w.confidence, draft_text)
        for w, draft_text in zip(words, overruled, strict=True)
    )


def draft_words(
    tokenizer: Tokenizer, draft: RecognizerDraft, duration_s: float
) -> tuple[Word, ...]:
    """Return the words of an unedited draft, with the times of their frames.

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


def _draft_spans(draft: RecognizerDraft, duration_s: float) -> list[tuple[float, float]]:
    tokens = draft.tokens
    return [
        (min(int(first) * draft.frame_s, duration_s), min(int(end) * draft.frame_s, duration_s))
        for first, end in zip(tokens.start_frames, tokens.end_frames, strict=True)
    ]


def _spans(
    tokenizer: Tokenizer,
    draft: RecognizerDraft,
    draft_spans: Sequence[tuple[float, float]],
    final_ids: Sequence[int],
    final: Sequence[_Piece],
    duration_s: float,
) -> list[Span]:
    """Return the span of each final token.

    Words with the same letters but different tokens (the editor adds capitals and punctuation) are
    aligned as whole words. All other tokens are aligned by id.
    """
    given = _pieces(tokenizer, draft.token_ids)
    units = _AlignmentUnits(draft.token_ids, final_ids, given, final)
    unit_spans = [(draft_spans[u[0]][0], draft_spans[u[-1]][1]) for u in units.draft]
    aligned = align(units.draft_keys, unit_spans, units.final_keys, duration_s)
    likely = draft.tokens.probabilities
    spans: list[Span] = []
    for tokens, span in zip(units.final, aligned, strict=True):
        replaced = span.replaced
        if replaced:
            replaced = range(units.draft[replaced[0]][0], units.draft[replaced[-1]][-1] + 1)
        agrees_with = None
        if span.agrees_with is not None:
            agrees_with = min(units.draft[span.agrees_with], key=lambda i: float(likely[i]))
        letters = [len(_letters(tokenizer.decode([final_ids[t]]))) for t in tokens]
        total, before = max(1, sum(letters)), 0
        length_s = span.end_s - span.start_s
        for count in letters:
            # Each token gets a share of the time by its number of letters; punctuation gets none.
            start_s = span.start_s + length_s * before / total
            before += count
            end_s = span.start_s + length_s * before / total if sum(letters) else span.end_s
            spans.append(Span(start_s, min(end_s, span.end_s), agrees_with, replaced))
    return spans


class _AlignmentUnits:
    """The units to align in draft and final text, each with a key.

    A unit is one token, or all tokens of a word that has different tokens in the two texts.
    """

    def __init__(
        self,
        draft_ids: Sequence[int],
        final_ids: Sequence[int],
        draft_words: Sequence[_Piece],
        final_words: Sequence[_Piece],
    ) -> None:
        matcher = SequenceMatcher(
            None, [_bare(w.text) for w in draft_words], [_bare(w.text) for w in final_words], False
        )
        draft_starts: dict[int, range] = {}
        final_starts: dict[int, range] = {}
        for i, j, count in matcher.get_matching_blocks():
            for k in range(count):
                mine, other = draft_words[i + k].tokens, final_words[j + k].tokens
                if mine.start in draft_starts or other.start in final_starts:
                    continue  # two words share a token
                if [draft_ids[t] for t in mine] != [final_ids[t] for t in other]:
                    draft_starts[mine.start] = mine
                    final_starts[other.start] = other
        self.draft, self.draft_keys = _group_into_units(draft_ids, draft_starts)
        self.final, self.final_keys = _group_into_units(final_ids, final_starts)


def _group_into_units(ids: Sequence[int], words: dict[int, range]) -> tuple[list[range], list[int]]:
    """Return units of tokens and their keys: token ids, or negative numbers for `words`."""
    units: list[range] = []
    keys: list[int] = []
    order = {start: -1 - k for k, start in enumerate(words)}
    at = 0
    while at < len(ids):
        unit = words.get(at, range(at, at + 1))
        units.append(unit)
        keys.append(order.get(at, ids[at]))
        at = unit.stop
    return units, keys


def _confidences(
    draft: RecognizerDraft, edited: EditedTokens, spans: Sequence[Span]
) -> list[float]:
    """Return the confidence of every edited token, in 0..1.

    If draft and editor agree: the geometric mean of the two probabilities. If the editor replaced
    draft tokens: its probability times (1 - the draft's highest probability). If it inserted a
    token: half of its probability.
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
    """Group tokens into words: a word starts at a token that starts with a space.

    A character may be split between tokens (the alphabet is bytes), so tokens are decoded together
    until they end in a whole character.
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


def _replaced_draft_text(draft: Sequence[Word], final: Sequence[Word]) -> list[str | None]:
    """Return for each final word the draft text that it replaced, None where both agree.

    Changes of case, of punctuation or of a free-standing sign do not count as a replacement.
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
            result += [
                " ".join(texts) if texts or _has_letters(word.text) else None
                for texts, word in zip(replaced, final[j1:j2], strict=True)
            ]
    return result


def _nearest(word: Word, candidates: Sequence[Word]) -> int:
    """Return the index of the candidate whose middle is closest to that of `word`."""
    middle = word.start_s + word.end_s
    return min(
        range(len(candidates)),
        key=lambda k: abs(candidates[k].start_s + candidates[k].end_s - middle),
    )


def _bare(text: str) -> str:
    return _letters(text) or text


def _letters(text: str) -> str:
    """Return the letters and digits of `text`, case-folded."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _has_letters(text: str) -> bool:
    # A replacement character is part of a letter that is split between tokens.
    return any(c.isalnum() or c == _REPLACEMENT_CHARACTER for c in text)
