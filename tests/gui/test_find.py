"""Search in a long session starts at the visible part and does not scroll otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QPoint, Qt

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
    return FindBar(view, model)


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


def test_the_bar_covers_no_line(view: TranscriptListView, bar: FindBar) -> None:
    scroll(view, 0.0)
    bar.open_with("rain")
    assert number(bar) == 1
    assert bar.geometry().bottom() < view.viewport().geometry().top()
    first = view.visualRect(view.model().index(0))
    assert view.viewport().rect().contains(first)
    bar.dismiss()
    assert view.viewport().geometry().top() == view.frameWidth()
    scroll(view, 0.5)
    for _ in range(5):
        bar.open_with("river")
        bar.step(-1)
        row = (number(bar) - 1) * len(TEXTS) + 1
        assert view.viewport().rect().contains(view.visualRect(view.model().index(row)))


def test_opening_and_closing_the_bar_moves_no_line(view: TranscriptListView, bar: FindBar) -> None:
    scroll(view, 0.5)
    row = first_row(view) + 5

    def y() -> int:
        return view.viewport().mapTo(view, view.visualRect(view.model().index(row)).topLeft()).y()

    before = y()
    bar.open_with()
    assert y() == before
    bar.dismiss()
    assert y() == before


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
    bar.open_with("boat")
    value = view.verticalScrollBar().value()
    assert bar.count.text() == "No matches"
    model = view.model()
    assert isinstance(model, TranscriptModel)
    model.apply(final(LINES, LINES * 6.0, "a boat at last"))
    assert bar.count.text() == "1 matches"
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


def test_a_search_in_all_sessions_opens_a_session_at_its_hit(driver: WindowDriver) -> None:
    stored = driver.hear(final(1, 1.0, "rain on the roof"), final(2, 6.0, "a slow walk at noon"))
    bar = driver.panel.find_bar
    driver.sidebar.opened.emit(stored, "noon slow")
    driver.until(bar.isVisible)
    assert bar.field.text() == "noon"
    assert bar.count.text() == "1 of 1"
    driver.sidebar.opened.emit(stored, "Walks with my dog")  # matches only a title
    driver.until(bar.isHidden)


def test_matches_are_replaced_one_by_one(driver: WindowDriver) -> None:
    driver.hear(final(1, 1.0, "a rof on a rof"), final(2, 6.0, "the rof"))
    driver.key(Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    bar = driver.panel.find_bar
    driver.qtbot.keyClicks(bar.field, "rof")
    bar.replacement.setFocus()
    driver.qtbot.keyClicks(bar.replacement, "roof and rof")
    assert bar.count.text() == "1 of 3"
    driver.qtbot.keyClick(bar.replacement, Qt.Key.Key_Return)
    driver.until(lambda: driver.texts()[0] == "a roof and rof on a rof")
    # The text just written is not searched again.
    assert bar.count.text() == "2 of 3"
    bar.replace_button.click()
    driver.until(lambda: driver.texts()[0] == "a roof and rof on a roof and rof")
    assert bar.count.text() == "3 of 3"


def test_all_matches_are_replaced_in_one_step(driver: WindowDriver) -> None:
    before = ["a rof on a Rof", "nothing here", "rof"]
    driver.hear(*(final(n, n * 6.0, text) for n, text in enumerate(before, 1)))
    bar = driver.panel.find_bar
    bar.open_with("rof", replaces=True)
    bar.replacement.setText("roof")
    bar.replace_all_button.click()
    driver.until(lambda: driver.texts() == ["a roof on a roof", "nothing here", "roof"])
    assert bar.count.text() == "No matches"
    driver.application.document.editing.stack.undo()
    assert driver.texts() == before
    driver.application.document.editing.stack.redo()
    assert driver.texts() == ["a roof on a roof", "nothing here", "roof"]
    bar.field.setText("roof")
    bar.replacement.setText("")
    bar.replace_all_button.click()  # a line that loses all its text is deleted
    driver.until(lambda: driver.texts() == ["a on a", "nothing here"])
    driver.application.document.editing.stack.undo()
    assert driver.texts() == ["a roof on a roof", "nothing here", "roof"]


def test_in_the_smallest_window_the_hit_is_visible_below_the_bar(driver: WindowDriver) -> None:
    driver.hear(*(final(n, n * 6.0, "rain on the rof" if n == 20 else "tea") for n in range(40)))
    driver.until(driver.page.playback_bar.isVisible)
    driver.window.resize(driver.window.minimumSizeHint())
    bar, panel = driver.panel.find_bar, driver.panel
    bar.open_with("rof", replaces=True)

    def is_whole() -> bool:
        return panel.viewport().rect().contains(panel.visualRect(driver.model.index(20)))

    driver.until(is_whole)
    assert bar.geometry().bottom() < panel.viewport().geometry().top()
    scroll_bar = panel.verticalScrollBar()
    assert bar.geometry().right() < scroll_bar.mapTo(panel, QPoint(0, 0)).x()
    bar.dismiss()
    driver.until(lambda: driver.page.stack.minimumHeight() < 200)
