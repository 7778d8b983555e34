"""Count the word errors of a transcript."""

from __future__ import annotations


def normalize_words(text: str) -> list[str]:
    """Return lower-case words without punctuation; apostrophes stay."""
    kept = "".join(c if c.isalnum() or c == "'" else " " for c in text.lower())
    return kept.split()


def word_errors(reference: list[str], hypothesis: list[str]) -> int:
    """Return the minimum number of insertions, deletions and replacements of words."""
    row = list(range(len(hypothesis) + 1))
    for i, word in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(hypothesis, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]
