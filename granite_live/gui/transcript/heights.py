"""Where rows of different heights lie: quick to ask, quick to change at the end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Heights:
    """Heights of rows in pixels. Sums are made when they are asked for."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._tops = [0]  # of the rows before and including `len(_tops) - 1`

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, row: int) -> int:
        return self._heights[row]

    def set(self, row: int, height: int) -> None:
        """Change a row's height."""
        if self._heights[row] != height:
            self._heights[row] = height
            del self._tops[row + 1 :]

    def insert(self, row: int, height: int) -> None:
        """Put a row in front of `row`."""
        self._heights.insert(row, height)
        del self._tops[row + 1 :]

    def remove(self, row: int) -> None:
        """Take a row away."""
        del self._heights[row]
        del self._tops[row + 1 :]

    def top(self, row: int) -> int:
        """Return where a row begins; that of the row behind the last one is the total."""
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
        """Return the row that covers `y`; the nearest where none does. There must be rows."""
        self.top(len(self._heights))
        return max(0, min(len(self._heights) - 1, bisect_right(self._tops, y) - 1))
