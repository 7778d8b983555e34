"""The menu bar, the table of actions, help and about."""

from __future__ import annotations

import json
from typing import TypeVar

import pytest
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QCompleter, QDialog, QMenu
from pytestqt.qtbot import QtBot

from granite_live import __version__
from granite_live.gui import actions
from granite_live.gui.background import Background
from granite_live.gui.help_controller import HelpController
from granite_live.gui.help_dialogs import AboutDialog, HelpDialog
from granite_live.gui.shortcuts import labels
from granite_live.gui.theme import Theme

Shown = TypeVar("Shown", bound=QDialog)


def menus(driver: WindowDriver) -> dict[str, QMenu]:
    bar = driver.window.menuBar()
    return {one.objectName(): one for one in bar.findChildren(QMenu) if one.objectName()}


def test_the_menu_bar_has_the_usual_menus(driver: WindowDriver) -> None:
    titles = [one.text().replace("&", "") for one in driver.window.menuBar().actions()]
    assert titles == ["File", "Edit", "View", "Session", "Help"]
    shown = [one.objectName() for menu in menus(driver).values() for one in menu.actions()]
    assert {name for name in shown if name} == set(driver.window.actions_by_id.names)
    assert QAccessible.queryAccessibleInterface(driver.window).role() in {
        QAccessible.Role.Window,
        QAccessible.Role.Client,
    }


def test_every_action_with_keys_is_in_the_table(driver: WindowDriver) -> None:
    assert set(labels()) <= set(driver.window.actions_by_id.names)
    table = driver.window.actions_by_id
    assert table["quit"].shortcut().toString() == "Ctrl+Q"
    assert table["help"].shortcut().toString() == "F1"


def test_keys_belong_to_the_id_and_not_to_the_default_keys(driver: WindowDriver) -> None:
    change = driver.application.preferences.change
    change(shortcuts=(("undo", "Ctrl+R"), ("redo", "Ctrl+Z")))
    table = driver.window.actions_by_id
    assert table["undo"].shortcut().toString() == "Ctrl+R"
    assert table["redo"].shortcut().toString() == "Ctrl+Z"


def test_actions_follow_what_is_possible(driver: WindowDriver) -> None:
    table = driver.window.actions_by_id
    assert not table["export"].isEnabled()
    assert not table["rename"].isEnabled()
    assert not table["pause"].isEnabled()
    session = driver.start()
    assert table["start_stop"].text() == "&Stop transcribing"
    assert table["pause"].isEnabled()
    driver.say(session, final(1, 0.0, "some words"))
    assert table["export"].isEnabled()
    table["pause"].trigger()
    driver.until(lambda: table["pause"].text() == "&Resume")
    table["start_stop"].trigger()
    driver.until(lambda: table["start_stop"].text() == "&Start transcribing")
    driver.until(table["delete_session"].isEnabled)


def test_the_sidebar_switch_follows_the_sidebar(driver: WindowDriver) -> None:
    switch = driver.window.actions_by_id["sidebar"]
    assert switch.isChecked()
    switch.trigger()
    assert (switch.isChecked(), driver.sidebar.isVisible()) == (False, False)
    driver.page.sidebar_button.click()
    assert (switch.isChecked(), driver.sidebar.isVisible()) == (True, True)


def test_the_more_menu_opens_inside_the_window(driver: WindowDriver) -> None:
    names = [one.objectName() for one in driver.page.menu.actions()]
    assert {"settings", "help", "about"} <= set(names)
    driver.window.move(0, 0)
    button = driver.page.more_button
    driver.page.menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
    menu = driver.page.menu.geometry()
    edge = button.mapToGlobal(button.rect().bottomRight()).x()
    assert menu.right() <= edge
    driver.page.menu.close()


def visible(kind: type[Shown]) -> list[Shown]:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind)]
    return [one for one in found if one.isVisible()]


def test_f1_opens_the_help_with_the_list_of_keys(driver: WindowDriver) -> None:
    driver.key(Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier)
    driver.until(lambda: visible(HelpDialog))
    (dialog,) = visible(HelpDialog)
    assert "Ctrl+Shift+L" in dialog.keys.toPlainText()
    assert "Start" in dialog.topics.toPlainText()
    dialog.close()


def test_about_names_versions_and_licenses(driver: WindowDriver) -> None:
    driver.window.actions_by_id["about"].trigger()
    (dialog,) = visible(AboutDialog)
    assert "Apache-2.0" in dialog.versions.text()
    assert "onnxruntime" not in dialog.windowTitle()
    assert __version__ in " ".join(one.text() for one in dialog.findChildren(type(dialog.versions)))
    dialog.close()


def test_diagnostic_information_is_copied(driver: WindowDriver, background: Background) -> None:
    help_ = HelpController(driver.window, background, lambda: json.dumps({"version": 1}))
    help_.copy_diagnostics()
    driver.until(lambda: "copied" in driver.page.notices.text.text())
    assert background.join(5)


@pytest.mark.parametrize("name", sorted(actions.MENUS))
def test_menus_name_known_actions(name: str, qapp: QApplication) -> None:
    known = set(actions.action_specs())
    assert set(actions.MENUS[name]) - {actions.SEPARATOR} <= known
    assert set(actions.MORE) - {actions.SEPARATOR} <= known


def test_a_completer_is_readable(qtbot: QtBot, theme: Theme) -> None:
    completer = QCompleter(QStringListModel(["welcome.flac"]))
    popup = completer.popup()
    qtbot.addWidget(popup)
    popup.show()
    qtbot.waitUntil(popup.isVisible)
    image = popup.viewport().grab().toImage()
    corner = image.pixelColor(image.width() - 3, image.height() - 3)
    assert corner.name() == theme.colors.raised
    assert QGuiApplication.platformName() == "offscreen"
    popup.hide()
