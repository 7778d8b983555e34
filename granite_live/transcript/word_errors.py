"""Count the words that differ between two texts, and say how sure a rate of errors is."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
"""The number of resamples of a bootstrap interval."""
_SEED = 0  # the same recordings give the same interval


def normalize_words(text: str) -> list[str]:
    """Return the words in lower case without punctuation; apostrophes within words stay."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    kept = "".join(one if one.isalnum() or one == "'" else " " for one in plain)
    return [word for word in (one.strip("'") for one in kept.split()) if word]


def count_word_errors(reference: Sequence[str], written: Sequence[str]) -> int:
    """Return the least number of inserted, deleted and replaced words (the Levenshtein distance).

    Takes time in proportion to the product of both lengths, memory in proportion to one.
    """
    numbers: dict[str, int] = {}
    wanted, found = (
        np.array([numbers.setdefault(word, len(numbers)) for word in words], np.int64)
        for words in (reference, written)
    )
    places = np.arange(len(found) + 1)
    row = places.copy()
    for word in wanted:
        changed = np.concatenate(
            ([row[0] + 1], np.minimum(row[1:] + 1, row[:-1] + (found != word)))
        )
        # Insertions: each place may be reached from any before it, at one error for each word.
        row = np.minimum.accumulate(changed - places) + places
    return int(row[-1])


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Wrong words as a share of the words spoken, with the bounds of a 95 % interval."""

    rate: float
    low: float
    high: float


def error_rate(errors: Sequence[int], words: Sequence[int]) -> ErrorRate | None:
    """Return the rate over recordings with `errors` in `words`, None without words.

    The interval is the bootstrap's: the rate of as many recordings, drawn with replacement.
    """
    wrong, spoken = np.asarray(errors, float), np.asarray(words, float)
    if not spoken.sum():
        return None
    rates = _resampled(wrong) / np.maximum(1.0, _resampled(spoken))
    low, high = np.quantile(rates, (0.025, 0.975))
    return ErrorRate(float(wrong.sum() / spoken.sum()), float(low), float(high))


def is_clearly_better(errors: Sequence[int], others: Sequence[int]) -> bool:
    """Return whether fewer errors than `others` in the same recordings are more than chance.

    They are if the paired bootstrap interval (95 %) of the difference is below zero.
    """
    if len(errors) < 2:
        return False
    difference = np.asarray(errors, float) - np.asarray(others, float)
    return bool(np.quantile(_resampled(difference), 0.975) < 0)


def _resampled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of each resample [shape=(RESAMPLES,)]; the same recordings for all values."""
    rng = np.random.default_rng(_SEED)
    # One resample at a time, so that thousands of recordings need no memory.
    count = len(values)
    return np.array([values[rng.integers(0, count, count)].sum() for _ in range(RESAMPLES)])
