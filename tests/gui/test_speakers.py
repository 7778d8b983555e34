"""Who says what: shown beside the lines, named by the menu and the keys 1 to 9."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.scripted_engine import ScriptedSession, final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QInputDialog, QMenu

from granite_live.app.input_devices import AudioInput
from granite_live.gui.captions.rows import CaptionStream
from granite_live.gui.theme import DARK, LIGHT, Colors, Theme
from granite_live.gui.transcript.editing import CopyFormat, format_lines
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.gui.transcript.speakers import speaker_color
from granite_live.library import Library
from granite_live.session import events
from granite_live.settings import load_settings
from granite_live.transcript.model import Track

DESK = AudioInput("desk", "Desk microphone", is_system_sound=False, is_default=True)
OUTPUT = AudioInput("monitor", "Loudspeakers", is_system_sound=True, is_default=True)


def theirs(number: int, start_s: float, text: str) -> events.FinalText:
    return replace(final(number, start_s, text), track=Track.SYSTEM)


def meeting(driver: WindowDriver) -> ScriptedSession:
    """Start a session with two sources."""
    driver.engine.plug(DESK, OUTPUT)
    picker = driver.control_bar.picker
    driver.until(lambda: picker.current == DESK)
    both = next(one for one in picker.menu().actions() if "meeting" in one.text())
    if not both.isChecked():
        both.trigger()
    return driver.start()


def labels(driver: WindowDriver) -> list[str]:
    return [driver.model.speaker_label(line) for line in driver.model.lines]


def stored(driver: WindowDriver) -> list[str]:
    with Library.open() as library:
        session_id = driver.application.document.session_id
        return [line.speaker for line in library.utterances(session_id)]


def speaker_menu(driver: WindowDriver, row: int) -> QMenu:
    menu = driver.panel.line_menu(row, QPoint(200, 10))
    return next(one.menu() for one in menu.actions() if one.menu() is not None)


def choose(driver: WindowDriver, row: int, action: str, name: str) -> None:
    """Choose an action of a line's menu and enter a name."""
    next(
        one for one in speaker_menu(driver, row).actions() if one.text().startswith(action)
    ).trigger()
    dialog = driver.panel.findChildren(QInputDialog)[-1]
    dialog.setTextValue(name)
    dialog.accept()


def test_a_meeting_is_chosen_in_the_menu_of_inputs_and_remembered(driver: WindowDriver) -> None:
    meeting(driver)
    assert driver.engine.wanted[-1].with_system_sound
    assert driver.control_bar.picker.records_both
    driver.stop()
    driver.control_bar.picker.choose("monitor")
    assert not driver.control_bar.picker.records_both  # it is the computer's sound already
    driver.control_bar.picker.choose("")
    assert driver.control_bar.picker.records_both


def test_removing_the_echo_is_chosen_with_the_second_source_and_remembered(
    driver: WindowDriver,
) -> None:
    def echo() -> QAction:
        actions = driver.control_bar.picker.menu().actions()
        return next(one for one in actions if "loudspeakers" in one.text())

    driver.engine.plug(DESK, OUTPUT)
    picker = driver.control_bar.picker
    driver.until(lambda: picker.current == DESK)
    assert not echo().isEnabled()
    next(one for one in picker.menu().actions() if "meeting" in one.text()).trigger()
    assert echo().isEnabled()
    assert echo().isChecked()
    echo().trigger()
    assert driver.application.preferences.settings.keep_echo
    assert not echo().isChecked()
    driver.until(lambda: load_settings().keep_echo)
    driver.application.preferences.change(keep_echo=False)
    assert echo().isChecked()


def test_each_side_of_a_meeting_has_its_level(driver: WindowDriver) -> None:
    session, meters = meeting(driver), driver.control_bar.meter
    size = meters.size()
    assert not meters.system.isVisible()
    session.tell(
        events.LevelMeasured(1.0, -12.0, -6.0, False),
        events.LevelMeasured(1.0, -30.0, -24.0, False, False, Track.SYSTEM),
    )
    driver.until(meters.system.isVisible)
    driver.until(lambda: meters.microphone.toolTip() == "-12 dB")
    assert meters.system.toolTip() == "-30 dB"
    assert meters.system.accessibleName() == "Level: Others"
    assert meters.size() == size  # nothing moves
    driver.stop()
    driver.control_bar.picker.add_system_sound(adds=False)
    driver.start()
    assert not meters.system.isVisible()
    assert meters.microphone.accessibleName() == "Level"
    driver.stop()


def test_the_sides_of_a_meeting_are_played_together_or_alone(driver: WindowDriver) -> None:
    session = meeting(driver)
    driver.say(session, final(1, 0.5, "how are you"), theirs(2, 3.0, "fine thanks"))
    driver.stop()
    bar, engine = driver.page.playback_bar, driver.engine
    driver.until(bar.side.isVisible)
    assert [bar.side.itemText(at) for at in range(3)] == [*("Both sides", "Only me", "Only others")]
    bar.toggle_requested.emit()
    driver.until(lambda: engine.played_tracks == [None])
    engine.play_position_s = 2.0
    driver.until(lambda: driver.application.controller.playing.position_s == 2.0)
    bar.side.setCurrentIndex(2)
    driver.until(lambda: engine.played_tracks == [None, Track.SYSTEM])
    assert engine.played[-1][1] == 2.0  # it goes on where it was
    bar.side.setCurrentIndex(1)
    driver.until(lambda: engine.played_tracks[-1] == Track.MICROPHONE)
    driver.application.controller.playing.stop()
    # Another session has no sides; the next meeting begins with both.
    driver.control_bar.picker.add_system_sound(adds=False)
    driver.hear(final(1, 0.0, "alone"))
    driver.until(bar.isVisible)
    assert not bar.side.isVisible()
    assert driver.application.controller.playing.track is None


def test_without_system_sound_there_is_no_such_choice(driver: WindowDriver) -> None:
    driver.engine.plug(DESK)
    picker = driver.control_bar.picker
    driver.until(lambda: picker.current == DESK)
    assert not any("meeting" in one.text() for one in picker.menu().actions())


def test_both_sides_of_a_meeting_are_named_in_the_order_of_their_starts(
    driver: WindowDriver,
) -> None:
    session = meeting(driver)
    driver.say(session, theirs(2, 3.0, "fine thanks"), final(1, 0.5, "how are you"))
    assert driver.texts() == ["how are you", "fine thanks"]
    assert labels(driver) == ["Me", "Others"]
    assert driver.panel.delegate.layouts.metrics.names > 0
    index = driver.model.index(1)
    assert ", fine thanks" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    assert str(index.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("Others, ")
    # The sides keep their names when the session is opened again.
    driver.stop()
    shown = driver.application.document.session_id
    driver.application.document.open(shown)
    driver.until(lambda: labels(driver) == ["Me", "Others"])


def test_a_session_with_one_source_shows_no_names_until_one_is_given(driver: WindowDriver) -> None:
    driver.hear(final(1, 0.0, "hello"), final(2, 5.0, "good morning"), final(3, 9.0, "well"))
    assert labels(driver) == ["", "", ""]
    assert driver.panel.delegate.layouts.metrics.names == 0
    choose(driver, 1, "Another speaker from here on", "Anna")
    driver.until(lambda: labels(driver) == ["", "Anna", "Anna"])
    assert driver.panel.delegate.layouts.metrics.names > 0
    driver.application.document.editing.stack.undo()
    assert labels(driver) == ["", "", ""]
    assert driver.panel.delegate.layouts.metrics.names == 0
    driver.until(lambda: stored(driver) == ["", "", ""])


def test_a_speaker_is_renamed_and_merged_in_the_whole_session(driver: WindowDriver) -> None:
    session = meeting(driver)
    driver.say(session, *(theirs(n, n * 4.0, f"line {n}") for n in (1, 2, 3)))
    driver.stop()
    choose(driver, 2, "Another name", "Ben")
    driver.until(lambda: labels(driver) == ["Others", "Others", "Ben"])
    choose(driver, 0, "Rename “Others”", "Anna")
    driver.until(lambda: labels(driver) == ["Anna", "Anna", "Ben"])
    choose(driver, 2, "Rename “Ben”", "Anna")
    driver.until(lambda: labels(driver) == ["Anna", "Anna", "Anna"])
    driver.until(lambda: stored(driver) == ["Anna", "Anna", "Anna"])


def test_the_keys_name_who_speaks_while_listening(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "hello"))
    plain = Qt.KeyboardModifier.NoModifier
    driver.key(Qt.Key.Key_1, plain)
    driver.until(lambda: labels(driver) == ["Speaker 1"])
    # What is being spoken has no text in the list yet: it gets its speaker with it.
    session.tell(events.DraftText(6.0, 2, 5.0, "good", 1))
    driver.until(lambda: driver.model.rowCount() == 2)
    assert labels(driver) == ["Speaker 1", "Speaker 1"]
    driver.key(Qt.Key.Key_2, plain)
    assert labels(driver) == ["Speaker 1", "Speaker 2"]
    session.tell(final(2, 5.0, "good morning"), final(3, 9.0, "how are you"))
    driver.until(lambda: driver.model.rowCount() == 3)
    driver.until(lambda: labels(driver) == ["Speaker 1", "Speaker 2", "Speaker 2"])
    driver.until(lambda: stored(driver) == ["Speaker 1", "Speaker 2", "Speaker 2"])
    driver.stop()


def test_in_a_meeting_the_keys_name_the_other_side(driver: WindowDriver) -> None:
    session = meeting(driver)
    driver.say(session, theirs(1, 0.0, "hello"), final(2, 3.0, "good morning"))
    driver.key(Qt.Key.Key_3, Qt.KeyboardModifier.NoModifier)
    driver.until(lambda: labels(driver) == ["Speaker 3", "Me"])
    driver.stop()


def test_after_the_session_the_keys_name_the_selected_lines(driver: WindowDriver) -> None:
    driver.hear(final(1, 0.0, "hello"), final(2, 5.0, "good morning"))
    driver.panel.setCurrentIndex(driver.model.index(1))
    driver.key(Qt.Key.Key_2, Qt.KeyboardModifier.NoModifier)
    driver.until(lambda: labels(driver) == ["", "Speaker 2"])


def test_a_name_keeps_its_key(driver: WindowDriver) -> None:
    session = meeting(driver)
    driver.say(session, *(theirs(n, n * 4.0, f"line {n}") for n in (1, 2)))
    driver.stop()
    speakers = driver.application.document.editing.speakers
    speakers.name_lines([0], "Speaker 2")
    driver.until(lambda: labels(driver)[0] == "Speaker 2")
    speakers.name_lines([1], "Anna")
    driver.until(lambda: labels(driver)[1] == "Anna")
    assert speakers.key_names()[:3] == ["Anna", "Speaker 2", "Speaker 3"]


def test_copied_lines_say_who_speaks(driver: WindowDriver) -> None:
    session = meeting(driver)
    driver.say(session, final(1, 0.0, "hello"), theirs(2, 65.0, "good morning"))
    lines, label = driver.model.lines, driver.model.speaker_label
    assert format_lines(lines, CopyFormat.TEXT, label) == "Me: hello\nOthers: good morning"
    assert format_lines(lines, CopyFormat.TIMES, label).endswith("1:05\tOthers: good morning")
    driver.stop()


@pytest.mark.parametrize("colors", [LIGHT, DARK])
def test_the_colors_of_speakers_are_readable(colors: Colors) -> None:
    theme = Theme(colors=colors)
    page = _luminance(theme.colors.page)
    for number in range(6):
        ink = _luminance(speaker_color(theme, number))
        assert (max(page, ink) + 0.05) / (min(page, ink) + 0.05) >= 4.5
    assert len({speaker_color(theme, number) for number in range(6)}) == 6


def _luminance(color: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    found = QColor(color)
    red, green, blue = map(linear, (found.redF(), found.greenF(), found.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_captions_mark_where_the_other_side_speaks() -> None:
    stream = CaptionStream()
    stream.apply(final(1, 0.0, "how are you"))
    stream.apply(final(2, 3.0, "well"))
    stream.apply(theirs(4, 7.0, "and you"))
    stream.apply(theirs(3, 5.0, "fine"))
    stream.apply(final(5, 9.0, "fine too"))
    assert [" ".join(one.words) for one in stream.utterances] == [
        *("how are you", "well", "– fine", "and you", "– fine too")  # noqa: RUF001
    ]


def test_a_line_of_the_model_takes_over_who_spoke_before_on_its_track() -> None:
    model = TranscriptModel()
    model.set_meeting(True)
    model.apply(theirs(1, 0.0, "one"))
    model.name_speaker(0, "Anna")
    model.apply(final(2, 2.0, "two"))
    model.apply(theirs(3, 4.0, "three"))
    assert [model.speaker_label(line) for line in model.lines] == ["Anna", "Me", "Anna"]
    assert [model.speaker_number(line) for line in model.lines] == [2, 0, 2]


def test_undoing_a_speaker_from_here_on_gives_later_lines_theirs_back_too(
    driver: WindowDriver,
) -> None:
    session = meeting(driver)
    driver.say(session, theirs(1, 0.0, "hello"), theirs(2, 4.0, "I am Anna"))
    choose(driver, 1, "Another speaker from here on", "Anna")
    driver.until(lambda: labels(driver) == ["Others", "Anna"])
    driver.say(session, theirs(3, 8.0, "and I go on"))
    session.tell(replace(events.DraftText(12.0, 4, 12.0, "still", 1), track=Track.SYSTEM))
    driver.until(lambda: labels(driver) == ["Others", "Anna", "Anna", "Anna"])
    driver.application.document.editing.stack.undo()
    driver.until(lambda: labels(driver) == ["Others"] * 4)
    session.tell(theirs(4, 12.0, "still speaking"))
    driver.until(lambda: driver.texts()[3] == "still speaking")
    assert labels(driver) == ["Others"] * 4
    driver.until(lambda: stored(driver) == [""] * 4)
    driver.application.document.editing.stack.redo()
    driver.until(lambda: labels(driver) == ["Others", "Anna", "Anna", "Anna"])
    driver.until(lambda: stored(driver) == ["", "Anna", "Anna", "Anna"])
    driver.stop()
