"""Positions of rows with different heights: fast queries, fast changes near the end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Heights:
    """Row heights in pixels, with prefix sums computed on demand."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._tops = [0]  # valid tops, of the rows up to and including `len(_tops) - 1`

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, row: int) -> int:
        return self._heights[row]

    def set(self, row: int, height: int) -> None:
        """Set a row's height."""
        if self._heights[row] != height:
            self._heights[row] = height
            del self._tops[row + 1 :]

    def insert(self, row: int, height: int) -> None:
        """Insert a row before `row`."""
        self._heights.insert(row, height)
        del self._tops[row + 1 :]

    def remove(self, row: int) -> None:
        """Remove a row."""
        del self._heights[row]
        del self._tops[row + 1 :]

    def top(self, row: int) -> int:
        """Return a row's top; for the row after the last one, the total height."""
        known = len(self._tops) - 1
        if row > known:
            sums = accumulate(self._heights[known:], initial=self._tops[-1])
            next(sums)
            self._tops.extend(sums)
        return self._tops[row]

    @property
    def total(self) -> int:
        """The height of all rows."""
        return self.top(len(self._heights))

    def row_at(self, y: int) -> int:
        """Return the row at `y`, clamped. There must be at least one row."""
        self.top(len(self._heights))
        return max(0, min(len(self._heights) - 1, bisect_right(self._tops, y) - 1))
