"""The window in German: complete, nothing clipped, and English again afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from helpers.all_windows import SURFACES, pages, shown
from helpers.clipped_widgets import clipped, clipped_hints
from helpers.scripted_engine import final
from helpers.translated_strings import all_said
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from granite_live.gui.dictation import status_text
from granite_live.gui.dictation.dictation import DictationState
from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.messages.desktop import HotkeyMessage
from granite_live.settings import Settings, load_settings, save_settings

LARGE_PT = 21
"""1.5 times the default size."""

Speak = Callable[..., WindowDriver]


@pytest.fixture
def speak(make_driver: Callable[[], WindowDriver]) -> Iterator[Speak]:
    made: list[WindowDriver] = []

    def make(language: str, size_pt: int = 14) -> WindowDriver:
        save_settings(Settings(language=language, font_size_pt=size_pt))
        made.append(make_driver())
        return made[-1]

    yield make
    for driver in made:
        assert driver.end()
    assert QCoreApplication.translate("Words", "Ready") == "Ready"


def test_the_window_is_german_from_the_start(speak: Speak) -> None:
    driver = speak("de")
    assert driver.control_bar.state.text() == "Bereit"
    assert driver.page.welcome.title.text() == "Leertaste drücken und sprechen"
    assert driver.page.find_button.toolTip() == "In dieser Sitzung suchen (Strg+F)"
    session = driver.start()
    driver.say(session, final(1, 0.0, "Guten Morgen."))
    assert driver.control_bar.state.text().startswith("Hört zu")
    driver.until(lambda: driver.page.details.text().startswith("Heute"))
    driver.stop()


def test_another_language_is_stored_and_waits_for_the_next_start(speak: Speak) -> None:
    driver = speak("en")
    dialog = SettingsDialog(driver.application.preferences, driver.window)
    box = dialog.look.language
    assert box.currentText() == "English"
    box.setCurrentIndex(box.findText("Deutsch"))
    driver.until(lambda: load_settings().language == "de")
    assert driver.control_bar.state.text() == "Ready"


def english_only() -> set[str]:
    """Return English sentences whose German differs: seeing one in German is an error."""
    translate = QCoreApplication.translate
    said = [(one.context, one.source) for one in all_said() if one.source]
    return {source for context, source in said if translate(context, source) != source}


def check_is_german(surface: QWidget) -> None:
    """Assert that no label, button or tip of a surface is English."""
    english = english_only()
    assert len(english) > 300
    widgets = [*surface.findChildren(QLabel), *surface.findChildren(QAbstractButton)]
    told = {text for one in widgets for text in (one.text(), one.toolTip()) if text}
    assert len(told) > 2
    assert sorted(told & english) == []


# English is tested at default and double size in test_mirrored.
@pytest.mark.parametrize(
    ("language", "size_pt"),
    [
        pytest.param("de", 14, marks=pytest.mark.soak),
        ("de", LARGE_PT),
        pytest.param("en", LARGE_PT, marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize("name", SURFACES)
def test_everything_is_translated_and_fits(
    speak: Speak, name: str, language: str, size_pt: int
) -> None:
    driver = speak(language, size_pt)
    with shown(driver, name) as surface:
        if language == "de":
            check_is_german(surface)
        for page in pages(driver, surface):
            # On a busy machine the last layout comes a few events later.
            driver.qtbot.waitUntil(lambda: not clipped(surface))
            assert not clipped_hints(surface), page


def test_one_day_is_no_days(speak: Speak) -> None:
    driver = speak("de")
    days = SettingsDialog(driver.application.preferences, driver.window).listening.days
    for count, wanted in ((1, "1 Tag"), (2, "2 Tage"), (1, "1 Tag")):
        days.setValue(count)
        assert days.text() == wanted


@pytest.mark.parametrize("size_pt", [14, LARGE_PT])
def test_all_that_the_pad_says_fits(speak: Speak, size_pt: int) -> None:
    pad = speak("de", size_pt).application.auxiliary.dictation.window
    pad.show_unfocused()
    reason = HotkeyMessage.TAKEN(combination="Ctrl+Alt+Space")
    for stage, is_hold, is_loaded in product(DictationState, (True, False), (True, False)):
        told = status_text.state_text(stage, is_loaded=is_loaded, is_recorded=is_hold)
        pad.show_state(stage, told, is_hold=is_hold)
        keys = status_text.key("Strg+Alt+Leertaste", "" if is_loaded else reason, is_hold=is_hold)
        assert "already" not in keys
        pad.set_label_text(pad.key, keys)
        assert not clipped(pad)
    pad.close()


def test_the_locale_is_the_languages(speak: Speak) -> None:
    speak("de")
    assert QLocale().language() is QLocale.Language.German
    assert QLocale().textDirection() is Qt.LayoutDirection.LeftToRight
