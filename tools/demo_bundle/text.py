"""Text as the model writes it (lower-case spoken words), and the word error rate."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers

EOS = "<|end_of_text|>"
WHISPER_END = 50256
CHARS = " abcdefghijklmnopqrstuvwxyz'"
ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["x", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SIZES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
SPOKEN = {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "drs": "doctors",
    "jr": "junior",
    "sr": "senior",
    "messrs": "messieurs",
    "etc": "et cetera",
    "rev": "reverend",
    "hon": "honorable",
    "gen": "general",
    "col": "colonel",
    "capt": "captain",
    "lieut": "lieutenant",
    "vs": "versus",
}


def number(n: int) -> str:
    """Spell a whole number."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + (" " + ONES[n % 10] if n % 10 else "")
    for size, name in SIZES:
        if n >= size:
            rest = n % size
            return f"{number(n // size)} {name}" + (" " + number(rest) if rest else "")
    return ""


def year(n: int) -> str:
    """Spell four digits the way a year is said."""
    if n % 1000 < 10 or not 1100 <= n < 2100:
        return number(n)
    low = n % 100
    tail = "hundred" if low == 0 else (f"oh {ONES[low]}" if low < 10 else number(low))
    return f"{number(n // 100)} {tail}"


def ordinal(n: int) -> str:
    """Spell 1st, 2nd, ..."""
    words = number(n).split()
    last = words[-1]
    if last in ORDINALS:
        words[-1] = ORDINALS[last]
    else:
        words[-1] = (last[:-1] + "ie" if last.endswith("y") else last) + "th"
    return " ".join(words)


def _digits(match: re.Match[str]) -> str:
    text = match.group(0).replace(",", "")
    n = int(text)
    plain = "," not in match.group(0)
    if len(text) > 12:
        return " ".join(number(int(c)) for c in text)
    return " " + (year(n) if plain and len(text) == 4 else number(n)) + " "


def normalise(text: str) -> str:
    """Return lower case without punctuation, with digits and abbreviations spoken out."""
    t = text.lower().replace("\u2019", "'").replace("&", " and ").replace("%", " percent ")
    t = re.sub(r"[$](\d[\d,]*)", r"\1 dollars", t)
    t = re.sub(r"\u00a3(\d[\d,]*)", r"\1 pounds", t)
    t = re.sub(r"(\d+)(st|nd|rd|th)\b", lambda m: " " + ordinal(int(m[1])) + " ", t)
    t = re.sub(r"(\d)\.(\d)", r"\1 point \2", t)
    t = re.sub(r"\d[\d,]*\d|\d", _digits, t)
    t = re.sub(r"[^a-z']+", " ", t)
    words = (w.strip("'") for w in t.split())
    return " ".join(SPOKEN.get(w, w) for w in words if w)


def edits(ref: list[str], hyp: list[str]) -> int:
    """Return the Levenshtein distance of two lists of words."""
    row = list(range(len(hyp) + 1))
    for i, r in enumerate(ref, 1):
        last, row[0] = row[0], i
        for j, h in enumerate(hyp, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (r != h))
    return row[-1]


def word_errors(ref: str, hyp: str) -> tuple[int, int]:
    """Return errors and reference words, ignoring apostrophes."""
    r, h = (normalise(x).replace("'", "").split() for x in (ref, hyp))
    return edits(r, h), len(r)


def whisper_tokenizer(path: Path, merges: int) -> tuple[Tokenizer, list[int]]:
    """Return the first merges of Whisper's byte-level BPE that give lower-case words.

    Every token is one of Whisper's, so its decoder knows it; every byte is included, so every text
    of the host can be encoded. Returns the tokenizer and, for each of its tokens, Whisper's id; the
    last is the end of text.
    """
    model = json.loads(path.read_text())["model"]
    vocab, plain = model["vocab"], re.compile("^\u0120?[a-z']+$")
    tokens = sorted(pre_tokenizers.ByteLevel.alphabet())
    kept: list[tuple[str, str]] = []
    for merge in model["merges"]:
        a, b = merge.split(" ") if isinstance(merge, str) else merge
        if len(kept) < merges and plain.match(a + b) and {a, b} <= set(tokens):
            kept.append((a, b))
            tokens.append(a + b)
    tok = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=kept))
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tok.decoder = decoders.ByteLevel()
    tok.add_special_tokens([EOS])
    return tok, [*(vocab[t] for t in tokens), WHISPER_END]


def read_table(path: Path) -> list[list[str]]:
    """Return the rows of a .tsv file without its header."""
    return [line.split("\t") for line in path.read_text().splitlines()[1:]]


def char_ids(text: str) -> list[int]:
    """Return the classes of the character head; 0 is its blank."""
    return [CHARS.index(c) + 1 for c in text]


def slots(draft: list[int], eos: int) -> list[int]:
    """Return the draft with an empty slot before, between and after its tokens."""
    out = [eos] * max(2 * len(draft) + 1, 8)
    out[1 : 2 * len(draft) : 2] = draft
    return out


def collapse(path: Iterable[int], blank: int) -> list[int]:
    """Drop repeats, then blanks."""
    out, last = [], blank
    for c in path:
        if c not in (last, blank):
            out.append(c)
        last = c
    return out
