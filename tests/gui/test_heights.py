"""Row positions compared with a naive implementation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from granite_live.gui.transcript.layout import RowHeights

STEPS = st.lists(
    st.tuples(st.sampled_from(["set", "insert", "remove", "ask"]), st.integers(0, 40)),
    max_size=60,
)


@given(st.lists(st.integers(1, 100), max_size=30), STEPS)
def test_tops_are_the_sums_of_what_is_above(start: list[int], steps: list[tuple[str, int]]) -> None:
    heights, plain = RowHeights(start), list(start)
    for what, number in steps:
        row = number % len(plain) if plain else 0
        if what == "insert":
            heights.insert(row, number + 1)
            plain.insert(row, number + 1)
        elif what == "set" and plain:
            heights.set(row, number + 1)
            plain[row] = number + 1
        elif what == "remove" and plain:
            heights.remove(row)
            del plain[row]
        elif plain:
            assert heights.top(row) == sum(plain[:row])
    assert heights.total == sum(plain)
    assert [heights.top(row) for row in range(len(plain) + 1)] == [
        sum(plain[:row]) for row in range(len(plain) + 1)
    ]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20), st.integers(-10, 1200))
def test_the_row_at_a_place_covers_it(plain: list[int], y: int) -> None:
    row = RowHeights(plain).row_at(y)
    if 0 <= y < sum(plain):
        assert sum(plain[:row]) <= y < sum(plain[: row + 1])
    else:
        assert row == (0 if y < 0 else len(plain) - 1)
