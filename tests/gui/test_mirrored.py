"""Right-to-left layout and double text size: mirrored, nothing clipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.all_windows import SURFACES, pages, shown
from helpers.clipped_widgets import clipped
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

ARABIC = "صباح الخير جميعا، كان المطر يهطل على السطح"
HEBREW = "בוקר טוב לכולם, הגשם ירד על הגג"


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def place(window: QWidget, part: QWidget) -> int:
    return part.mapTo(window, part.rect().center()).x()


def test_the_window_is_mirrored(mirrored: None, driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, ARABIC), final(2, 5.0, HEBREW))
    window, middle = driver.window, driver.window.width() / 2
    assert place(window, driver.sidebar) > middle
    assert place(window, driver.page.more_button) < place(window, driver.page.sidebar_button)
    assert place(window, driver.control_bar.clock) < place(window, driver.control_bar.picker)
    panel = driver.panel
    row = panel.visualRect(driver.model.index(0))
    column = panel.delegate.layouts.metrics.column
    # Time stamps are on the side where reading starts.
    assert panel.delegate.time_rect(row).left() >= panel.delegate.text_corner(row).x() + column


@pytest.mark.parametrize("text", [ARABIC, HEBREW])
def test_what_is_read_from_the_right_begins_at_the_right_in_any_window(
    driver: WindowDriver, text: str
) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, text), final(2, 5.0, "Good morning."))
    panel = driver.panel
    column = panel.delegate.layouts.metrics.column
    first, second = (panel.delegate.line_layout(driver.model.index(row)).text for row in (0, 1))
    assert first.lineAt(0).naturalTextRect().right() == pytest.approx(column, abs=2)
    assert second.lineAt(0).naturalTextRect().left() == pytest.approx(0, abs=2)


@pytest.mark.parametrize(
    "is_mirrored", [pytest.param(False, marks=pytest.mark.soak), True], ids=["ltr", "rtl"]
)
@pytest.mark.parametrize("size_pt", [pytest.param(14, marks=pytest.mark.soak), 28])
@pytest.mark.parametrize("name", SURFACES)
def test_nothing_is_clipped(
    driver: WindowDriver, qapp: QApplication, name: str, size_pt: int, is_mirrored: bool
) -> None:
    sides = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)
    driver.application.preferences.change(font_size_pt=size_pt)
    qapp.setLayoutDirection(sides[is_mirrored])
    try:
        with shown(driver, name) as surface:
            for _page in pages(driver, surface):
                # On a busy machine the last layout comes a few events later.
                driver.qtbot.waitUntil(lambda: not clipped(surface))
    finally:
        qapp.setLayoutDirection(sides[0])
