"""Align the editor's tokens with the draft's tokens, which have times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

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
