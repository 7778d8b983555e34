"""What a rewrite says it did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many places a rewrite changed, and how many of the kind it left as they were."""

    changed: int = 0
    left: int = 0

    def __str__(self) -> str:
        if not self.changed and not self.left:
            return "not found"
        return f"{self.changed} changed" + (f", {self.left} left as they are" if self.left else "")
