"""The caption window in the program: open, update, change, move, close."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import WindowDriver
from helpers.caption_pixels import drag
from helpers.scripted_engine import ScriptedSession, final
from PySide6.QtCore import QPoint, QRect, Qt

from granite_live.gui.captions.controller import CaptionController, Screen
from granite_live.gui.captions.window import NO_EDGE, CaptionWindow, cursor_for, dragged, edges_at
from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.session import events
from granite_live.settings import load_settings

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HINT = "Captions appear here"


@pytest.fixture
def desk(studio: WindowDriver) -> CaptionController:
    return studio.application.controller.captions


def opened(desk: CaptionController) -> CaptionWindow:
    desk.open()
    assert desk.window is not None
    return desk.window


def text(window: CaptionWindow) -> str:
    return " ".join(row.text for row in window.rows)


def draft(number: int, words: str) -> events.DraftText:
    return events.DraftText(1.0, number, number * 5.0, words, 0)


def test_a_shortcut_opens_and_closes_it_and_the_menu_shows_which(
    studio: WindowDriver, desk: CaptionController
) -> None:
    menu = studio.application.controller.menu
    assert not menu.captions.isChecked()
    studio.key(Qt.Key.Key_L, CONTROL | SHIFT)
    window = desk.window
    assert window is not None
    assert window.isVisible()
    assert text(window) == HINT
    assert menu.captions.isChecked()
    menu.captions.trigger()
    assert not desk.is_shown
    assert not window.isVisible()
    assert not menu.captions.isChecked()


def test_it_takes_neither_the_keys_nor_a_place_among_windows(
    studio: WindowDriver, desk: CaptionController
) -> None:
    """tests/end_to_end/test_captions_desktop.py tests it with a window manager."""
    window = opened(desk)
    assert window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert not window.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)


def test_what_is_said_flows_in_grey_first(studio: WindowDriver, desk: CaptionController) -> None:
    window = opened(desk)
    session = studio.start()
    session.tell(draft(1, "it has"))
    studio.until(lambda: text(window) == "it has")
    assert not window.rows[-1].pieces[0].is_final
    session.tell(final(1, 0.0, "It has rained."), draft(2, "and"))
    studio.until(lambda: text(window) == "It has rained. and")
    assert [[piece.is_final for piece in row.pieces] for row in window.rows] == [
        [True, True, True],
        [False],
    ]


def test_opened_late_it_shows_the_end_and_closing_it_stops_nothing(
    studio: WindowDriver, desk: CaptionController
) -> None:
    session = studio.start()
    studio.say(session, *(final(n, n * 5.0, f"This is sentence number {n}.") for n in range(1, 9)))
    window = opened(desk)
    assert text(window).endswith("This is sentence number 8.")
    assert len(window.rows) == 2
    desk.close()
    assert studio.application.live.is_active
    studio.say(session, final(9, 50.0, "The last one."))
    assert text(opened(desk)).endswith("The last one.")


def test_another_session_begins_with_an_empty_window(
    studio: WindowDriver, desk: CaptionController
) -> None:
    window = opened(desk)
    studio.say(studio.start(), final(1, 0.0, "The first session."))
    assert text(window) == "The first session."
    studio.stop()
    assert text(window) == "The first session."
    studio.say(studio.start(), final(1, 0.0, "The second one."))
    assert text(window) == "The second one."


def test_every_setting_is_in_force_at_once(studio: WindowDriver, desk: CaptionController) -> None:
    window = opened(desk)
    before = window.geometry()
    studio.application.preferences.change(
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
    studio: WindowDriver, desk: CaptionController
) -> None:
    studio.application.preferences.change(font_family="DejaVu Sans")
    assert opened(desk).caption_style.family == studio.window.theme.family == "DejaVu Sans"
    studio.application.preferences.change(captions_font_family="Inter")
    assert desk.window is not None
    assert desk.window.caption_style.family == "Inter"


def test_clicks_go_through_and_there_is_a_way_back(
    studio: WindowDriver, desk: CaptionController
) -> None:
    window = opened(desk)
    window.fill_menu()
    through = next(one for one in window.menu.actions() if "clicks" in one.text())
    assert through.text().endswith("\tCtrl+Shift+T")
    through.trigger()
    transparent = Qt.WindowType.WindowTransparentForInput
    assert window.isVisible()
    assert window.windowHandle().flags() & transparent
    assert studio.application.controller.menu.captions_through.isChecked()
    assert "Ctrl+Shift+T" in studio.page.notices.text.text()
    studio.until(lambda: load_settings().captions_click_through)
    studio.key(Qt.Key.Key_T, CONTROL | SHIFT)
    assert window.isVisible()
    assert not window.windowHandle().flags() & transparent
    assert not studio.application.controller.menu.captions_through.isChecked()


def test_a_window_that_lets_clicks_through_does_so_when_it_is_opened_again(
    studio: WindowDriver, desk: CaptionController
) -> None:
    desk.toggle_click_through()
    window = opened(desk)
    assert window.windowHandle().flags() & Qt.WindowType.WindowTransparentForInput


def test_its_menu_changes_lines_and_size_and_closes_it(
    studio: WindowDriver, desk: CaptionController
) -> None:
    window = opened(desk)

    def choose(wanted: str) -> None:
        window.fill_menu()
        next(one for one in window.menu.actions() if one.text() == wanted).trigger()

    preferences = studio.application.preferences
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
    assert not desk.is_shown


def test_dragged_by_its_middle_it_is_there_again_after_a_restart(
    make_studio: Callable[[], WindowDriver],
) -> None:
    studio = make_studio()
    desk = studio.application.controller.captions
    window = opened(desk)
    old = window.geometry()
    drag(window, (window.width() // 2, window.height() // 2), (-20, -150), (-40, -300))
    wanted = old.translated(-40, -300)
    assert window.geometry() == wanted
    desk.close()
    assert opened(desk).geometry() == wanted
    studio.window.close()
    assert studio.end()
    assert opened(make_studio().application.controller.captions).geometry() == wanted


def test_its_sides_make_it_wider_and_its_upper_edge_gives_it_lines(
    studio: WindowDriver, desk: CaptionController
) -> None:
    studio.application.preferences.change(captions_font_size_px=32)
    window = opened(desk)
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


def test_rows_break_anew_when_it_is_narrower(studio: WindowDriver, desk: CaptionController) -> None:
    studio.application.preferences.change(captions_font_size_px=32, captions_lines=4)
    window = opened(desk)
    studio.say(studio.start(), final(1, 0.0, "The trees were full of birds."))
    assert len(window.rows) == 1
    drag(window, (window.width() - 2, window.height() // 2), (-window.width() // 2, 0))
    studio.until(lambda: len(window.rows) >= 2)
    assert text(window) == "The trees were full of birds."


def test_it_moves_when_its_screen_goes_and_returns_with_it(studio: WindowDriver) -> None:
    here = [Screen("left", QRect(0, 0, 400, 800)), Screen("right", QRect(400, 0, 400, 800))]
    known = list(here)
    application = studio.application
    desk = CaptionController(
        application.live,
        application.preferences,
        studio.window.ui_state,
        studio.window,
        screens=lambda: known,
    )
    application.preferences.change(captions_font_size_px=24)
    window = opened(desk)
    assert here[0].area.contains(window.geometry())
    drag(window, (window.width() // 2, window.height() // 2), (400, -80))
    at_right = window.geometry()
    assert here[1].area.contains(at_right)
    known.remove(here[1])
    desk.reposition()
    assert here[0].area.contains(window.geometry())
    known.append(here[1])
    desk.reposition()
    assert window.geometry() == at_right
    desk.close()


def test_words_of_a_session_that_has_ended_are_not_shown_again(
    studio: WindowDriver, desk: CaptionController
) -> None:
    studio.say(studio.start(), final(1, 0.0, "An old sentence."))
    studio.stop()
    assert text(opened(desk)) == HINT


@pytest.mark.parametrize("lines", [1, 2])
def test_the_hint_is_whole_in_the_narrowest_window(
    studio: WindowDriver, desk: CaptionController, lines: int
) -> None:
    studio.application.preferences.change(captions_lines=lines)
    window = opened(desk)
    assert text(window) == HINT
    window.resize(window.caption_style.least_width_px, window.height())
    studio.until(lambda: text(window) == ("Captions" if lines == 1 else HINT))
    assert len(window.rows) <= lines


def test_it_cannot_be_dragged_off_the_screen(studio: WindowDriver, desk: CaptionController) -> None:
    window = opened(desk)
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
    make_studio: Callable[[], WindowDriver],
) -> None:
    studio = make_studio()
    opened(studio.application.controller.captions)
    studio.window.close()
    assert studio.end()
    studio = make_studio()
    desk = studio.application.controller.captions
    assert desk.is_shown
    desk.close()
    studio.window.close()
    assert studio.end()
    assert not make_studio().application.controller.captions.is_shown


def test_its_menu_starts_and_stops_and_leads_to_its_settings(
    studio: WindowDriver, desk: CaptionController
) -> None:
    window = opened(desk)

    def choose(wanted: str) -> None:
        window.fill_menu()
        next(one for one in window.menu.actions() if one.text() == wanted).trigger()

    choose("Start transcribing")
    studio.until(lambda: studio.application.live.is_active and studio.engine.sessions)
    session = studio.engine.sessions[-1]
    session.tell(events.StateChanged(0.1, "listening", "Listening to a script."))
    studio.until(lambda: studio.dock.state.text().startswith("Listening"))
    choose("Stop transcribing")
    studio.until(lambda: not studio.application.live.is_active)
    choose("Caption settings…")
    (dialog,) = studio.window.findChildren(SettingsDialog)
    assert dialog.captions.isVisible()
    dialog.close()


def test_without_a_screen_it_does_not_open(studio: WindowDriver) -> None:
    application = studio.application
    desk = CaptionController(
        application.live,
        application.preferences,
        studio.window.ui_state,
        studio.window,
        screens=list,
    )
    with studio.qtbot.waitSignal(desk.visibility_changed) as told:
        desk.open()
    assert told.args == [False]
    assert desk.window is None


def test_where_nothing_is_said_the_last_words_stay(
    studio: WindowDriver, desk: CaptionController
) -> None:
    window = opened(desk)
    session: ScriptedSession = studio.start()
    studio.say(session, final(1, 0.0, "It has rained."))
    session.tell(events.LevelMeasured(2.0, -60.0, -50.0, False), draft(1, "late"), draft(2, ""))
    studio.say(session, final(2, 9.0, "Again."))
    assert text(window) == "It has rained. Again."


def test_the_program_ends_with_it_open(studio: WindowDriver, desk: CaptionController) -> None:
    window = opened(desk)
    assert studio.end()
    assert not window.isVisible()
    assert desk.window is None


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
