"""The retention of finished sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Self

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
            raise ValueError(f"recordings can be kept for 1 day or more, not {self.days}")

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
            raise SettingsError(
                f"There is no way to keep sessions called {text!r}: choose 'all', 'text', or a "
                f"number of days such as '30-days'."
            )
        return cls(Keep.DAYS, int(found[1]))

    def __str__(self) -> str:
        """Return a text that `parse` accepts."""
        if self.keep is not Keep.DAYS:
            return str(self.keep.value)
        return "1-day" if self.days == 1 else f"{self.days}-days"
