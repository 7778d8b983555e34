"""The result of a graph rewrite."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """The number of places that a rewrite changed, and of candidates left unchanged."""

    changed: int = 0
    left: int = 0

    def __str__(self) -> str:
        if not self.changed and not self.left:
            return "not found"
        return f"{self.changed} changed" + (f", {self.left} left as they are" if self.left else "")
