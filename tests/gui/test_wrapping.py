"""Wrapped text gets the height of all its lines, also in a splitter; shrinking areas scroll."""

from __future__ import annotations

import pytest
from helpers.all_windows import shown
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QScrollArea, QWidget


def lies_within(part: QWidget, whole: QWidget) -> bool:
    corner = part.mapTo(whole, QPoint(0, 0))
    return whole.rect().contains(part.rect().translated(corner))


@pytest.mark.parametrize("size_pt", [14, 28])
def test_the_offer_gives_way_and_keeps_its_buttons(driver: WindowDriver, size_pt: int) -> None:
    driver.application.preferences.change(font_size_pt=size_pt)
    with shown(driver, "first_start"):
        offer = driver.page.offer
        for part in (offer.title, offer.accept_button, offer.decline_button):
            assert lies_within(part, offer)
        assert lies_within(offer, driver.page)
        assert lies_within(driver.page.welcome.title, driver.page.stack)
        assert offer.geometry().bottom() < driver.page.stack.geometry().top()


def test_what_has_too_little_room_is_scrolled_with_keys(driver: WindowDriver) -> None:
    driver.application.preferences.change(font_size_pt=28)
    with shown(driver, "first_start") as window:
        area = driver.page.offer.findChild(QScrollArea)
        window.resize(window.width(), window.minimumSizeHint().height())
        driver.until(lambda: area.verticalScrollBar().maximum() > 0)
        area.setFocus()
        assert area.hasFocus()
        driver.qtbot.keyClick(area, Qt.Key.Key_PageDown)
        assert area.verticalScrollBar().value() > 0
        window.resize(window.width(), window.height() + 600)
        driver.until(lambda: area.verticalScrollBar().maximum() == 0)
        assert area.focusPolicy() is Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize("size_pt", [14, 28])
def test_an_offer_that_comes_leaves_the_window_as_small_as_it_can(
    driver: WindowDriver, size_pt: int
) -> None:
    driver.application.preferences.change(font_size_pt=size_pt)
    driver.window.resize(900, 700)
    with shown(driver, "first_start") as window:
        assert window.height() == max(700, window.minimumSizeHint().height())
