"""Shortcuts: defaults, the user's own, never two actions on one."""

from __future__ import annotations

import pytest
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from granite_live.gui.shortcuts import FIXED, current_keys, custom_keys, default_keys, labels

CONTROL = Qt.KeyboardModifier.ControlModifier
NAMES = tuple(labels())


def test_every_action_has_words_and_the_usual_keys_are_all_different(qapp: QApplication) -> None:
    keys = current_keys(())
    assert tuple(keys) == NAMES
    given_keys = [one for one in keys.values() if one]
    assert len(given_keys) == len(set(given_keys)) >= 14
    assert not set(given_keys) & set(FIXED)
    assert {name: default_keys(name) for name in NAMES} == keys


def test_what_is_chosen_comes_first(qapp: QApplication) -> None:
    keys = current_keys(
        [("find", "Ctrl+E"), ("pause", ""), ("nonsense", "Ctrl+Q"), ("copy", "ctrl+f")]
    )
    assert (keys["find"], keys["export"], keys["pause"]) == ("Ctrl+E", "", "")
    assert keys["copy"] == "Ctrl+F"
    assert "nonsense" not in keys


@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.sampled_from(["", "F5", "Ctrl+F", "Ctrl+Alt+9", "no key at all", "Ctrl+"]),
        ),
        max_size=8,
        unique_by=lambda pair: pair[0],
    )
)
def test_no_keys_are_those_of_two_actions(chosen: list[tuple[str, str]]) -> None:
    keys = current_keys(chosen)
    given_keys = [one for one in keys.values() if one]
    assert len(given_keys) == len(set(given_keys))
    assert current_keys(custom_keys(keys)) == keys


def test_other_keys_are_in_force_at_once_and_told(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "some words"))
    assert driver.page.find_button.toolTip() == "Find in this session (Ctrl+F)"
    driver.application.preferences.change(shortcuts=(("find", "F7"), ("pause", "Ctrl+J")))
    assert driver.page.find_button.toolTip() == "Find in this session (F7)"
    assert driver.control_bar.pause_button.toolTip() == "Pause (Ctrl+J)"
    driver.panel.setFocus()
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_F, CONTROL)
    assert not driver.panel.find_bar.isVisible()
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_F7)
    assert driver.panel.find_bar.isVisible()


def test_two_actions_can_change_places(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "some words"))
    driver.application.preferences.change(shortcuts=(("find", "F9"), ("sidebar", "Ctrl+F")))
    driver.panel.setFocus()
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_F, CONTROL)
    assert not driver.sidebar.isVisible()
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_F9)
    assert driver.panel.find_bar.isVisible()


@pytest.mark.parametrize("name", ["undo", "redo", "rename"])
def test_actions_of_the_menu_show_their_keys(driver: WindowDriver, name: str) -> None:
    driver.application.preferences.change(shortcuts=((name, "Ctrl+Alt+9"),))
    shown = [action.shortcut().toString() for action in driver.page.menu.actions()]
    assert shown.count("Ctrl+Alt+9") == 1
