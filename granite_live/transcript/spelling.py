"""Compare and split words by their letters, and match the words of two long texts."""

from __future__ import annotations

import itertools
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher


def letters(text: str) -> str:
    """Return the letters and digits of a text without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if one.isalnum())


def split_marks(text: str) -> tuple[str, str, str]:
    """Return the marks before the first letter, the word, and the marks after its last letter."""
    places = [k for k, one in enumerate(text) if one.isalnum()]
    if not places:
        return "", "", text
    return text[: places[0]], text[places[0] : places[-1] + 1], text[places[-1] + 1 :]


# A comparison of all words with all words takes a second for this many pairs.
_MAX_PAIRS = 400_000
_PHRASE_LENGTHS = (5, 4, 3, 2, 1)


def match_words(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of equal words, ascending in both texts.

    Long texts are first divided at phrases that each of them has once, so that the time grows with
    their length and not with its square.
    """
    matches: list[tuple[int, int]] = []
    stack = [(0, len(first), 0, len(second))]
    while stack:
        begin, end, start, stop = stack.pop()
        if (end - begin) * (stop - start) > _MAX_PAIRS and (
            places := _common_phrases(first[begin:end], second[start:stop])
        ):
            # The stack returns the last part first.
            edges = [(begin, start), *((begin + i, start + j) for i, j in places), (end, stop)]
            stack += [
                (low, high, left, right) for (low, left), (high, right) in itertools.pairwise(edges)
            ]
            continue
        matcher = SequenceMatcher(
            None, first[begin:end], second[start:stop], (end - begin) * (stop - start) > _MAX_PAIRS
        )
        for i, j, count in matcher.get_matching_blocks():
            matches += [(begin + i + k, start + j + k) for k in range(count)]
    return sorted(matches)


def _common_phrases(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of phrases that both texts have exactly once, ascending in both."""
    for length in _PHRASE_LENGTHS:
        mine, other = _single_phrases(first, length), _single_phrases(second, length)
        places = sorted((mine[phrase], other[phrase]) for phrase in mine.keys() & other.keys())
        ordered = [(i, j) for i, j in _longest_ascending(places) if (i, j) != (0, 0)]
        if ordered:
            return ordered
    return []


def _single_phrases(words: Sequence[str], length: int) -> dict[tuple[str, ...], int]:
    phrases = [tuple(words[k : k + length]) for k in range(len(words) - length + 1)]
    counts = Counter(phrases)
    return {phrase: k for k, phrase in enumerate(phrases) if counts[phrase] == 1}


def _longest_ascending(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest sequence of places whose second numbers ascend, too."""
    lowest: list[int] = []  # the lowest last number of a sequence of each length
    last: list[int] = []
    before: list[int] = []
    for k, (_, number) in enumerate(places):
        length = bisect_left(lowest, number)
        before.append(last[length - 1] if length else -1)
        if length == len(lowest):
            lowest.append(number)
            last.append(k)
        else:
            lowest[length], last[length] = number, k
    found = []
    k = last[-1] if last else -1
    while k >= 0:
        found.append(places[k])
        k = before[k]
    return found[::-1]
