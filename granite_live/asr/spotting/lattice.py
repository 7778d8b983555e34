"""The lattice of a term: all ways to write its spellings in tokens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from granite_live.models.bundle import CtcMapping

MAX_SPELLINGS = 12
"""The maximum number of spellings of a term, with those that the user added."""

MAX_ACRONYM = 5
"""The most letters of a word that is also searched in capitals."""

_PUNCTUATION = re.compile(r"[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Arc:
    """A token that writes the bytes `start` to `end` of a spelling."""

    start: int
    end: int
    token_class: int


@dataclass(frozen=True, slots=True)
class TermLattice:
    """One spelling's arcs, ordered by their start; `length` in bytes, with the space before."""

    length: int
    arcs: tuple[Arc, ...]


def spellings(term: str, sounds_like: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the spellings under which the model may write a term, without variants of case.

    Punctuation is tried as it is, as a space, and left out: "AC/DC", "AC DC", "ACDC". Accents are
    tried with and without.
    """
    found: dict[str, None] = {}
    for text in (term, *sounds_like):
        for other in (text, _PUNCTUATION.sub(" ", text), _PUNCTUATION.sub("", text)):
            plain = "".join(
                one
                for one in unicodedata.normalize("NFKD", other)
                if not unicodedata.combining(one)
            )
            for spelling in (unicodedata.normalize("NFC", other), plain):
                if cleaned := " ".join(spelling.split()):
                    found[cleaned] = None
    return tuple(found)[:MAX_SPELLINGS]


class LatticeBuilder:
    """Builds lattices in the tokens of one model."""

    def __init__(self, tokenizer: Tokenizer, mapping: CtcMapping, classes: int) -> None:
        """Use a tokenizer, the CTC head's mapping, and its number of classes."""
        self._tokenizer = tokenizer
        self._shift = mapping.shift
        self._blank = mapping.blank
        self._classes = classes
        self._vocabulary: Mapping[str, int] = tokenizer.get_vocab()
        self._longest = max(map(len, self._vocabulary), default=0)
        # A byte-level vocabulary writes a space as a letter, and any text as a chain of bytes.
        self._is_byte_level = byte_text(" a")[:2] in self._vocabulary

    def build(self, spelling: str) -> Iterator[TermLattice]:
        """Yield the lattices of a spelling: one for all variants of case that are equally long."""
        by_length: dict[int, set[Arc]] = {}
        for variant in _case_variants(spelling):
            length, arcs = self._arcs(f" {variant}")
            by_length.setdefault(length, set()).update(arcs)
        for length, arcs in by_length.items():
            kept = _connected(arcs, length)
            if kept:
                yield TermLattice(length, tuple(sorted(kept, key=lambda a: (a.start, a.end))))

    def _arcs(self, text: str) -> tuple[int, set[Arc]]:
        if not self._is_byte_level:
            return self._canonical_arcs(text)
        written = byte_text(text)
        arcs = set()
        for start in range(len(written)):
            for end in range(start + 1, min(len(written), start + self._longest) + 1):
                token = self._vocabulary.get(written[start:end])
                if token is not None and (arc := self._arc(start, end, token)) is not None:
                    arcs.add(arc)
        return len(written), arcs

    def _canonical_arcs(self, text: str) -> tuple[int, set[Arc]]:
        """Return the arcs of the tokenizer's own split only."""
        ids = self._tokenizer.encode(text.strip(), add_special_tokens=False).ids
        arcs = [self._arc(k, k + 1, token) for k, token in enumerate(ids)]
        return len(ids), {arc for arc in arcs if arc is not None}

    def _arc(self, start: int, end: int, token: int) -> Arc | None:
        token_class = token + self._shift
        if not 0 <= token_class < self._classes or token_class == self._blank:
            return None
        return Arc(start, end, token_class)


def byte_text(text: str) -> str:
    """Return the text as a byte-level vocabulary writes it, one character a byte."""
    from tokenizers.pre_tokenizers import ByteLevel

    parts = ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(text)
    return "".join(part for part, _ in parts)


def _case_variants(text: str) -> tuple[str, ...]:
    lower = text.lower()
    titles = [word[:1].upper() + word[1:] for word in lower.split(" ")]
    first = lower[:1].upper() + lower[1:]
    # Models write short words in capitals only. For longer ones that would be as many tokens
    # again whose scores are needed.
    acronyms = [word.upper() if len(word) <= MAX_ACRONYM else word for word in titles]
    return tuple(dict.fromkeys((text, lower, " ".join(titles), first, " ".join(acronyms))))


def _connected(arcs: Iterable[Arc], length: int) -> set[Arc]:
    """Return the arcs that lie on a path from 0 to `length`."""
    ordered = sorted(arcs, key=lambda arc: arc.start)
    reached = {0}
    for arc in ordered:
        if arc.start in reached:
            reached.add(arc.end)
    useful = {length}
    for arc in sorted(ordered, key=lambda arc: -arc.end):
        if arc.end in useful:
            useful.add(arc.start)
    return {arc for arc in ordered if arc.start in reached and arc.end in useful}
