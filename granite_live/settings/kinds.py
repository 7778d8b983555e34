"""Kinds of settings: how each value is stored, typed and checked; session retention."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol, Self

from granite_live.messages import alternatives, as_clause
from granite_live.messages.settings import SettingsMessage
from granite_live.util.errors import SettingsError

_DAYS = re.compile(r"(\d{1,5})-days?")


class Keep(Enum):
    """What is kept of finished sessions."""

    ALL = "all"
    TEXT = "text"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long sessions are kept; `days` matters for `Keep.DAYS` only.

    Raises:
        ValueError: `days` is less than 1.
    """

    keep: Keep = Keep.ALL
    days: int = 30

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(SettingsMessage.TOO_FEW_DAYS(days=self.days))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the retention for "all", "text" or a number of days such as "30-days".

        Raises:
            SettingsError: The text is none of these.
        """
        if text in (Keep.ALL.value, Keep.TEXT.value):
            return cls(Keep(text))
        found = _DAYS.fullmatch(text)
        if found is None or int(found[1]) < 1:
            raise SettingsError(SettingsMessage.BAD_RETENTION(text=text))
        return cls(Keep.DAYS, int(found[1]))

    def __str__(self) -> str:
        """Return a text that `parse` accepts."""
        if self.keep is not Keep.DAYS:
            return str(self.keep.value)
        return "1-day" if self.days == 1 else f"{self.days}-days"


_MAX_CHARS = 1_000
_MAX_PAIRS = 1_000
_COLOR = re.compile("#[0-9a-fA-F]{6}")

Pairs = tuple[tuple[str, str], ...]


class ValueType(Protocol):
    """A type of value. `value` is used in the program, `stored` in JSON, `text` typed by users.

    `check`, `read` and `parse` raise ValueError with what is expected, worded as the end of a
    sentence that begins with the setting's name and the invalid value.
    """

    def check(self, value: Any) -> None:
        """Raise ValueError if the program cannot use the value."""

    def read(self, stored: Any) -> Any:
        """Convert from JSON, without checking the value."""

    def write(self, value: Any) -> Any:
        """Convert to JSON."""

    def parse(self, text: str) -> Any:
        """Convert from a user's text, without checking the value."""

    def text(self, value: Any) -> str:
        """Convert to a text that `parse` accepts."""

    def usable_part(self, stored: Any) -> Any:
        """Return the usable part of an invalid stored value, None if there is none."""


class PlainValue:
    """A value that JSON represents directly."""

    def read(self, stored: Any) -> Any:
        """Return the value unchanged."""
        return stored

    def write(self, value: Any) -> Any:
        """Return the value unchanged."""
        return value

    def parse(self, text: str) -> Any:
        """Return the text unchanged."""
        return text

    def text(self, value: Any) -> str:
        """Return the value as text."""
        return str(value)

    def usable_part(self, stored: Any) -> Any:
        """Return None: a single value is usable or not."""


@dataclass(frozen=True, slots=True)
class ChoiceValue(PlainValue):
    """One of several names."""

    names: tuple[str, ...]

    def check(self, value: Any) -> None:
        """See `ValueType`."""
        if value not in self.names:
            raise ValueError(SettingsMessage.CHOOSE(names=alternatives(map(repr, self.names))))


@dataclass(frozen=True, slots=True)
class NumberValue(PlainValue):
    """A number within limits; `unit` is used in error messages."""

    low: float
    high: float
    unit: str
    is_whole: bool = True

    def check(self, value: Any) -> None:
        """See `ValueType`."""
        kinds = (int,) if self.is_whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise ValueError(self._expected())
        if not self.low <= value <= self.high:
            raise ValueError(self._expected())

    def parse(self, text: str) -> Any:
        """See `ValueType`."""
        try:
            return int(text) if self.is_whole else float(text)
        except ValueError as error:
            raise ValueError(self._expected()) from error

    def _expected(self) -> str:
        expected = SettingsMessage.WHOLE_NUMBER if self.is_whole else SettingsMessage.NUMBER
        return expected(unit=self.unit, low=self.low, high=self.high)


class SwitchValue(PlainValue):
    """On or off."""

    def check(self, value: Any) -> None:
        """See `ValueType`."""
        if not isinstance(value, bool):
            raise ValueError(SettingsMessage.TRUE_OR_FALSE())

    def parse(self, text: str) -> Any:
        """See `ValueType`."""
        if text not in ("on", "off"):
            raise ValueError(SettingsMessage.ON_OR_OFF())
        return text == "on"

    def text(self, value: Any) -> str:
        """See `ValueType`."""
        return "on" if value else "off"


class ColorValue(PlainValue):
    """A color as `#rrggbb`."""

    def check(self, value: Any) -> None:
        """See `ValueType`."""
        if not isinstance(value, str) or not _COLOR.fullmatch(value):
            raise ValueError(SettingsMessage.MUST_BE_COLOR())


class TextValue(PlainValue):
    """A line of text, which may be empty."""

    def check(self, value: Any) -> None:
        """See `ValueType`."""
        if not isinstance(value, str) or not _is_line(value):
            raise ValueError(SettingsMessage.MUST_BE_LINE(limit=_MAX_CHARS))


class PathValue(PlainValue):
    """A file or folder, named from the root on; "" for none."""

    def check(self, value: Any) -> None:
        """See `ValueType`."""
        # Names may contain unprintable characters, but no null byte.
        if not isinstance(value, str) or "\0" in value or len(value) > _MAX_CHARS:
            raise ValueError(SettingsMessage.MUST_BE_PATH())
        if value and not Path(value).is_absolute():
            raise ValueError(SettingsMessage.MUST_BE_ABSOLUTE())


class RetentionValue(PlainValue):
    """How long sessions are kept."""

    def check(self, value: Any) -> None:
        """See `ValueType`."""
        if not isinstance(value, Retention):
            raise ValueError(SettingsMessage.CHOOSE_RETENTION())

    def read(self, stored: Any) -> Any:
        """See `ValueType`."""
        return Retention.parse(stored) if isinstance(stored, str) else stored

    def write(self, value: Any) -> Any:
        """See `ValueType`."""
        return str(value)

    def parse(self, text: str) -> Any:
        """See `ValueType`."""
        return Retention.parse(text)


@dataclass(frozen=True, slots=True)
class PairListValue:
    """Pairs of texts: tuples in the program, an object in JSON.

    `left` and `right` name the two sides. Left sides are unique, ignoring case; with `is_unique`
    also right sides, unless empty.
    """

    left: str
    right: str
    is_unique: bool = False
    may_be_empty: bool = False

    def check(self, value: Any) -> None:
        """See `ValueType`."""
        if not isinstance(value, tuple) or len(value) > _MAX_PAIRS:
            raise ValueError(
                SettingsMessage.TOO_MANY_PAIRS(limit=_MAX_PAIRS, left=self.left, right=self.right)
            )
        for pair in value:
            if not isinstance(pair, tuple) or len(pair) != 2:
                raise ValueError(SettingsMessage.MUST_BE_PAIR(left=self.left, right=self.right))
            if not all(isinstance(side, str) and _is_line(side) for side in pair):
                raise ValueError(SettingsMessage.PAIR_OF_LINES(left=self.left, right=self.right))
            if not pair[0].strip() or not (pair[1].strip() or self.may_be_empty):
                raise ValueError(SettingsMessage.PAIR_EMPTY(left=self.left, right=self.right))
        for double in _duplicates(pair[0] for pair in value):
            raise ValueError(SettingsMessage.TWICE(value=double))
        if self.is_unique:
            for double in _duplicates(pair[1] for pair in value if pair[1].strip()):
                raise ValueError(SettingsMessage.FOR_SEVERAL(value=double, what=self.left))

    def read(self, stored: Any) -> Any:
        """See `ValueType`."""
        return tuple(stored.items()) if isinstance(stored, dict) else stored

    def write(self, value: Pairs) -> Any:
        """See `ValueType`."""
        return dict(value)

    def parse(self, text: str) -> Any:
        """See `ValueType`."""
        try:
            return self.read(json.loads(text))
        except (ValueError, RecursionError) as error:
            expected = json.dumps({self.left: self.right})
            raise ValueError(f"it must be a JSON object such as {expected}") from error

    def text(self, value: Pairs) -> str:
        """See `ValueType`."""
        return json.dumps(dict(value), ensure_ascii=False)

    def usable_part(self, stored: Any) -> Any:
        """Return the usable pairs; of conflicting pairs the first."""
        found = self.read(stored)
        usable: Pairs = ()
        if not isinstance(found, tuple):
            return None
        for pair in found[:_MAX_PAIRS]:
            try:
                self.check((*usable, pair))
            except ValueError:
                continue
            usable = (*usable, pair)
        return usable


def _is_line(text: str) -> bool:
    return len(text) <= _MAX_CHARS and (not text or text.isprintable())


def _duplicates(texts: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        folded = " ".join(text.split()).casefold()
        if folded in seen:
            yield text
        seen.add(folded)


def invalid_value_error(name: str, shown: str, error: Exception) -> SettingsError:
    """Return the error for a setting's value; messages of `ValueType` methods become its end."""
    if isinstance(error, SettingsError):
        return error
    return SettingsError(
        SettingsMessage.BAD_VALUE(name=name, value=_shortened(shown), reason=error)
    )


def invalid_value_clause(name: str, shown: str, error: Exception) -> str:
    """Return a clause on why a stored value cannot be used."""
    return SettingsMessage.BAD_VALUE_CLAUSE(
        name=name, value=_shortened(shown), reason=as_clause(error)
    )


def _shortened(shown: str) -> str:
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
