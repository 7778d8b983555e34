"""Shortcuts and typing by a Wayland desktop's portals: here mock portals on a private bus."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from queue import Queue

import pytest
from helpers.messages import sentence
from helpers.waiting import WAIT_S

from granite_live.desktop import platform
from granite_live.desktop.hotkeys import HotkeyError, parse_combination
from granite_live.messages.desktop import DesktopMessage, HotkeyMessage, PortalMessage

if sys.platform != "linux":
    pytest.skip("the portals of Linux", allow_module_level=True)

from helpers.mock_portal import MockPortal, private_bus

from granite_live.desktop.hotkeys import ShortcutHold
from granite_live.desktop.portal_bus import PortalConnection, PortalError
from granite_live.desktop.portal_hotkeys import PortalHotkeys, trigger_of
from granite_live.desktop.portal_text_input import PortalTextInput, token_path
from granite_live.desktop.text_input import DeliveryError, DeliveryMethod
from granite_live.desktop.wayland_text_input import WaylandTextInput

KEYS = "Ctrl+Alt+Space"


@pytest.fixture
def bus() -> Iterator[str]:
    with private_bus() as address:
        yield address


@pytest.fixture
def portal(bus: str) -> Iterator[MockPortal]:
    mock = MockPortal(bus)
    yield mock
    mock.close()


@pytest.fixture
def connect(bus: str, portal: MockPortal) -> Callable[[], PortalConnection]:
    return lambda: PortalConnection(bus)


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def no_wait() -> ShortcutHold:
    return ShortcutHold(settle_s=0.0)


def test_a_shortcut_is_reported_once_for_each_press(
    portal: MockPortal, connect: Callable[[], PortalConnection]
) -> None:
    told: Queue[str] = Queue()
    keys = PortalHotkeys(no_wait(), connect)
    assert [name for name, _ in portal.calls.queue if name != "Register"] == ["Get"]
    keys.watch(KEYS, lambda: told.put("pressed"), lambda: told.put("released"))
    _session, [(_name, described)], _parent, _options = portal.wait_for("BindShortcuts")
    assert described["preferred_trigger"] == ("s", "CTRL+ALT+space")
    for act in (portal.press, portal.press, portal.release, portal.press, portal.release):
        act()
    found = [told.get(timeout=WAIT_S) for _ in range(4)]
    assert found == ["pressed", "released"] * 2
    keys.close()
    assert told.empty()
    assert not any(one.name == "portal shortcut" for one in threading.enumerate())


@pytest.mark.parametrize("loss", [MockPortal.end_session, MockPortal.close])
def test_a_lost_shortcut_counts_as_released(bus: str, loss: Callable[[MockPortal], None]) -> None:
    portal, told = MockPortal(bus), Queue[str]()
    keys = PortalHotkeys(no_wait(), lambda: PortalConnection(bus))
    keys.watch(KEYS, lambda: told.put("pressed"), lambda: told.put("released"))
    portal.press()
    assert told.get(timeout=WAIT_S) == "pressed"
    loss(portal)
    assert told.get(timeout=WAIT_S) == "released"
    assert keys.unavailable_reason == PortalMessage.SHORTCUT_LOST()
    keys.close()
    if loss is not MockPortal.close:
        portal.close()


def test_a_refused_shortcut_is_an_error_that_says_what_to_do(
    portal: MockPortal, connect: Callable[[], PortalConnection]
) -> None:
    portal.refused.add("BindShortcuts")
    keys = PortalHotkeys(no_wait(), connect)
    with pytest.raises(HotkeyError, match=sentence(HotkeyMessage.PORTAL_FAILED)):
        keys.watch(KEYS, lambda: None, lambda: None)
    keys.close()


def test_the_desktop_is_not_asked_before_dictation_is_used(
    portal: MockPortal, bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    keys = platform.open_global_hotkeys(may_ask=False)
    assert keys.unavailable_reason == HotkeyMessage.PORTAL_NOT_ASKED()
    assert "BindShortcuts" not in [name for name, _ in portal.calls.queue]
    keys = platform.open_global_hotkeys(may_ask=True)
    keys.watch(KEYS, lambda: None, lambda: None)
    keys.close()
    # The desktop remembers that, so the next start of the program may ask.
    assert isinstance(platform.open_global_hotkeys(may_ask=False), PortalHotkeys)


def test_closing_ends_a_dialog_that_nobody_answers(
    portal: MockPortal, connect: Callable[[], PortalConnection]
) -> None:
    portal.unanswered.add("BindShortcuts")
    keys, told = PortalHotkeys(no_wait(), connect), Queue[str]()

    def watch() -> None:
        try:
            keys.watch(KEYS, lambda: None, lambda: None)
        except HotkeyError as error:
            told.put(str(error))

    thread = threading.Thread(target=watch)
    thread.start()
    portal.wait_for("BindShortcuts")
    keys.close()
    thread.join()
    assert "closing" in told.get(timeout=WAIT_S)


def test_the_desktop_is_not_asked_for_keys_that_programs_need(
    portal: MockPortal, connect: Callable[[], PortalConnection]
) -> None:
    keys = PortalHotkeys(no_wait(), connect)
    with pytest.raises(HotkeyError, match=sentence(HotkeyMessage.NEEDED_FOR_TYPING)):
        keys.watch("Esc", lambda: None, lambda: None)
    assert "BindShortcuts" not in [name for name, _ in portal.calls.queue]


@pytest.mark.parametrize(
    ("keys", "trigger"),
    [
        ("F9", "F9"),
        ("Ctrl+Shift+A", "CTRL+SHIFT+a"),
        ("Meta+PgUp", "LOGO+Prior"),
        ("Ctrl+Alt+ü", "CTRL+ALT+U00FC"),
    ],
)
def test_triggers_are_written_as_the_specification_says(keys: str, trigger: str) -> None:
    assert trigger_of(parse_combination(keys)) == trigger


def test_a_text_is_typed_and_the_permission_is_remembered(
    portal: MockPortal, connect: Callable[[], PortalConnection], closing: ExitStack
) -> None:
    text_input = PortalTextInput(no_wait(), connect)
    assert text_input.methods == {DeliveryMethod.COPY, DeliveryMethod.TYPE}
    assert "Start" not in [name for name, _ in portal.calls.queue]  # nothing is asked yet
    text_input.type_text("Grüße 😀\r\n\x07")
    text_input.press_backspace(2)
    typed = [ord(one) for one in "Gr"] + [0xFC, 0xDF, ord("e"), 0x20, 0x0101_F600, 0xFF0D]
    assert portal.keys == [*typed, 0xFF08, 0xFF08]
    names = [name for name, _ in portal.calls.queue]
    assert names.count("Start") == 1
    assert token_path().read_text() == "token-1"
    assert token_path().stat().st_mode & 0o077 == 0
    text_input.close()
    with pytest.raises(DeliveryError, match="closed"):
        text_input.type_text("more")

    portal.token = "token-2"
    again = PortalTextInput(no_wait(), connect)
    closing.callback(again.close)
    portal.calls.queue.clear()
    again.type_text("a")
    assert portal.wait_for("SelectDevices")[1]["restore_token"] == ("s", "token-1")
    assert token_path().read_text() == "token-2"


def test_a_refusal_is_not_asked_again(
    portal: MockPortal, connect: Callable[[], PortalConnection], closing: ExitStack
) -> None:
    portal.refused.add("Start")
    text_input = PortalTextInput(no_wait(), connect)
    closing.callback(text_input.close)
    for _ in range(2):
        with pytest.raises(DeliveryError, match=sentence(PortalMessage.TYPING_REFUSED)):
            text_input.type_text("text")
    assert [name for name, _ in portal.calls.queue].count("Start") == 1
    assert portal.keys == []


def test_after_a_failure_the_next_text_opens_another_session(
    portal: MockPortal, connect: Callable[[], PortalConnection], closing: ExitStack
) -> None:
    text_input = PortalTextInput(no_wait(), connect)
    closing.callback(text_input.close)
    portal.failing.add("NotifyKeyboardKeysym")
    with pytest.raises(DeliveryError, match=sentence(PortalMessage.TYPING_FAILED)):
        text_input.type_text("a")
    portal.failing.clear()
    text_input.type_text("b")
    assert portal.keys == [ord("b")]


def test_a_text_waits_until_the_shortcut_is_released(
    portal: MockPortal, connect: Callable[[], PortalConnection], closing: ExitStack
) -> None:
    hold, pressed = no_wait(), threading.Event()
    keys, text_input = PortalHotkeys(hold, connect), PortalTextInput(hold, connect)
    closing.callback(text_input.close)
    closing.callback(keys.close)
    keys.watch(KEYS, pressed.set, lambda: None)
    portal.press()
    assert pressed.wait(WAIT_S)
    assert not hold.wait_until_released(0.0, lambda: False)
    typing = threading.Thread(target=lambda: text_input.type_text("a"))
    typing.start()
    assert portal.keys == []
    portal.release()
    typing.join(WAIT_S)
    assert portal.keys == [ord("a")]


def test_closing_ends_the_wait_for_a_held_shortcut(
    portal: MockPortal, connect: Callable[[], PortalConnection]
) -> None:
    hold, told = no_wait(), Queue[str]()
    hold.press()
    text_input = PortalTextInput(hold, connect)

    def type_it() -> None:
        try:
            text_input.type_text("a")
        except DeliveryError as error:
            told.put(str(error))

    thread = threading.Thread(target=type_it)
    thread.start()
    text_input.close()
    assert "closed" in told.get(timeout=WAIT_S)
    thread.join()


def test_a_desktop_without_portals_has_the_other_ways(
    bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    assert isinstance(platform.open_text_input(), WaylandTextInput)
    assert platform.open_global_hotkeys().unavailable_reason == HotkeyMessage.WAYLAND()
    with pytest.raises(PortalError):
        PortalConnection(bus)


def test_a_desktop_that_presses_no_keys_has_the_other_ways(
    portal: MockPortal, bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    portal.properties["AvailableDeviceTypes"] = "u", 2  # a pointer only
    assert isinstance(platform.open_text_input(), WaylandTextInput)
    portal.properties["AvailableDeviceTypes"] = "u", 3
    text_input, keys = platform.open_text_input(), platform.open_global_hotkeys()
    assert isinstance(text_input, PortalTextInput)
    assert isinstance(keys, PortalHotkeys)
    assert text_input.unavailable_reason == DesktopMessage.WAYLAND_NO_PASTING()
    text_input.close()
    keys.close()
