"""The user's vocabulary: terms that the recognizer listens for, in sets, in one private file."""

from __future__ import annotations

import json
import logging
import stat
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from granite_live.messages.settings import VocabularyMessage
from granite_live.util import paths
from granite_live.util.errors import SettingsError
from granite_live.util.files import damaged_name, save_private_json

_log = logging.getLogger(__name__)

MAX_TERMS = 1_000
"""The maximum number of terms in use."""
MAX_CHARS = 60
"""The maximum length of a term or of a sound-alike spelling."""
MAX_WORDS = 6
MAX_SOUNDS_LIKE = 4
MIN_LETTERS = 2
MAX_BYTES = 1_000_000
"""The maximum size of a vocabulary file."""
DEFAULT_SET = "general"
"""The set of terms that were added without naming a set."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is to be written, and other spellings that sound like it.

    Raises:
        ValueError: A text cannot be spoken, or is too long; the reason is for the user.
    """

    text: str
    sounds_like: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for one in (self.text, *self.sounds_like):
            _check(one)
        if len(self.sounds_like) > MAX_SOUNDS_LIKE:
            raise ValueError(VocabularyMessage.TOO_MANY_SPELLINGS(limit=MAX_SOUNDS_LIKE))

    @classmethod
    def parse(cls, line: str) -> Self:
        """Return the term of a line such as `Lycophron = like off run, likofron`.

        Raises:
            ValueError: See the class.
        """
        text, _, others = line.partition("=")
        spoken = (" ".join(one.split()) for one in others.split(","))
        return cls(" ".join(text.split()), tuple(dict.fromkeys(filter(None, spoken))))

    def __str__(self) -> str:
        """Return a line that `parse` accepts."""
        return f"{self.text} = {', '.join(self.sounds_like)}" if self.sounds_like else self.text

    @property
    def key(self) -> str:
        """What makes two terms the same: the text without regard to case."""
        return unicodedata.normalize("NFC", self.text).casefold()


def _check(text: str) -> None:
    if len(text) > MAX_CHARS or len(text.split()) > MAX_WORDS:
        raise ValueError(VocabularyMessage.TERM_TOO_LONG(chars=MAX_CHARS, words=MAX_WORDS))
    if not text.isprintable() or "=" in text:
        raise ValueError(VocabularyMessage.NOT_PRINTABLE())
    if sum(one.isalnum() for one in text) < MIN_LETTERS:
        raise ValueError(VocabularyMessage.TOO_FEW_LETTERS(least=MIN_LETTERS))


@dataclass(frozen=True, slots=True)
class TermSet:
    """Terms that are switched on and off together."""

    terms: tuple[Term, ...] = ()
    enabled: bool = True

    def with_terms(self, terms: Iterable[Term]) -> Self:
        """Return the set with terms added; a term that it has already is replaced."""
        known = {one.key: one for one in self.terms}
        known.update((one.key, one) for one in terms)
        return replace(self, terms=tuple(known.values()))

    def without(self, text: str) -> Self:
        """Return the set without the term written `text`, in any case."""
        gone = " ".join(unicodedata.normalize("NFC", text).split()).casefold()
        return replace(self, terms=tuple(one for one in self.terms if one.key != gone))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The user's sets of terms by name. Creating it with too many terms raises SettingsError."""

    sets: Mapping[str, TermSet] = field(default_factory=dict)
    enabled: bool = True

    def __post_init__(self) -> None:
        count = sum(len(one.terms) for one in self.sets.values())
        if count > MAX_TERMS:
            raise SettingsError(VocabularyMessage.TOO_MANY_TERMS(count=count, limit=MAX_TERMS))

    @property
    def terms_in_use(self) -> tuple[Term, ...]:
        """The terms of all enabled sets, each once; none if the vocabulary is off."""
        if not self.enabled:
            return ()
        used = [term for one in self.sets.values() if one.enabled for term in one.terms]
        return TermSet().with_terms(used).terms

    def changed(self, name: str, terms: TermSet) -> Self:
        """Return the vocabulary with another set `name`; an empty set is left out."""
        sets = {**self.sets, name: terms}
        return replace(self, sets={key: one for key, one in sets.items() if one.terms})


def parse_terms(text: str) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """Return the terms of a text, one a line, and a sentence for each line without a usable one.

    Empty lines and lines that begin with "#" have none. Of terms written alike the last stays.

    Raises:
        SettingsError: There are more than `MAX_TERMS`.
    """
    found: list[Term] = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            found.append(Term.parse(line))
        except ValueError as error:
            problems.append(
                VocabularyMessage.BAD_LINE(number=number, text=line.strip()[:40], reason=error)
            )
        if len(found) + len(problems) > MAX_TERMS:
            raise SettingsError(VocabularyMessage.TOO_MANY_LINES(limit=MAX_TERMS))
    return TermSet().with_terms(found).terms, tuple(problems)


def read_terms(path: Path) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """Return what `parse_terms` finds in a text file, UTF-8 with or without a byte order mark.

    Raises:
        SettingsError: The file cannot be read, or has no term at all.
    """
    text = _read(path).decode("utf-8-sig", errors="replace")
    terms, problems = parse_terms(text)
    if not terms:
        reason = problems[0] if problems else VocabularyMessage.FILE_EMPTY()
        raise SettingsError(VocabularyMessage.NO_TERMS(path=path, reason=reason))
    return terms, problems


def _read(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a named pipe would block forever
            raise SettingsError(VocabularyMessage.NOT_A_FILE(path=path))
        if status.st_size > MAX_BYTES:
            raise SettingsError(VocabularyMessage.FILE_TOO_LARGE(path=path, limit=MAX_BYTES))
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(
            VocabularyMessage.UNREADABLE(path=path, reason=error.strerror)
        ) from error


def vocabulary_path() -> Path:
    """Return the path of the vocabulary's file, which may not exist yet."""
    return paths.config_dir() / "vocabulary.json"


class DamagedVocabularyError(SettingsError):
    """The file can be read but does not contain a vocabulary. `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        self.reason = reason.rstrip(".")
        super().__init__(VocabularyMessage.DAMAGED(path=path, reason=self.reason))


def read_vocabulary() -> Vocabulary:
    """Return the stored vocabulary, empty without a file.

    Raises:
        DamagedVocabularyError: The file has other content.
        SettingsError: The file cannot be read, or has too many terms.
    """
    path = vocabulary_path()
    if not path.exists():
        return Vocabulary()
    content = _read(path)
    try:
        return _from_json(json.loads(content))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DamagedVocabularyError(path, str(error)) from error


def set_aside_damaged() -> str:
    """Rename a damaged file to a name with the current time.

    Returns:
        A sentence for the user on why no term is in use; "" if the file is sound or missing.
    """
    path = vocabulary_path()
    try:
        read_vocabulary()
    except DamagedVocabularyError as error:
        aside = damaged_name(path)
        try:
            path.replace(aside)
        except OSError as refused:
            return VocabularyMessage.NOT_SET_ASIDE(reason=error, refused=refused.strerror)
        _log.warning("%s is now %s", error, aside)
        return VocabularyMessage.SET_ASIDE(reason=error.reason, aside=aside)
    except SettingsError as error:
        return VocabularyMessage.NOT_IN_USE(reason=error)
    return ""


def load_terms() -> tuple[Term, ...]:
    """Return the stored terms in use; none, and a line in the log, if they cannot be read."""
    try:
        return read_vocabulary().terms_in_use
    except SettingsError as error:
        _log.warning("No vocabulary is used: %s", error)
        return ()


def save_vocabulary(vocabulary: Vocabulary) -> None:
    """Write the vocabulary atomically, readable by its owner only.

    Raises:
        SettingsError: It cannot be written.
    """
    path = vocabulary_path()
    stored = {
        "enabled": vocabulary.enabled,
        "sets": {
            name: {
                "enabled": one.enabled,
                "terms": [
                    {"text": term.text, "sounds_like": list(term.sounds_like)} for term in one.terms
                ],
            }
            for name, one in vocabulary.sets.items()
        },
    }
    try:
        save_private_json(path, stored)
    except OSError as error:
        raise SettingsError(
            VocabularyMessage.UNWRITABLE(path=path, reason=error.strerror)
        ) from error


def _from_json(stored: Any) -> Vocabulary:
    sets = {
        str(name): TermSet(
            tuple(
                Term(str(term["text"]), tuple(map(str, term.get("sounds_like", ()))))
                for term in one["terms"]
            ),
            bool(one.get("enabled", True)),
        )
        for name, one in stored["sets"].items()
    }
    return Vocabulary(sets, bool(stored.get("enabled", True)))
