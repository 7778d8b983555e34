"""Load the bundle's tokenizer and check that it belongs to the model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.models.layout import REMEDY
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Vocabularies are padded to these multiples, so a head may be slightly wider.
_PADDING_MULTIPLES = (64, 128)


def load_tokenizer(path: Path, vocab_size: int) -> Tokenizer:
    """Return the tokenizer in the bundle `path`, which must fit a head of `vocab_size` classes.

    Raises:
        BundleError: The file is missing, damaged or of another model.
    """
    from tokenizers import Tokenizer

    file = path / "tokenizer.json"
    if not file.is_file():
        raise BundleError(f"{file} is missing. {REMEDY}")
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except BaseException as error:
        # A damaged file can make the native parser panic, which is not an Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise BundleError(f"{file} is damaged or not a tokenizer. {REMEDY}") from error
    size = tokenizer.get_vocab_size(with_added_tokens=True)
    padded = {-(-size // multiple) * multiple for multiple in _PADDING_MULTIPLES}
    if vocab_size not in {size, *padded}:
        raise BundleError(
            f"{file} knows {size} tokens, the editor's head {vocab_size}: "
            f"they are not of one model. {REMEDY}"
        )
    return tokenizer


def token_id(tokenizer: Tokenizer, token: str, vocab_size: int, path: Path) -> int:
    """Return the id of `token`.

    Raises:
        BundleError: The tokenizer does not have the token, or its id is outside the vocabulary.
    """
    found = tokenizer.token_to_id(token)
    if found is None or found >= vocab_size:
        raise BundleError(
            f"{path / 'tokenizer.json'} has no usable eos token {token!r} (id {found}). {REMEDY}"
        )
    return found
