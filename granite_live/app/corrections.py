"""What a user's correction teaches: the term in it, and whether that is worth remembering."""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.settings.vocabulary import Term, read_vocabulary
from granite_live.transcript.spelling import letters, split_marks
from granite_live.util.errors import SettingsError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MAX_WORDS = 3
_MIN_LETTERS = 4


def corrected_term(before: str, after: str) -> str | None:
    """Return the word or the few words that a user wrote in place of others.

    Args:
        before: The line before the correction.
        after: The line after it.

    Returns:
        None if more than one place was changed, only capitals or punctuation were, words were only
        added or removed, or the new words are no term.
    """
    old, new = before.split(), after.split()
    matcher = difflib.SequenceMatcher(
        None, [letters(one) for one in old], [letters(one) for one in new], autojunk=False
    )
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    if len(changes) != 1 or changes[0][0] != "replace":
        return None
    _, first, stop, start, end = changes[0]
    if max(stop - first, end - start) > _MAX_WORDS + 2 or end - start > _MAX_WORDS:
        return None
    text = split_marks(" ".join(new[start:end]))[1]
    if len(letters(text)) < _MIN_LETTERS:
        return None
    try:
        return Term(text).text
    except ValueError:
        return None


def is_worth_offering(term: str, model: Path, tier: str) -> bool:
    """Return whether a corrected term is new and rare. May take a second.

    Words that the model's tokenizer writes as one token are common. That holds in any language.

    Raises:
        BundleError: The model cannot be opened.
    """
    try:
        stored = read_vocabulary()
    except SettingsError:
        return False
    key = Term(term).key
    if any(one.key == key for terms in stored.sets.values() for one in terms.terms):
        return False
    tokenizer = _tokenizer(model, tier)
    return not all(_is_one_token(tokenizer, word) for word in term.split())


@lru_cache(1)
def _tokenizer(model: Path, tier: str) -> Tokenizer:
    from granite_live.models.opening import open_bundle

    return open_bundle(model, tier).tokenizer


def _is_one_token(tokenizer: Tokenizer, word: str) -> bool:
    forms = {word, word.lower(), word.lower().capitalize()}
    return any(
        len(tokenizer.encode(f" {form}", add_special_tokens=False).ids) == 1 for form in forms
    )
