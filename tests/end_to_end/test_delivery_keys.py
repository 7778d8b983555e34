"""Global keys while another program has the focus, and what waits until they are let go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.delivery_process import DriverProcess, running_driver
from helpers.physical_keyboard import PhysicalKeyboard
from helpers.text_field_programs import FIELDS_NEED, can_run_fields, running_field
from helpers.x11_desktop import X11Desktop, running_desktop

pytestmark = pytest.mark.skipif(not can_run_fields(), reason=FIELDS_NEED)
LONGER_THAN_REPEATS_BEGIN_S = 1.5


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[X11Desktop]:
    with running_desktop(tmp_path_factory.mktemp("screen")) as running:
        yield running


@pytest.fixture(scope="module")
def driven(desktop: X11Desktop) -> Iterator[DriverProcess]:
    """One program for all tests, as for its user all day; what it watches stays watched."""
    with running_driver(desktop) as driven:
        yield driven


@pytest.fixture(autouse=True)
def _no_key_stays_down(desktop: X11Desktop) -> Iterator[None]:
    """Let go what a failed test holds, so that it fails alone."""
    yield
    desktop.do("keyup", "ctrl", "alt", "Super_L", "space", "h", "F9", "F12")


@pytest.fixture
def keyboard(desktop: X11Desktop) -> Iterator[PhysicalKeyboard]:
    connected = PhysicalKeyboard(desktop)
    yield connected
    connected.close()


def hold(desktop: X11Desktop, *keys: str) -> None:
    for key in keys:
        desktop.do("keydown", key)


def let_go(desktop: X11Desktop, *keys: str) -> None:
    for key in reversed(keys):
        desktop.do("keyup", key)


def watch(driven: DriverProcess, keys: str) -> None:
    driven.order("watch", keys)
    assert driven.wait_for_answer() == ["watches"]


@pytest.mark.parametrize("lock", ["", "Caps_Lock", "Num_Lock"])
def test_a_held_key_is_pressed_and_released_once_and_reaches_nobody_else(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path, lock: str
) -> None:
    with running_field("qt", desktop, tmp_path) as field:
        watch(driven, "Ctrl+Alt+Space")
        if lock:
            desktop.do("key", lock)
        hold(desktop, "ctrl", "alt", "space")
        assert driven.wait_for_answer() == ["pressed"]
        assert driven.wait_for_answer(LONGER_THAN_REPEATS_BEGIN_S) == []
        let_go(desktop, "ctrl", "alt", "space")
        assert driven.wait_for_answer() == ["released"]
        if lock:
            desktop.do("key", lock)
        desktop.do("type", "x")
        field.wait_for("x")
        assert field.has_focus()


def test_escape_cancels_while_a_key_is_held_and_reaches_nobody_else(
    desktop: X11Desktop, driven: DriverProcess
) -> None:
    watch(driven, "Ctrl+Alt+Space")
    desktop.do("key", "Escape")
    assert driven.wait_for_answer(0.2) == []
    hold(desktop, "ctrl", "alt", "space")
    assert driven.wait_for_answer() == ["pressed"]
    desktop.do("keydown", "Escape")
    assert driven.wait_for_answer() == ["canceled"]
    desktop.do("keyup", "Escape")
    let_go(desktop, "ctrl", "alt", "space")
    assert driven.wait_for_answer() == ["released"]


def test_a_key_alone_works_and_other_modifiers_make_it_another_one(desktop: X11Desktop) -> None:
    with running_driver(desktop) as driven:
        watch(driven, "F9")
        desktop.do("key", "shift+F9")
        desktop.do("key", "F9")
        assert [driven.wait_for_answer(), driven.wait_for_answer()] == [["pressed"], ["released"]]
        assert driven.wait_for_answer(0.2) == []


@pytest.mark.parametrize(
    ("keys", "name"), [("Meta+H", "h"), ("Meta+F9", "F9"), ("Meta+Space", "space")]
)
def test_meta_alone_makes_a_key_global(
    desktop: X11Desktop,
    driven: DriverProcess,
    keyboard: PhysicalKeyboard,
    tmp_path: Path,
    keys: str,
    name: str,
) -> None:
    with running_field("xterm", desktop, tmp_path) as field:
        watch(driven, keys)
        # Through XTEST, as remote desktops press keys.
        hold(desktop, "Super_L", name)
        assert driven.wait_for_answer() == ["pressed"]
        let_go(desktop, "Super_L", name)
        assert driven.wait_for_answer() == ["released"]
        # With a keyboard; Meta may stay down.
        keyboard.press("Super_L")
        for _ in range(2):
            keyboard.press(name)
            assert driven.wait_for_answer() == ["pressed"]
            keyboard.release(name)
            assert driven.wait_for_answer() == ["released"]
        driven.order("send", "type", 1, "held ")
        assert driven.wait_for_answer(LONGER_THAN_REPEATS_BEGIN_S) == []  # waits for Meta
        keyboard.release("Super_L")
        assert driven.wait_for_answer() == ["delivered", 1, ""]
        keyboard.wait_until_all_are_up()
        desktop.do("key", "y")
        field.wait_for("held y")


def test_keys_that_another_program_has_are_refused(desktop: X11Desktop) -> None:
    with running_driver(desktop) as first, running_driver(desktop) as second:
        watch(first, "Ctrl+F8")
        second.order("watch", "Ctrl+F8")
        said = second.wait_for_answer()
        assert said[0] == "refused"
        assert "Ctrl+F8" in said[1]
        second.order("watch", "Nonsense")
        assert second.wait_for_answer()[0] == "refused"
        watch(second, "Ctrl+F7")


@pytest.mark.parametrize("kind", ["qt", "gtk", "xterm"])
@pytest.mark.parametrize("way", ["type", "paste"])
def test_texts_are_delivered_while_the_key_of_a_keyboard_is_held(
    desktop: X11Desktop,
    driven: DriverProcess,
    keyboard: PhysicalKeyboard,
    tmp_path: Path,
    kind: str,
    way: str,
) -> None:
    with running_field(kind, desktop, tmp_path) as field:
        watch(driven, "Ctrl+Alt+Space")
        keyboard.press("Control_L", "Alt_L", "space")
        assert driven.wait_for_answer() == ["pressed"]
        driven.order("send", way, 1, "Während ich halte. ")
        assert driven.wait_for_answer() == ["delivered", 1, ""]
        assert driven.wait_for_answer(LONGER_THAN_REPEATS_BEGIN_S) == []
        driven.order("send", way, 2, "Und weiter.")
        assert driven.wait_for_answer() == ["delivered", 2, ""]
        field.wait_for("Während ich halte. Und weiter.")
        keyboard.release("space", "Alt_L", "Control_L")
        assert driven.wait_for_answer() == ["released"]
        keyboard.wait_until_all_are_up()
        keyboard.press("x")
        keyboard.release("x")
        field.wait_for("Während ich halte. Und weiter.x")


def test_a_key_whose_modifiers_stay_held_works_again(
    desktop: X11Desktop, driven: DriverProcess, keyboard: PhysicalKeyboard, tmp_path: Path
) -> None:
    with running_field("gtk", desktop, tmp_path) as field:
        watch(driven, "Ctrl+Alt+Space")
        keyboard.press("Control_L", "Alt_L")
        for _ in range(3):
            keyboard.press("space")
            assert driven.wait_for_answer() == ["pressed"]
            keyboard.release("space")
            assert driven.wait_for_answer() == ["released"]
        keyboard.release("Alt_L", "Control_L")
        keyboard.wait_until_all_are_up()
        driven.order("send", "type", 1, "nichts gehalten")
        assert driven.wait_for_answer() == ["delivered", 1, ""]
        field.wait_for("nichts gehalten")


def test_escape_cancels_while_the_key_of_a_keyboard_is_held_and_reaches_nobody_else(
    desktop: X11Desktop, driven: DriverProcess, keyboard: PhysicalKeyboard, tmp_path: Path
) -> None:
    with running_field("xterm", desktop, tmp_path) as field:
        watch(driven, "Ctrl+Alt+Space")
        keyboard.press("Control_L", "Alt_L", "space")
        assert driven.wait_for_answer() == ["pressed"]
        keyboard.press("Escape")
        assert driven.wait_for_answer() == ["canceled"]
        keyboard.release("Escape", "space", "Alt_L", "Control_L")
        assert driven.wait_for_answer() == ["released"]
        keyboard.wait_until_all_are_up()
        keyboard.press("Escape", "y")
        keyboard.release("Escape", "y")
        field.wait_for("\x1by")


def test_a_key_that_is_let_go_at_once_is_released_and_no_modifier_stays(
    desktop: X11Desktop, driven: DriverProcess, keyboard: PhysicalKeyboard, tmp_path: Path
) -> None:
    with running_field("xterm", desktop, tmp_path) as field:
        watch(driven, "Ctrl+Alt+Space")
        for _ in range(20):
            # The keys are up before the program has ended its grab.
            keyboard.press("Control_L", "Alt_L", "space")
            keyboard.release("Control_L", "Alt_L", "space")
            assert driven.wait_for_answer() == ["pressed"]
            assert driven.wait_for_answer() == ["released"]
        keyboard.wait_until_all_are_up()
        keyboard.press("y")
        keyboard.release("y")
        field.wait_for("y")


@pytest.mark.parametrize("way", ["type", "paste"])
def test_texts_wait_until_a_key_that_a_program_holds_is_let_go(
    desktop: X11Desktop, driven: DriverProcess, tmp_path: Path, way: str
) -> None:
    with running_field("gtk", desktop, tmp_path) as field:
        watch(driven, "Ctrl+Alt+Space")
        hold(desktop, "ctrl", "alt", "space")
        assert driven.wait_for_answer() == ["pressed"]
        driven.order("send", way, 1, "Erst danach. ")
        driven.order("send", way, 2, "Und das auch.")
        assert driven.wait_for_answer(LONGER_THAN_REPEATS_BEGIN_S) == []
        assert field.text() == ""
        let_go(desktop, "ctrl", "alt", "space")
        said = [driven.wait_for_answer() for _ in range(3)]
        assert said == [["released"], ["delivered", 1, ""], ["delivered", 2, ""]]
        field.wait_for("Erst danach. Und das auch.")


def test_the_program_ends_while_a_text_waits_for_a_held_key(
    desktop: X11Desktop, tmp_path: Path
) -> None:
    with running_field("gtk", desktop, tmp_path) as field:
        with running_driver(desktop) as driven:
            hold(desktop, "F12")
            driven.order("send", "type", 1, "nie")
            assert driven.wait_for_answer(LONGER_THAN_REPEATS_BEGIN_S) == []
        let_go(desktop, "F12")
        desktop.do("key", "x")
        field.wait_for("x")
