"""The caption window in the program: open, update, change, move, close."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from helpers.caption_pixels import drag
from helpers.scripted_engine import ScriptedSession, final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QPoint, QRect, Qt

from granite_live.gui.captions.controller import CaptionController
from granite_live.gui.captions.positions import Screen
from granite_live.gui.captions.window import NO_EDGE, CaptionWindow, cursor_for, dragged, edges_at
from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.gui.style_sheet import current_theme
from granite_live.session import events
from granite_live.settings import load_settings

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HINT = "Captions appear here"


@pytest.fixture
def caption_controller(driver: WindowDriver) -> CaptionController:
    return driver.application.controller.captions


def opened(caption_controller: CaptionController) -> CaptionWindow:
    caption_controller.open()
    assert caption_controller.window is not None
    return caption_controller.window


def text(window: CaptionWindow) -> str:
    return " ".join(row.text for row in window.rows)


def draft(number: int, words: str) -> events.DraftText:
    return events.DraftText(1.0, number, number * 5.0, words, 0)


def test_a_shortcut_opens_and_closes_it_and_the_menu_shows_which(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    table = driver.window.actions_by_id
    assert not table["captions"].isChecked()
    driver.key(Qt.Key.Key_L, CONTROL | SHIFT)
    window = caption_controller.window
    assert window is not None
    assert window.isVisible()
    assert text(window) == HINT
    assert table["captions"].isChecked()
    table["captions"].trigger()
    assert not caption_controller.is_shown
    assert not window.isVisible()
    assert not table["captions"].isChecked()


def test_it_takes_neither_the_keys_nor_a_place_among_windows(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    """tests/end_to_end/test_captions_desktop.py tests it with a window manager."""
    window = opened(caption_controller)
    assert window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert not window.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)


def test_what_is_said_flows_in_grey_first(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    window = opened(caption_controller)
    session = driver.start()
    session.tell(draft(1, "it has"))
    driver.until(lambda: text(window) == "it has")
    assert not window.rows[-1].pieces[0].is_final
    session.tell(final(1, 0.0, "It has rained."), draft(2, "and"))
    driver.until(lambda: text(window) == "It has rained. and")
    assert [[piece.is_final for piece in row.pieces] for row in window.rows] == [
        [True, True, True],
        [False],
    ]


def test_opened_late_it_shows_the_end_and_closing_it_stops_nothing(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    session = driver.start()
    driver.say(session, *(final(n, n * 5.0, f"This is sentence number {n}.") for n in range(1, 9)))
    window = opened(caption_controller)
    assert text(window).endswith("This is sentence number 8.")
    assert len(window.rows) == 2
    caption_controller.close()
    assert driver.application.live.is_active
    driver.say(session, final(9, 50.0, "The last one."))
    assert text(opened(caption_controller)).endswith("The last one.")


def test_another_session_begins_with_an_empty_window(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    window = opened(caption_controller)
    driver.say(driver.start(), final(1, 0.0, "The first session."))
    assert text(window) == "The first session."
    driver.stop()
    assert text(window) == "The first session."
    driver.say(driver.start(), final(1, 0.0, "The second one."))
    assert text(window) == "The second one."


def test_every_setting_is_in_force_at_once(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    window = opened(caption_controller)
    before = window.geometry()
    driver.application.preferences.change(
        captions_lines=3,
        captions_font_size_px=40,
        captions_colour="#ffff00",
        captions_outline_px=5,
        captions_background_colour="#101040",
        captions_opacity_percent=30,
        captions_font_family="DejaVu Sans",
    )
    look = window.caption_style
    assert (look.lines, look.size_px, look.color, look.outline_px) == (3, 40, "#ffff00", 5)
    assert (look.background, look.opacity_percent) == ("#101040", 30)
    assert look.family == "DejaVu Sans"
    assert window.height() == look.height_px != before.height()
    assert window.geometry().bottom() == before.bottom()


def test_without_a_font_of_their_own_they_have_that_of_the_window(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    driver.application.preferences.change(font_family="DejaVu Sans")
    assert (
        opened(caption_controller).caption_style.family == current_theme().family == "DejaVu Sans"
    )
    driver.application.preferences.change(captions_font_family="Inter")
    assert caption_controller.window is not None
    assert caption_controller.window.caption_style.family == "Inter"


def test_clicks_go_through_and_there_is_a_way_back(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    window = opened(caption_controller)
    window.fill_menu()
    through = next(one for one in window.menu.actions() if "clicks" in one.text())
    assert through.text().endswith("\tCtrl+Shift+T")
    through.trigger()
    transparent = Qt.WindowType.WindowTransparentForInput
    assert window.isVisible()
    assert window.windowHandle().flags() & transparent
    assert driver.window.actions_by_id["captions_through"].isChecked()
    assert "Ctrl+Shift+T" in driver.page.notices.text.text()
    driver.until(lambda: load_settings().captions_click_through)
    driver.key(Qt.Key.Key_T, CONTROL | SHIFT)
    assert window.isVisible()
    assert not window.windowHandle().flags() & transparent
    assert not driver.window.actions_by_id["captions_through"].isChecked()


def test_a_window_that_lets_clicks_through_does_so_when_it_is_opened_again(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    caption_controller.toggle_click_through()
    window = opened(caption_controller)
    assert window.windowHandle().flags() & Qt.WindowType.WindowTransparentForInput


def test_its_menu_changes_lines_and_size_and_closes_it(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    window = opened(caption_controller)

    def choose(wanted: str) -> None:
        window.fill_menu()
        next(one for one in window.menu.actions() if one.text() == wanted).trigger()

    preferences = driver.application.preferences
    choose("4 lines")
    assert (preferences.settings.captions_lines, window.caption_style.lines) == (4, 4)
    choose("Larger")
    assert preferences.settings.captions_font_size_px == 64
    choose("Smaller")
    choose("Smaller")
    assert window.caption_style.size_px == 48
    preferences.change(captions_font_size_px=200)
    window.fill_menu()
    assert not next(one for one in window.menu.actions() if one.text() == "Larger").isEnabled()
    choose("Close")
    assert not caption_controller.is_shown


def test_dragged_by_its_middle_it_is_there_again_after_a_restart(
    make_driver: Callable[[], WindowDriver],
) -> None:
    driver = make_driver()
    caption_controller = driver.application.controller.captions
    window = opened(caption_controller)
    old = window.geometry()
    drag(window, (window.width() // 2, window.height() // 2), (-20, -150), (-40, -300))
    wanted = old.translated(-40, -300)
    assert window.geometry() == wanted
    caption_controller.close()
    assert opened(caption_controller).geometry() == wanted
    driver.window.close()
    assert driver.end()
    assert opened(make_driver().application.controller.captions).geometry() == wanted


def test_its_sides_make_it_wider_and_its_upper_edge_gives_it_lines(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    driver.application.preferences.change(captions_font_size_px=32)
    window = opened(caption_controller)
    old, row_px = window.geometry(), window.caption_style.row_px
    middle = old.height() // 2
    drag(window, (window.width() - 2, middle), (-200, 0))
    assert window.geometry() == old.adjusted(0, 0, -200, 0)
    drag(window, (100, 1), (0, -row_px // 2), (0, -2 * row_px))
    assert window.caption_style.lines == 4
    assert window.geometry().bottom() == old.bottom()
    drag(window, (100, window.height() - 2), (0, -2 * row_px))
    assert window.caption_style.lines == 2
    assert window.geometry().top() == old.top() - 2 * row_px


def test_rows_break_anew_when_it_is_narrower(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    driver.application.preferences.change(captions_font_size_px=32, captions_lines=4)
    window = opened(caption_controller)
    driver.say(driver.start(), final(1, 0.0, "The trees were full of birds."))
    assert len(window.rows) == 1
    drag(window, (window.width() - 2, window.height() // 2), (-window.width() // 2, 0))
    driver.until(lambda: len(window.rows) >= 2)
    assert text(window) == "The trees were full of birds."


def test_it_moves_when_its_screen_goes_and_returns_with_it(driver: WindowDriver) -> None:
    here = [Screen("left", QRect(0, 0, 400, 800)), Screen("right", QRect(400, 0, 400, 800))]
    known = list(here)
    application = driver.application
    caption_controller = CaptionController(
        application.live,
        application.preferences,
        driver.window.ui_state,
        driver.window,
        screens=lambda: known,
    )
    application.preferences.change(captions_font_size_px=24)
    window = opened(caption_controller)
    assert here[0].area.contains(window.geometry())
    drag(window, (window.width() // 2, window.height() // 2), (400, -80))
    at_right = window.geometry()
    assert here[1].area.contains(at_right)
    known.remove(here[1])
    caption_controller.reposition()
    assert here[0].area.contains(window.geometry())
    known.append(here[1])
    caption_controller.reposition()
    assert window.geometry() == at_right
    caption_controller.close()


def test_words_of_a_session_that_has_ended_are_not_shown_again(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    driver.say(driver.start(), final(1, 0.0, "An old sentence."))
    driver.stop()
    assert text(opened(caption_controller)) == HINT


@pytest.mark.parametrize("lines", [1, 2])
def test_the_hint_is_whole_in_the_narrowest_window(
    driver: WindowDriver, caption_controller: CaptionController, lines: int
) -> None:
    driver.application.preferences.change(captions_lines=lines)
    window = opened(caption_controller)
    assert text(window) == HINT
    window.resize(window.caption_style.least_width_px, window.height())
    driver.until(lambda: text(window) == ("Captions" if lines == 1 else HINT))
    assert len(window.rows) <= lines


def test_it_cannot_be_dragged_off_the_screen(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    window = opened(caption_controller)
    area = window.screen().geometry()
    middle = (window.width() // 2, window.height() // 2)
    for way in ((-700, 0), (700, 0), (0, -700), (0, 700)):
        drag(window, middle, way)
        assert area.contains(window.geometry())
    drag(window, (window.width() - 2, middle[1]), (700, 0))
    assert area.contains(window.geometry())
    drag(window, (1, middle[1]), (-700, 0))
    assert area.contains(window.geometry())
    assert window.width() == area.width()


def test_it_is_open_again_at_the_next_start_if_it_was_open_at_the_end(
    make_driver: Callable[[], WindowDriver],
) -> None:
    driver = make_driver()
    opened(driver.application.controller.captions)
    driver.window.close()
    assert driver.end()
    driver = make_driver()
    caption_controller = driver.application.controller.captions
    assert caption_controller.is_shown
    caption_controller.close()
    driver.window.close()
    assert driver.end()
    assert not make_driver().application.controller.captions.is_shown


def test_its_menu_starts_and_stops_and_leads_to_its_settings(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    window = opened(caption_controller)

    def choose(wanted: str) -> None:
        window.fill_menu()
        next(one for one in window.menu.actions() if one.text() == wanted).trigger()

    choose("Start transcribing")
    driver.until(lambda: driver.application.live.is_active and driver.engine.sessions)
    session = driver.engine.sessions[-1]
    session.tell(events.StateChanged(0.1, "listening", "Listening to a script."))
    driver.until(lambda: driver.control_bar.state.text().startswith("Listening"))
    choose("Stop transcribing")
    driver.until(lambda: not driver.application.live.is_active)
    choose("Caption settings…")
    (dialog,) = driver.window.findChildren(SettingsDialog)
    assert dialog.captions.isVisible()
    dialog.close()


def test_without_a_screen_it_does_not_open(driver: WindowDriver) -> None:
    application = driver.application
    caption_controller = CaptionController(
        application.live,
        application.preferences,
        driver.window.ui_state,
        driver.window,
        screens=list,
    )
    with driver.qtbot.waitSignal(caption_controller.visibility_changed) as told:
        caption_controller.open()
    assert told.args == [False]
    assert caption_controller.window is None


def test_where_nothing_is_said_the_last_words_stay(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    window = opened(caption_controller)
    session: ScriptedSession = driver.start()
    driver.say(session, final(1, 0.0, "It has rained."))
    session.tell(events.LevelMeasured(2.0, -60.0, -50.0, False), draft(1, "late"), draft(2, ""))
    driver.say(session, final(2, 9.0, "Again."))
    assert text(window) == "It has rained. Again."


def test_the_program_ends_with_it_open(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    window = opened(caption_controller)
    assert driver.end()
    assert not window.isVisible()
    assert caption_controller.window is None


@pytest.mark.parametrize(
    ("at", "edges", "cursor"),
    [
        ((400, 50), NO_EDGE, Qt.CursorShape.SizeAllCursor),
        ((3, 50), Qt.Edge.LeftEdge, Qt.CursorShape.SizeHorCursor),
        ((400, 97), Qt.Edge.BottomEdge, Qt.CursorShape.SizeVerCursor),
        ((2, 2), Qt.Edge.LeftEdge | Qt.Edge.TopEdge, Qt.CursorShape.SizeFDiagCursor),
        ((797, 2), Qt.Edge.RightEdge | Qt.Edge.TopEdge, Qt.CursorShape.SizeBDiagCursor),
    ],
)
def test_the_mouse_shows_what_it_takes_hold_of(
    at: tuple[int, int], edges: Qt.Edge, cursor: Qt.CursorShape
) -> None:
    found = edges_at(QPoint(*at), QRect(0, 0, 800, 100).size())
    assert found == edges
    assert cursor_for(found) is cursor


def test_an_edge_cannot_be_dragged_over_the_other_one() -> None:
    begin = QRect(100, 100, 400, 100)
    left = dragged(begin, Qt.Edge.LeftEdge, QPoint(900, 0), 150)
    assert left == QRect(350, 100, 150, 100)
    corner = dragged(begin, Qt.Edge.RightEdge | Qt.Edge.BottomEdge, QPoint(-900, -900), 150)
    assert corner == QRect(100, 100, 150, 1)


def test_opened_for_the_first_time_they_leave_the_control_bar_free(
    driver: WindowDriver, caption_controller: CaptionController
) -> None:
    screen = driver.window.screen().geometry()
    driver.window.resize(screen.width(), screen.height() - 60)
    driver.window.move(0, 30)
    driver.until(lambda: driver.window.control_bar_on_screen().bottom() > screen.height() * 0.8)
    window = opened(caption_controller)
    assert not window.geometry().intersects(driver.window.control_bar_on_screen())
    assert screen.contains(window.geometry())
