"""How much two spellings sound alike, by their letters."""

from __future__ import annotations

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
