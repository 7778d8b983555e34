"""Dictated texts are returned in the order of speech, whatever is ready first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from granite_live.gui.dictation.dictation import Takes as RealTakes
from granite_live.gui.dictation.dictation import TakeText


class Takes(RealTakes):
    """Returns texts without the number of their key press."""

    def settle(self, utterance: int, text: str) -> list[str]:  # type: ignore[override]
        return [one.text for one in super().settle(utterance, text)]

    def drain(self) -> list[str]:  # type: ignore[override]
        return [one.text for one in super().drain()]


def test_each_text_belongs_to_a_press() -> None:
    takes = RealTakes()
    takes.begin(after=0, press=1)
    takes.end(last=1)
    takes.begin(after=1, press=2)
    assert takes.settle(2, "two") == []
    assert takes.settle(1, "one") == [TakeText("one", 1), TakeText("two", 2)]
    takes.end(last=4)
    assert takes.settle(4, "four") == []
    assert takes.drain() == [TakeText("four", 2)]


def test_a_later_text_waits_for_an_earlier_one() -> None:
    takes = Takes()
    takes.begin(after=4)
    assert takes.settle(6, "six") == []
    assert takes.settle(5, "five") == ["five", "six"]
    takes.end(last=7)
    assert takes.is_waiting
    assert takes.settle(7, "") == []
    assert not takes.is_waiting


def test_what_is_said_outside_is_not_taken() -> None:
    takes = Takes()
    takes.begin(after=1)
    takes.end(last=2)
    takes.begin(after=3)
    assert [takes.covers(number) for number in range(1, 6)] == [False, True, False, True, True]
    assert takes.settle(1, "before") == []
    assert takes.settle(3, "between") == []
    assert takes.settle(4, "four") == []
    assert takes.settle(2, "two") == ["two", "four"]


def test_a_take_without_words_is_over_at_once() -> None:
    takes = Takes()
    takes.begin(after=3)
    takes.end(last=3)
    assert not takes.is_waiting
    assert takes.settle(4, "four") == []


def test_an_end_without_a_beginning_is_none() -> None:
    takes = Takes()
    takes.end(last=3)
    takes.begin(after=3)
    takes.end(last=4)
    takes.end(last=9)
    assert takes.covers(4)
    assert not takes.covers(5)


def test_at_the_end_of_a_session_what_is_known_goes_out() -> None:
    takes = Takes()
    takes.begin(after=0)
    takes.end(last=3)
    takes.begin(after=3)
    assert takes.settle(3, "three") + takes.settle(5, "five") + takes.settle(2, "") == []
    assert takes.drain() == ["three", "five"]
    assert not takes.is_waiting
    assert takes.drain() == []


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), max_size=6), st.randoms())
def test_every_text_goes_out_once_and_in_order(
    spans: list[tuple[int, int]], random: object
) -> None:
    takes, number, ours = Takes(), 0, []
    for outside, inside in spans:
        number += outside
        takes.begin(after=number)
        ours += range(number + 1, number + inside + 1)
        number += inside
        takes.end(last=number)
    order = list(range(1, number + 1))
    random.shuffle(order)  # type: ignore[attr-defined]
    out = [text for one in order for text in takes.settle(one, f"text {one}")]
    assert out == [f"text {one}" for one in ours]
    assert not takes.is_waiting
