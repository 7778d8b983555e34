"""The caption settings apply at once and are stored; pages are reached by name."""

from __future__ import annotations

import re

import pytest
from helpers.caption_pixels import count, shown
from helpers.messages import sentence
from helpers.window_driver import WindowDriver
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog

from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.messages.settings import SettingsMessage
from granite_live.settings import Settings, load_settings
from granite_live.util.errors import SettingsError


@pytest.fixture
def dialog(driver: WindowDriver) -> SettingsDialog:
    made = SettingsDialog(driver.application.preferences, driver.window)
    made.show()
    driver.qtbot.waitExposed(made)
    return made


def test_every_setting_of_captions_is_in_force_and_stored(
    driver: WindowDriver, dialog: SettingsDialog
) -> None:
    page = dialog.captions
    page.lines.setValue(3)
    page.size_px.setValue(72)
    page.outline_px.setValue(6)
    page.opacity.setValue(20)
    page.color.set_color("#ffee00")
    page.background.set_color("#102030")
    page.family.setCurrentIndex(page.family.count() - 1)
    page.click_through.setChecked(True)
    wanted = Settings(
        captions_lines=3,
        captions_font_family=page.family.currentText(),
        captions_font_size_px=72,
        captions_outline_px=6,
        captions_opacity_percent=20,
        captions_colour="#ffee00",
        captions_background_colour="#102030",
        captions_click_through=True,
    )
    assert driver.application.preferences.settings == wanted
    driver.until(lambda: load_settings() == wanted)


def test_a_preview_shows_every_change(driver: WindowDriver, dialog: SettingsDialog) -> None:
    page = dialog.captions
    dialog.show_page(page)
    preview = page.preview
    assert preview.isVisible()
    assert preview.width() > preview.caption_style.least_width_px
    page.lines.setValue(1)
    height = preview.height()
    page.lines.setValue(3)
    driver.until(lambda: preview.height() > 2 * height)
    assert "final sentence." in " ".join(row.text for row in preview.rows)
    before = preview.caption_style.size_px
    page.size_px.setValue(2 * page.size_px.value())
    assert preview.caption_style.size_px > 1.5 * before
    page.size_px.setValue(page.size_px.value() // 2)
    page.opacity.setValue(100)
    page.background.set_color("#102030")
    page.color.set_color("#ffee00")
    found = shown(preview)
    assert count(found, "#102030") > found[..., 0].size / 2
    assert count(found, "#ffee00") > 20


def test_a_colour_is_chosen_in_a_dialog(driver: WindowDriver, dialog: SettingsDialog) -> None:
    button = dialog.captions.color
    assert button.text() == "#ffffff"
    button.click()
    (chooser,) = button.findChildren(QColorDialog)
    assert chooser.currentColor() == QColor("#ffffff")
    chooser.setCurrentColor(QColor("#00ff80"))
    chooser.accept()
    assert button.text() == "#00ff80"
    assert driver.application.preferences.settings.captions_colour == "#00ff80"


def test_the_names_of_pages_are_walked_with_the_arrows(
    driver: WindowDriver, dialog: SettingsDialog
) -> None:
    names = dialog.tabs.names
    assert dialog.look.isVisible()
    names.setFocus()
    driver.qtbot.keyClick(names, Qt.Key.Key_Down)
    driver.qtbot.keyClick(names, Qt.Key.Key_Down)
    assert dialog.captions.isVisible()
    assert not dialog.look.isVisible()
    assert names.currentItem().text() == "Captions"


def test_where_names_have_no_room_at_the_side_a_box_has_them(
    driver: WindowDriver, dialog: SettingsDialog
) -> None:
    pages = dialog.tabs
    assert pages.names.isVisible()
    assert not pages.box.isVisible()
    pages.names.setFocus()
    dialog.resize(300, 500)
    driver.until(pages.box.isVisible)
    assert not pages.names.isVisible()
    assert pages.box.hasFocus()
    pages.box.setCurrentIndex(pages.box.findText("Captions"))
    assert dialog.captions.isVisible()
    dialog.resize(900, 500)
    driver.until(pages.names.isVisible)
    assert pages.names.currentItem().text() == "Captions"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("captions_lines", 5, "from 1 to 4"),
        ("captions_font_size_px", 4, "from 16 to 200"),
        ("captions_colour", "red", sentence(SettingsMessage.MUST_BE_COLOR)),
        ("captions_background_colour", "#12345", sentence(SettingsMessage.MUST_BE_COLOR)),
        ("captions_opacity_percent", 101, "from 0 to 100"),
    ],
)
def test_what_cannot_be_used_is_told(
    name: str, value: object, expected: str | re.Pattern[str]
) -> None:
    with pytest.raises(SettingsError, match=expected):
        Settings(**{name: value})


def test_a_colour_is_typed_as_it_is_stored() -> None:
    settings = Settings().changed("captions_colour", "#aabbcc")
    assert settings.text_of("captions_colour") == "#aabbcc"
    assert Settings.from_stored(settings.stored()) == (settings, ())
