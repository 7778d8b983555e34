"""The bundle's tokens: Whisper's, without its signs for languages, tasks and times.

The CTC head writes only the tokens that it was trained on: its classes are parts of words, which
are tokens of Whisper with other numbers.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from text import EOS, WHISPER_END, whisper_tokenizer
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

DRAFT_MERGES = 1000
BEGIN, NO_TIMES = 50257, 50362  # Whisper's <|startoftranscript|> and <|notimestamps|>
BLANK = "\u0120"
# Tokens that Whisper never writes: signs that nobody says (`suppress_tokens` of tiny.en).
NEVER = (
    "1 2 7 8 9 10 14 25 26 27 28 29 31 58 59 60 61 62 63 90 91 92 93 357 366 438 532 685 705 796 "
    "930 1058 1220 1267 1279 1303 1343 1377 1391 1635 1782 1875 2162 2361 2488 3467 4008 4211 4600 "
    "4808 5299 5855 6329 7203 9609 9959 10563 10786 11420 11709 11907 13163 13697 13700 14808 "
    "15306 16410 16791 17992 19203 19510 20724 22305 22935 27007 30109 30420 33409 34949 40283 "
    "40493 40549 47282 49146"
)
START, INSIDE, SIGN = 0, 1, 2


@dataclass(frozen=True)
class Vocabulary:
    """The tokenizer and what the decoder must know of its tokens.

    The two beginnings of Whisper's texts are no tokens of the bundle. The decoder keeps them in the
    place of `begin`, two signs that are never written.
    """

    tokenizer: Tokenizer
    size: int
    eos: int
    begin: tuple[int, int]
    draft: list[int]
    """The tokens of the CTC head's classes, without the blank."""
    never: list[int]
    not_first: list[int]
    letters: list[int]
    """The same number for tokens that differ only in capitals."""
    capital: list[int]
    """The token that begins with a capital letter instead; the same token if there is none."""
    ends: list[int]
    """Signs that end a sentence."""
    joins: list[tuple[int, int, int]]
    """Merges of lower-case parts: left, right, result."""
    alone: tuple[int, int]
    """The word "i", and its spelling."""
    kind: list[int]


def make(path: Path) -> Vocabulary:
    """Take the tokens from Whisper's tokenizer file."""
    model = json.loads(path.read_text())["model"]
    vocab = {t: i for t, i in model["vocab"].items() if i < WHISPER_END}
    tokens = sorted(vocab, key=lambda t: vocab[t])
    _, draft = whisper_tokenizer(path, DRAFT_MERGES)
    merges = [tuple(m.split(" ") if isinstance(m, str) else m) for m in model["merges"]]
    tok = Tokenizer(models.BPE(vocab={**vocab, EOS: WHISPER_END}, merges=merges))
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tok.decoder = decoders.ByteLevel()
    tok.add_special_tokens([EOS])
    folded: dict[str, int] = {}
    plain = re.compile(f"{BLANK}?[a-z]*")
    never = [int(n) for n in NEVER.split()]
    begin = (never[0], never[1])
    return Vocabulary(
        tokenizer=tok,
        size=tok.get_vocab_size(),
        eos=tok.token_to_id(EOS),
        begin=begin,
        draft=draft,
        never=never,
        not_first=[WHISPER_END, vocab[BLANK]],
        letters=[*(folded.setdefault(t.lower(), len(folded)) for t in tokens), -1],
        capital=[*(vocab.get(_capital(t), vocab[t]) for t in tokens), WHISPER_END],
        ends=[vocab[sign] for sign in ".?!"],
        joins=[(vocab[a], vocab[b], vocab[a + b]) for a, b in merges if plain.fullmatch(a + b)],
        alone=(vocab[f"{BLANK}i"], vocab[f"{BLANK}I"]),
        kind=[*(SIGN + 1 if i in begin else _kind(t) for i, t in enumerate(tokens)), SIGN + 1],
    )


def _capital(token: str) -> str:
    at = 1 if token.startswith(BLANK) else 0
    return token[:at] + token[at : at + 1].upper() + token[at + 1 :]


def _kind(token: str) -> int:
    if not any(c.isalnum() for c in token):
        return SIGN
    return START if token.startswith(BLANK) else INSIDE
