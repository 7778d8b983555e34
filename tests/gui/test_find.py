"""Search in a long session starts at the visible part and does not scroll otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QPoint
from scripted_engine import final

from granite_live.gui.theme import Theme
from granite_live.gui.transcript.find_bar import FindBar
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.gui.transcript.view import TranscriptListView

TEXTS = ("the rain fell on the roof", "a slow walk along the river", "a cup of tea at my desk")
LINES = 900
RIVERS = LINES // len(TEXTS)


@pytest.fixture
def view(make_column: Callable[[Sequence[str]], TranscriptListView]) -> TranscriptListView:
    return make_column([TEXTS[n % len(TEXTS)] for n in range(LINES)])


@pytest.fixture
def bar(view: TranscriptListView, theme: Theme) -> FindBar:
    model = view.model()
    assert isinstance(model, TranscriptModel)
    return FindBar(view, model, theme)


def first_row(view: TranscriptListView) -> int:
    return max(0, view.indexAt(QPoint(300, 0)).row())


def scroll(view: TranscriptListView, share: float) -> None:
    scroll_bar = view.verticalScrollBar()
    scroll_bar.setValue(round(scroll_bar.maximum() * share))


def number(bar: FindBar) -> int:
    found, _, of = bar.count.text().partition(" of ")
    assert of == str(RIVERS)
    return int(found)


def test_whoever_scrolls_up_from_the_end_gets_there_at_once(view: TranscriptListView) -> None:
    view.follow()
    wanted = view.verticalScrollBar().maximum() // 2
    view.verticalScrollBar().setValue(wanted)
    assert not view.is_following
    # Rows that become visible are measured, which may move the value a little.
    assert abs(view.verticalScrollBar().value() - wanted) < view.viewport().height()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.9])
def test_the_first_find_is_the_next_one_in_sight(
    view: TranscriptListView, bar: FindBar, share: float
) -> None:
    view.follow()
    scroll(view, share)
    wanted = first_row(view) // len(TEXTS) + 1
    bar.open_with("river")
    assert abs(number(bar) - wanted) <= 1
    row = (number(bar) - 1) * len(TEXTS) + 1
    rect = view.visualRect(view.model().index(row))
    assert view.viewport().rect().contains(rect.center())


def test_typing_on_stays_where_it_is(view: TranscriptListView, bar: FindBar) -> None:
    scroll(view, 0.5)
    bar.open_with()
    bar.field.setText("r")
    for text in ("ri", "riv", "rive", "river"):
        bar.field.setText(text)
    first = number(bar)
    assert abs(first - RIVERS / 2) < 5
    bar.field.setText("river")
    assert number(bar) == first


def test_stepping_goes_on_from_where_one_has_scrolled(
    view: TranscriptListView, bar: FindBar
) -> None:
    scroll(view, 0.1)
    bar.open_with("river")
    at = number(bar)
    bar.step(1)
    assert number(bar) == at + 1
    bar.step(-1)
    assert number(bar) == at
    scroll(view, 0.8)
    bar.step(1)
    assert abs(number(bar) - 0.8 * RIVERS) < 5
    scroll(view, 0.4)
    bar.step(-1)
    assert abs(number(bar) - 0.4 * RIVERS) < 5


def test_a_find_is_not_hidden_by_the_bar(view: TranscriptListView, bar: FindBar) -> None:
    bar.show()
    scroll(view, 0.5)
    bar.open_with("river")
    for _ in range(5):
        bar.step(-1)
        row = (number(bar) - 1) * len(TEXTS) + 1
        assert view.visualRect(view.model().index(row)).top() > bar.geometry().bottom()


def test_it_goes_around_the_end_and_the_beginning(view: TranscriptListView, bar: FindBar) -> None:
    scroll(view, 0.0)
    bar.open_with("river")
    assert number(bar) == 1
    bar.step(-1)
    assert number(bar) == RIVERS
    bar.step(1)
    assert number(bar) == 1


def test_new_lines_are_counted_and_move_nothing(view: TranscriptListView, bar: FindBar) -> None:
    scroll(view, 0.5)
    bar.open_with("river")
    at, value = number(bar), view.verticalScrollBar().value()
    model = view.model()
    assert isinstance(model, TranscriptModel)
    model.apply(final(LINES, LINES * 6.0, "back at the river"))
    assert bar.count.text() == f"{at} of {RIVERS + 1}"
    assert view.verticalScrollBar().value() == value


def test_a_word_that_is_not_there_yet_is_counted_when_it_comes(
    view: TranscriptListView, bar: FindBar
) -> None:
    scroll(view, 0.5)
    value = view.verticalScrollBar().value()
    bar.open_with("boat")
    assert bar.count.text() == "Not found"
    model = view.model()
    assert isinstance(model, TranscriptModel)
    model.apply(final(LINES, LINES * 6.0, "a boat at last"))
    assert bar.count.text() == "1 found"
    assert view.verticalScrollBar().value() == value
    bar.step(1)
    assert bar.count.text() == "1 of 1"


def test_in_another_session_it_goes_to_the_first_find(
    view: TranscriptListView, bar: FindBar
) -> None:
    bar.open_with("bridge")
    model = view.model()
    assert isinstance(model, TranscriptModel)
    model.reset(
        Line(n, n * 6.0, n * 6.0 + 5, LineState.FINAL, "an old bridge" if n == 70 else "water")
        for n in range(100)
    )
    assert bar.count.text() == "1 of 1"
    assert view.viewport().rect().contains(view.visualRect(model.index(70)).center())
