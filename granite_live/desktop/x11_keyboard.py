"""The connection to the X server, and its keyboard: what is pressed, and pressing keys."""

from __future__ import annotations

import itertools
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from granite_live.desktop.text_input import FocusedWindow, pastes_clipboard
from granite_live.desktop.x11_keymap import Keymap, Stroke, remapped_row
from granite_live.messages.desktop import DesktopMessage
from granite_live.util.errors import GraniteError

_SHIFT, _CAPS_LOCK = 0xFFE1, 0xFFE5
_XINPUT, _RAW_EVENTS_DESPITE_GRABS = "XInputExtension", (2, 2)


def has_raw_key_events(screen: Any) -> bool:
    """Return whether the server reports raw key events despite grabs."""
    if not screen.has_extension(_XINPUT):
        return False
    from Xlib.ext import xinput

    major, minor = _RAW_EVENTS_DESPITE_GRABS
    opcode = screen.display.get_extension_major(_XINPUT)
    found = xinput.XIQueryVersion(
        display=screen.display, opcode=opcode, major_version=major, minor_version=minor
    )
    return (found.major_version, found.minor_version) >= _RAW_EVENTS_DESPITE_GRABS


def select_raw_key_events(screen: Any, mask: int) -> bool:
    """Receive raw key events of all programs, despite grabs; return whether the server can.

    Args:
        screen: The connection (`Xlib.display.Display`) that receives the events.
        mask: The events' mask from `Xlib.ext.xinput`, 0 for none.
    """
    if not has_raw_key_events(screen):
        return False
    from Xlib.ext import xinput

    screen.screen().root.xinput_select_events([(xinput.AllMasterDevices, mask)])
    screen.sync()
    return True


class X11Keyboard:
    """The keyboard as seen by one connection. Not thread-safe."""

    def __init__(self, screen: Any) -> None:
        """Use a connection (`Xlib.display.Display`) that the caller closes."""
        self._screen = screen
        self._root = screen.screen().root
        self._remapped: set[int] = set()

    @property
    def has_remapped(self) -> bool:
        """Whether keys are temporarily remapped."""
        return bool(self._remapped)

    def is_held(self) -> bool:
        """Return whether any key is down."""
        return any(self._screen.query_keymap())

    @contextmanager
    def receiving_key_releases(self) -> Iterator[None]:
        """Receive an event for every key release while the block runs, despite grabs.

        No events arrive if the server lacks XInput 2.
        """
        from Xlib.ext import xinput

        if not select_raw_key_events(self._screen, xinput.RawKeyReleaseMask):
            yield
            return
        try:
            yield
        finally:
            select_raw_key_events(self._screen, 0)

    def read_keymap(self) -> Keymap:
        """Return the keyboard mapping that applies to XTEST."""
        first = self._screen.display.info.min_keycode
        count = self._screen.display.info.max_keycode - first + 1
        modifiers = [code for row in self._screen.get_modifier_mapping() for code in row if code]
        rows = self._screen.get_keyboard_mapping(first, count)
        unused = [code for code, row in enumerate(rows, first) if not any(row)]
        if unused:
            # The XTEST device adopts the screen's layout on its first key press. The key used for
            # this is never remapped: a slow program would type its new letter.
            self.press([Stroke(unused[-1], is_shifted=False)], None)
            rows = self._screen.get_keyboard_mapping(first, count)
        return Keymap(first, rows, (self._state() >> 13) & 3, [*modifiers, *unused[-1:]])

    def remap(self, letters: Mapping[int, int]) -> None:
        """Map keycodes to other keysyms."""
        for keycode, keysym in letters.items():
            self._screen.change_keyboard_mapping(keycode, [remapped_row(keysym)])
        self._remapped.update(letters)
        self._screen.sync()

    def restore(self) -> None:
        """Restore the unused keys that were remapped."""
        self.remap(dict.fromkeys(self._remapped, 0))

    def press(self, strokes: Sequence[Stroke], keymap: Keymap | None) -> None:
        """Press keys one after the other; the keymap has the Shift key."""
        shift = keymap.find(_SHIFT) if keymap is not None else None
        for stroke in strokes:
            held = [shift.keycode] if stroke.is_shifted and shift is not None else []
            self._press_and_release([*held, stroke.keycode])
        self._screen.sync()

    def press_together(self, keycodes: Sequence[int]) -> None:
        """Press keys as a chord."""
        self._press_and_release(keycodes)
        self._screen.sync()

    @contextmanager
    def without_caps_lock(self, keymap: Keymap) -> Iterator[None]:
        """Turn Caps Lock off while the block runs."""
        from Xlib import X

        lock = keymap.find(_CAPS_LOCK)
        is_on = lock is not None and bool(self._state() & X.LockMask)
        if lock is not None and is_on:
            self.press([lock], keymap)
        try:
            yield
        finally:
            if lock is not None and is_on:
                self.press([lock], keymap)

    def _state(self) -> int:
        return int(self._root.query_pointer().mask)

    def _press_and_release(self, keycodes: Sequence[int]) -> None:
        from Xlib import X

        for keycode in keycodes:
            self._screen.xtest_fake_input(X.KeyPress, keycode)
        for keycode in reversed(keycodes):
            self._screen.xtest_fake_input(X.KeyRelease, keycode)


_DEEPEST = 32
"""The maximum nesting depth of windows."""


class X11Windows:
    """The windows of a screen as seen by one connection. Not thread-safe."""

    def __init__(self, screen: Any) -> None:
        """Use a connection (`Xlib.display.Display`) that the caller closes."""
        self._screen = screen
        self._root = screen.screen().root
        self._numbers = itertools.count(os.getpid() & 0xFFFF)

    def focused_window(self) -> FocusedWindow | None:
        """Return the focused window, None if there is none."""
        from Xlib.error import XError

        try:
            window = self.focused()
            if window is None:
                return None
            owner = self._number(window, "_NET_WM_PID")
            return FocusedWindow(
                hex(window.id),
                self._title(window),
                is_own=owner == os.getpid(),
                can_paste=pastes_clipboard(window_class_of(window)),
                program_mask=0xFFFF_FFFF ^ self._screen.display.info.resource_id_mask,
            )
        except XError:
            return None  # the window was closed meanwhile

    def focused(self) -> Any | None:
        """Return the focused top-level window, as the window manager defines it."""
        active = self._number(self._root, "_NET_ACTIVE_WINDOW")
        if active:
            return self._screen.create_resource_object("window", active)
        window = self._screen.get_input_focus().focus
        for _ in range(_DEEPEST):
            if isinstance(window, int) or window == self._root:
                return None  # no focus, or focus follows the pointer
            if window.get_wm_class() is not None:
                return window
            window = window.query_tree().parent
        return None

    def wait_until_processed(self, wait: Callable[[float], None], timeout_s: float) -> bool | None:
        """Wait until the focused window has processed all earlier events.

        Args:
            wait: Waits for an event, at most the given seconds; raises to cancel.
            timeout_s: The maximum time in seconds.

        Returns:
            Whether it has; None if the window does not support _NET_WM_PING.
        """
        from Xlib import X
        from Xlib.protocol import event

        window = self.focused()
        ping = self._screen.get_atom("_NET_WM_PING")
        if window is None or ping not in window.get_wm_protocols():
            return None
        mark = next(self._numbers) & 0xFFFFFFFF
        # GTK sends its answer to clients that select SubstructureNotify on the root window, Qt to
        # those that select StructureNotify.
        listening = X.SubstructureNotifyMask | X.StructureNotifyMask
        self._root.change_attributes(event_mask=listening)
        protocols = self._screen.get_atom("WM_PROTOCOLS")
        data = (32, [ping, mark, window.id, 0, 0])
        window.send_event(event.ClientMessage(window=window, client_type=protocols, data=data))
        until_s = time.monotonic() + timeout_s
        try:
            while (left_s := until_s - time.monotonic()) > 0:
                while self._screen.pending_events():
                    if _is_answer(self._screen.next_event(), protocols, ping, mark):
                        return True
                wait(left_s)
            return False
        finally:
            self._root.change_attributes(event_mask=X.NoEventMask)

    def _number(self, window: Any, name: str) -> int:
        from Xlib import X

        found = window.get_full_property(self._screen.get_atom(name), X.AnyPropertyType)
        return int(found.value[0]) if found is not None and len(found.value) else 0

    def _title(self, window: Any) -> str:
        for name in ("_NET_WM_NAME", "WM_NAME"):
            title = window.get_full_text_property(self._screen.get_atom(name))
            if title:
                return title if isinstance(title, str) else title.decode("utf-8", "replace")
        return ""


def window_class_of(window: Any) -> tuple[str, str]:
    """Return a window's WM_CLASS, empty if it has none."""
    return window.get_wm_class() or ("", "")


def _is_answer(found: Any, protocols: int, ping: int, mark: int) -> bool:
    from Xlib import X

    return (
        found.type == X.ClientMessage
        and found.client_type == protocols
        and tuple(found.data[1][:2]) == (ping, mark)
    )


_log = logging.getLogger(__name__)


class ScreenError(GraniteError):
    """There is no X server, or it refuses the connection."""


def open_screen() -> Any:
    """Return a new connection (`Xlib.display.Display`), for one thread at a time.

    Later errors from the server are logged.

    Raises:
        ScreenError: There is no X server, or it refuses the connection.
    """
    from Xlib import display, error

    name = os.environ.get("DISPLAY", "")
    try:
        screen = display.Display()
    except (error.DisplayError, error.XauthError, error.XNoAuthError, *lost()) as trouble:
        msg = DesktopMessage.X_SERVER_UNREACHABLE(display=name, reason=trouble)
        raise ScreenError(msg) from trouble
    screen.set_error_handler(lambda trouble, _request: _log.info("X: %s", trouble))
    return screen


def has_compositor() -> bool:
    """Return whether windows on this screen can be transparent.

    The compositor of a screen owns a selection with a well-known name.

    Raises:
        ScreenError: There is no X server, or it refuses the connection.
    """
    screen = open_screen()
    try:
        name = f"_NET_WM_CM_S{screen.get_default_screen()}"
        return bool(screen.get_selection_owner(screen.get_atom(name)))
    finally:
        screen.close()


def lost() -> tuple[type[Exception], ...]:
    """Return the exceptions that mean a lost connection."""
    from Xlib import error

    return (error.ConnectionClosedError, OSError)
