"""Caption positions per screen; the position on a removed screen is restored."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSettings

from granite_live.gui.captions.positions import (
    LOWER_THIRD,
    CaptionPositions,
    RelativePosition,
    Screen,
    moved_within,
)

DESK, HALL = Screen("desk", QRect(0, 0, 1920, 1080)), Screen("hall", QRect(1920, 0, 3840, 2160))
HEIGHT, LEAST = 180, 300


@pytest.fixture
def stored(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


def test_it_begins_as_a_lower_third(stored: QSettings) -> None:
    place = CaptionPositions(stored).choose([DESK], HEIGHT, LEAST)
    assert place == QRect(192, 1026 - HEIGHT, 1536, HEIGHT)


@pytest.mark.parametrize(
    ("bar", "top"),
    [
        (QRect(100, 900, 900, 100), 900 - HEIGHT - 8),  # below the middle: above it
        (QRect(0, 980, 1920, 100), 980 - HEIGHT - 8),  # of a maximized window
        (QRect(100, 300, 900, 100), 1026 - HEIGHT),  # not in the way
        (QRect(), 1026 - HEIGHT),
    ],
)
def test_at_first_it_leaves_the_control_bar_free(stored: QSettings, bar: QRect, top: int) -> None:
    place = CaptionPositions(stored).choose([DESK], HEIGHT, LEAST, bar)
    assert place == QRect(192, top, 1536, HEIGHT)


def test_where_the_user_put_it_it_may_cover_the_bar(stored: QSettings) -> None:
    place, bar = QRect(333, 800, 1001, HEIGHT), QRect(0, 900, 1920, 100)
    CaptionPositions(stored).remember(place, [DESK])
    assert CaptionPositions(stored).choose([DESK], HEIGHT, LEAST, bar) == place


def test_each_screen_has_a_place_and_the_chosen_one_comes_back(stored: QSettings) -> None:
    places = CaptionPositions(stored)
    on_desk, in_hall = QRect(100, 40, 800, HEIGHT), QRect(2400, 1900, 2000, HEIGHT)
    places.remember(on_desk, [DESK, HALL])
    places.remember(in_hall, [DESK, HALL])
    assert places.choose([DESK, HALL], HEIGHT, LEAST) == in_hall
    # The second screen is removed, then connected again.
    assert places.choose([DESK], HEIGHT, LEAST) == on_desk
    assert places.choose([DESK, HALL], HEIGHT, LEAST) == in_hall


def test_moved_for_the_time_being_it_goes_home_with_the_screen(stored: QSettings) -> None:
    places = CaptionPositions(stored)
    in_hall, meanwhile = QRect(2400, 1900, 2000, HEIGHT), QRect(10, 10, 700, HEIGHT)
    places.remember(in_hall, [DESK, HALL])
    places.remember(meanwhile, [DESK])
    assert places.choose([DESK], HEIGHT, LEAST) == meanwhile
    assert places.choose([DESK, HALL], HEIGHT, LEAST) == in_hall


def test_it_is_there_after_a_restart(stored: QSettings) -> None:
    place = QRect(333, 77, 1001, HEIGHT)
    CaptionPositions(stored).remember(place, [DESK])
    stored.sync()
    again = QSettings(stored.fileName(), QSettings.Format.IniFormat)
    assert CaptionPositions(again).choose([DESK], HEIGHT, LEAST) == place


def test_more_lines_grow_away_from_the_edge_that_is_near(stored: QSettings) -> None:
    low, high = QRect(300, 800, 900, 200), QRect(300, 100, 900, 200)
    assert RelativePosition.of(low, DESK.area).geometry_on(DESK.area, 300, LEAST) == QRect(
        300, 700, 900, 300
    )
    assert RelativePosition.of(high, DESK.area).geometry_on(DESK.area, 300, LEAST) == QRect(
        300, 100, 900, 300
    )


def test_another_resolution_keeps_the_shares(stored: QSettings) -> None:
    half = QRect(0, 0, 960, 540)
    place = RelativePosition.of(QRect(200, 800, 1600, 200), DESK.area).geometry_on(half, 100, LEAST)
    assert place == QRect(100, 400, 800, 100)


@given(
    st.integers(-3000, 6000),
    st.integers(-3000, 6000),
    st.integers(1, 5000),
    st.integers(1, 900),
)
def test_it_is_always_on_a_screen(left: int, top: int, width: int, height: int) -> None:
    for area in (DESK.area, HALL.area):
        found = RelativePosition.of(QRect(left, top, width, height), DESK.area).geometry_on(
            area, height, LEAST
        )
        assert area.contains(found)
        assert found.size().width() >= LEAST
        moved = moved_within(QRect(left, top, width, height), area)
        assert area.contains(moved.topLeft())


@pytest.mark.parametrize(
    "value", ["", "no JSON", "[]", '{"desk": 3}', '{"desk": {"left": "x"}}', '{"desk": null}']
)
def test_what_cannot_be_understood_is_as_if_it_were_not_there(
    stored: QSettings, value: str
) -> None:
    stored.setValue("captions/places", value)
    place = CaptionPositions(stored).choose([DESK], HEIGHT, LEAST)
    assert place == LOWER_THIRD.geometry_on(DESK.area, HEIGHT, LEAST)


def test_without_a_screen_there_is_no_place(stored: QSettings) -> None:
    places = CaptionPositions(stored)
    assert places.choose([], HEIGHT, LEAST) is None
    places.remember(QRect(5000, 5000, 10, 10), [DESK])
    assert places.choose([DESK], HEIGHT, LEAST) == LOWER_THIRD.geometry_on(DESK.area, HEIGHT, LEAST)
