"""The settings dialog shows and stores every setting and reports invalid values."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from helpers.messages import shows
from helpers.scripted_engine import HEADSET, SPEAKERS, ScriptedEngine
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox

from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.gui.style_sheet import current_theme
from granite_live.messages.settings import SettingsMessage
from granite_live.settings import Keep, Retention, Settings, load_settings, save_settings


@pytest.fixture
def dialog(driver: WindowDriver) -> SettingsDialog:
    made = SettingsDialog(driver.application.preferences, driver.window, driver.engine.inputs())
    made.show()
    driver.qtbot.waitExposed(made)
    return made


def choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))
    assert box.currentData() == value


def test_every_setting_is_in_force_and_stored(driver: WindowDriver, dialog: SettingsDialog) -> None:
    choose(dialog.look.appearance, "dark")
    dialog.look.size_pt.setValue(20)
    dialog.look.spacing.setValue(1.8)
    choose(dialog.listening.input, HEADSET.id)
    dialog.listening.silence_ms.setValue(900)
    choose(dialog.listening.detector, "webrtc")
    choose(dialog.listening.keep, Keep.DAYS)
    dialog.listening.days.setValue(7)
    choose(dialog.model.tier, "fp32")
    choose(dialog.model.provider, "cpu")
    choose(dialog.model.skip_editor, "fast")
    dialog.model.editing_passes.setValue(3)
    dialog.text.sentence_case.setChecked(not dialog.text.sentence_case.isChecked())
    choose(dialog.text.rules, "bbc")
    dialog.keys.fields["find"].setKeySequence(QKeySequence("F7"))
    wanted = Settings(
        appearance="dark",
        font_size_pt=20,
        line_spacing=1.8,
        input_device=HEADSET.id,
        silence_ms=900,
        detector="webrtc",
        keep=Retention(Keep.DAYS, 7),
        tier="fp32",
        provider="cpu",
        skip_editor="fast",
        editing_passes=3,
        sentence_case=not Settings().sentence_case,
        subtitle_rules="bbc",
        shortcuts=(("find", "F7"),),
    )
    assert driver.application.preferences.settings == wanted
    driver.until(lambda: load_settings() == wanted)
    assert current_theme().is_dark
    assert driver.control_bar.picker.text() == HEADSET.name
    assert dialog.text.rules_hint.text().startswith(
        "At most 2 lines of 37 characters, shown for 1 to 7 seconds, at least 0.3 seconds for each"
    )
    assert not dialog.problem.isVisible()


def test_it_shows_what_is_stored(
    make_driver: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    stored = Settings(
        appearance="light",
        input_device="pulse:gone",
        detector="webrtc",
        keep=Retention(Keep.TEXT),
        provider="coreml",
        skip_editor="off",
        editing_passes=2,
        replacements=(("granite life", "Granite Live"),),
        shortcuts=(("export", "Ctrl+F"),),
    )
    save_settings(stored)
    driver = make_driver()
    dialog = SettingsDialog(driver.application.preferences, driver.window, engine.inputs())
    assert dialog.look.appearance.currentText() == "Light"
    assert dialog.listening.input.currentText() == "Disconnected device"
    assert dialog.listening.input.findText(f"{SPEAKERS.name} (computer's sound)") > 0
    assert dialog.listening.keep.currentData() is Keep.TEXT
    assert dialog.model.provider.currentData() == "coreml"
    assert dialog.model.skip_editor.currentData() == "off"
    assert dialog.model.editing_passes.text() == "2 times"
    dialog.model.editing_passes.setValue(1)
    assert dialog.model.editing_passes.text() == "1 time"
    dialog.model.editing_passes.setValue(2)
    table = dialog.text.table
    assert [table.item(0, column).text() for column in (0, 1)] == ["granite life", "Granite Live"]
    assert dialog.keys.fields["export"].keySequence().toString() == "Ctrl+F"
    assert dialog.keys.fields["find"].keySequence().isEmpty()
    assert driver.application.preferences.settings == stored


def test_replacements_are_added_and_removed(driver: WindowDriver, dialog: SettingsDialog) -> None:
    table = dialog.text.table
    dialog.text.add.click()
    table.item(0, 0).setText("granite life")
    left_out = (("granite life", ""),)
    assert driver.application.preferences.settings.replacements == left_out
    table.item(0, 1).setText("Granite Live")
    wanted = (("granite life", "Granite Live"),)
    assert driver.application.preferences.settings.replacements == wanted
    # Tests before this one may have left Shift down, which selectRow() asks for.
    chosen = QItemSelectionModel.SelectionFlag.ClearAndSelect
    table.selectionModel().select(
        table.model().index(0, 0), chosen | QItemSelectionModel.SelectionFlag.Rows
    )
    assert dialog.text.remove.isEnabled()
    dialog.text.remove.click()
    assert driver.application.preferences.settings.replacements == ()
    assert not dialog.text.remove.isEnabled()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("Ctrl+F", "Ctrl+F is already used for “Find in this session”."),
        ("Space", "Space is already used for"),
    ],
)
def test_keys_that_are_taken_are_told(
    driver: WindowDriver, dialog: SettingsDialog, keys: str, words: str
) -> None:
    field = dialog.keys.fields["export"]
    field.setKeySequence(QKeySequence(keys))
    assert words in field.problem.text()
    assert not field.problem.isHidden()
    assert field.keySequence().toString() == "Ctrl+E"
    assert driver.application.preferences.settings.shortcuts == ()
    field.setKeySequence(QKeySequence("F8"))
    assert field.problem.isHidden()


def test_the_usual_keys_come_back(driver: WindowDriver, dialog: SettingsDialog) -> None:
    field = dialog.keys.fields["find"]
    field.setKeySequence(QKeySequence("F7"))
    assert driver.page.find_button.toolTip().endswith("(F7)")
    dialog.keys.reset.click()
    assert field.keySequence().toString() == "Ctrl+F"
    assert driver.application.preferences.settings.shortcuts == ()
    assert driver.page.find_button.toolTip().endswith("(Ctrl+F)")


def test_a_model_that_is_no_whole_path_is_told(
    driver: WindowDriver, dialog: SettingsDialog
) -> None:
    dialog.model.path.setText("granite-nar")
    dialog.model.path.editingFinished.emit()
    assert shows(dialog.problem.text(), SettingsMessage.MUST_BE_ABSOLUTE)
    assert driver.application.preferences.settings.model_path == ""


@pytest.mark.parametrize("size_pt", [14, 28])
def test_controls_of_a_form_have_one_height(
    driver: WindowDriver, dialog: SettingsDialog, size_pt: int
) -> None:
    driver.application.preferences.change(font_size_pt=size_pt)
    driver.qtbot.wait(50)
    pages = (dialog.look, dialog.listening, dialog.model)
    kinds = (QAbstractSpinBox, QComboBox)
    found = [one for page in pages for kind in kinds for one in page.findChildren(kind)]
    heights = {one.sizeHint().height() for one in found}
    assert len(found) >= 9
    assert max(heights) - min(heights) <= 4, heights


def test_every_field_has_a_name_and_the_keys_reach_it(dialog: SettingsDialog) -> None:
    pages = (
        dialog.look,
        dialog.listening,
        dialog.captions,
        dialog.model,
        dialog.text,
        dialog.keys,
    )
    for number, page in enumerate(pages):
        dialog.tabs.setCurrentIndex(number)
        reachable = []
        at = dialog.tabs.nextInFocusChain()
        while at is not dialog.tabs:
            if page.isAncestorOf(at) and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
                reachable.append(at)
            at = at.nextInFocusChain()
        named = [one for one in reachable if one.accessibleName() or getattr(one, "text", str)()]
        assert len(named) >= 3, page
