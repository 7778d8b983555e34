"""Wrapped text gets the height of all its lines, also in a splitter; shrinking areas scroll."""

from __future__ import annotations

import pytest
from conftest import WindowDriver
from helpers.all_windows import shown
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QScrollArea, QWidget


def lies_within(part: QWidget, whole: QWidget) -> bool:
    corner = part.mapTo(whole, QPoint(0, 0))
    return whole.rect().contains(part.rect().translated(corner))


@pytest.mark.parametrize("size_pt", [14, 28])
def test_the_offer_gives_way_and_keeps_its_buttons(studio: WindowDriver, size_pt: int) -> None:
    studio.application.preferences.change(font_size_pt=size_pt)
    with shown(studio, "first_start"):
        offer = studio.page.offer
        for part in (offer.title, offer.accept_button, offer.decline_button):
            assert lies_within(part, offer)
        assert lies_within(offer, studio.page)
        assert lies_within(studio.page.welcome.title, studio.page.stack)
        assert offer.geometry().bottom() < studio.page.stack.geometry().top()


def test_what_has_too_little_room_is_scrolled_with_keys(studio: WindowDriver) -> None:
    studio.application.preferences.change(font_size_pt=28)
    with shown(studio, "first_start") as window:
        area = studio.page.offer.findChild(QScrollArea)
        window.resize(window.width(), window.minimumSizeHint().height())
        studio.until(lambda: area.verticalScrollBar().maximum() > 0)
        area.setFocus()
        assert area.hasFocus()
        studio.qtbot.keyClick(area, Qt.Key.Key_PageDown)
        assert area.verticalScrollBar().value() > 0
        window.resize(window.width(), window.height() + 600)
        studio.until(lambda: area.verticalScrollBar().maximum() == 0)
        assert area.focusPolicy() is Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize("size_pt", [14, 28])
def test_an_offer_that_comes_leaves_the_window_as_small_as_it_can(
    studio: WindowDriver, size_pt: int
) -> None:
    studio.application.preferences.change(font_size_pt=size_pt)
    studio.window.resize(900, 700)
    with shown(studio, "first_start") as window:
        assert window.height() == max(700, window.minimumSizeHint().height())
