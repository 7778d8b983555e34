"""Text input on X11: synthetic key events for the focused window."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from granite_live.desktop.text_input import (
    KEYS_PER_FOCUS_CHECK,
    DeliveryError,
    DeliveryMethod,
    FocusedWindow,
    closed_error,
    focus_changed_error,
    focus_lost_error,
    paste_shortcut_for,
)
from granite_live.desktop.x11_keyboard import (
    ScreenError,
    X11Keyboard,
    X11Windows,
    lost,
    open_screen,
    window_class_of,
)
from granite_live.desktop.x11_keymap import KeyBatch, Stroke, is_typable
from granite_live.messages.desktop import DesktopMessage, HotkeyMessage

RELEASE_TIMEOUT_S = 120.0
"""Longer than a user holds a key, unless the key is stuck."""
_PING_TIMEOUT_S = 30.0
_NO_PING_DELAY_S = 1.0
"""How long a window without _NET_WM_PING gets to look up keysyms before they change."""
_BACKSPACE = 0xFF08


class X11KeySender:
    """Not thread-safe, except `stop`."""

    def __init__(self, screen: Any) -> None:
        """Take ownership of a connection (`Xlib.display.Display`)."""
        self._screen = screen
        self._keyboard = X11Keyboard(screen)
        self.windows = X11Windows(screen)
        self._stopping, self._stop = os.pipe()
        self._unanswered_s = float("-inf")

    def stop(self) -> None:
        """Make the call in another thread, and all later ones, raise an error."""
        os.write(self._stop, b"!")

    def close(self) -> None:
        """Restore the keyboard mapping and disconnect."""

        try:
            # A window that does not answer may not have read the last keys yet.
            left_s = self._unanswered_s + _NO_PING_DELAY_S - time.monotonic()
            if self._keyboard.has_remapped and left_s > 0:
                time.sleep(left_s)
            self._keyboard.restore()
            self._screen.close()
        except lost():
            pass  # the server and its mapping are gone
        os.close(self._stopping)
        os.close(self._stop)

    def wait_for_released_keys(self) -> None:
        """Wait until no key is held.

        Held modifiers would change the text, and a held global hotkey redirects all keys to the
        program that grabbed it.

        Raises:
            DeliveryError: A key is held for minutes, or `stop` was called.
        """
        if not self._keyboard.is_held():
            return
        until_s = time.monotonic() + RELEASE_TIMEOUT_S
        with self._keyboard.receiving_key_releases():
            while self._keyboard.is_held():
                self._wait(until_s - time.monotonic())
                self._discard_events()
                if time.monotonic() > until_s:
                    raise DeliveryError(DesktopMessage.KEY_HELD(seconds=RELEASE_TIMEOUT_S))

    def type(self, text: str, is_still_meant: Callable[[], bool]) -> None:
        """Type a text, without control characters other than line ends and tabs.

        Raises:
            DeliveryError: The focus changed, or no key is free for a character.
        """
        text = "".join(one for one in text.replace("\r\n", "\n") if is_typable(one))
        keymap = self._keyboard.read_keymap()
        try:
            batches = keymap.plan(text)
        except ValueError as trouble:
            msg = DesktopMessage.NO_UNUSED_KEY(character=trouble)
            raise DeliveryError(msg) from trouble
        done = 0
        with self._keyboard.without_caps_lock(keymap):
            for batch in batches:
                self._remap(batch, done, len(text))
                for strokes in _chunks(batch.strokes):
                    _check_focus(is_still_meant, done, len(text))
                    self._keyboard.press(strokes, keymap)
                    done += len(strokes)
        if self.windows.wait_until_processed(self._wait, _PING_TIMEOUT_S) is None:
            self._unanswered_s = time.monotonic()

    def erase(self, characters: int, is_still_meant: Callable[[], bool]) -> None:
        """Press Backspace `characters` times.

        Raises:
            DeliveryError: The focus changed, or the key does not exist.
        """
        keymap = self._keyboard.read_keymap()
        stroke = keymap.find(_BACKSPACE)
        if stroke is None:
            raise DeliveryError(DesktopMessage.NO_BACKSPACE())
        done = 0
        for strokes in _chunks([stroke] * characters):
            _check_focus(is_still_meant, done, characters)
            self._keyboard.press(strokes, keymap)
            done += len(strokes)
        self.windows.wait_until_processed(self._wait, _PING_TIMEOUT_S)

    def press_together(self, names: Sequence[str]) -> None:
        """Press keys, given by keysym names, as a chord.

        Raises:
            DeliveryError: A key does not exist.
        """
        from Xlib import XK

        keymap = self._keyboard.read_keymap()
        strokes = [keymap.find(XK.string_to_keysym(name)) for name in names]
        keycodes = [stroke.keycode for stroke in strokes if stroke is not None]
        if len(keycodes) != len(names):
            raise DeliveryError(DesktopMessage.NO_PASTE_KEY(keys=" ".join(names)))
        self._keyboard.press_together(keycodes)

    def _remap(self, batch: KeyBatch, done: int, wanted: int) -> None:
        """Map keys to new keysyms after the window has processed the previous mapping."""
        if batch.reuses_key:
            answered = self.windows.wait_until_processed(self._wait, _PING_TIMEOUT_S)
            if answered is False:
                msg = DesktopMessage.WINDOW_STUCK_WHILE_TYPING(typed=done, total=wanted)
                raise DeliveryError(msg)
            if answered is None and select.select([self._stopping], [], [], _NO_PING_DELAY_S)[0]:
                raise closed_error()
        self._keyboard.remap(batch.remapped)

    def _wait(self, timeout_s: float) -> None:
        """Wait for an event from the server."""
        if self._screen.pending_events():
            return
        ready = select.select([self._screen.fileno(), self._stopping], [], [], max(0.0, timeout_s))
        if self._stopping in ready[0]:
            raise closed_error()

    def _discard_events(self) -> None:
        while self._screen.pending_events():
            self._screen.next_event()


def _chunks(strokes: Sequence[Stroke]) -> list[Sequence[Stroke]]:
    return [
        strokes[at : at + KEYS_PER_FOCUS_CHECK]
        for at in range(0, len(strokes), KEYS_PER_FOCUS_CHECK)
    ]


def _check_focus(is_still_meant: Callable[[], bool], done: int, wanted: int) -> None:
    if not is_still_meant():
        raise focus_changed_error(done, wanted)


T = TypeVar("T")


class X11TextInput:
    """Queries windows on one connection and types on another, so that neither blocks the other."""

    def __init__(self) -> None:
        """Connect to the X server.

        Raises:
            ScreenError: There is no X server, or it lacks the XTEST extension.
        """
        self.methods = frozenset(DeliveryMethod)
        self.unavailable_reason = ""
        self._query_connection = open_screen()
        self._typing_connection = open_screen()
        if not self._typing_connection.has_extension("XTEST"):
            for screen in (self._query_connection, self._typing_connection):
                screen.close()
            raise ScreenError(DesktopMessage.NO_XTEST())
        self._windows = X11Windows(self._query_connection)
        self._sender = X11KeySender(self._typing_connection)
        self._query_lock, self._typing_lock = threading.Lock(), threading.Lock()
        self._is_closed = False

    def focused_window(self) -> FocusedWindow | None:
        """Return the focused window, None if there is none or the X server is gone."""
        try:
            with self._query_lock:
                return None if self._is_closed else self._windows.focused_window()
        except lost():
            return None

    def type_text(self, text: str, target: FocusedWindow | None = None) -> None:
        """Type a text: see `TextInput`."""
        self._with_focus_check(
            target, lambda is_still_meant: self._sender.type(text, is_still_meant)
        )

    def press_paste(self, target: FocusedWindow | None) -> None:
        """Press the paste shortcut of the focused window: see `TextInput`."""

        def press(_is_still_meant: Callable[[], bool]) -> None:
            window = self._sender.windows.focused()
            keys = paste_shortcut_for(("", "") if window is None else window_class_of(window))
            self._sender.press_together([*keys.held, keys.pressed])

        self._with_focus_check(target, press)

    def press_backspace(self, characters: int, target: FocusedWindow | None = None) -> None:
        """Press Backspace `characters` times: see `TextInput`."""
        self._with_focus_check(
            target, lambda is_still_meant: self._sender.erase(characters, is_still_meant)
        )

    def close(self) -> None:
        """Cancel a call in another thread, and disconnect."""
        with self._query_lock:
            if self._is_closed:
                return
            self._is_closed = True
        self._sender.stop()
        with self._typing_lock, self._query_lock:
            self._sender.close()
            try:
                self._query_connection.close()
            except lost():
                pass  # already disconnected

    def _with_focus_check(
        self, target: FocusedWindow | None, act: Callable[[Callable[[], bool]], None]
    ) -> None:
        """Wait until no key is held, check the focus, then call `act`."""
        from Xlib.error import XError

        with self._typing_lock:
            if self._is_closed:
                raise DeliveryError(DesktopMessage.PROGRAM_CLOSING())
            try:
                self._sender.wait_for_released_keys()
                there = self._id()
                if target is not None and target.id != there:
                    raise focus_lost_error(target)
                act(lambda: self._id() == there)
            except XError as trouble:
                msg = DesktopMessage.WINDOW_GONE(title=trouble)
                raise DeliveryError(msg) from trouble
            except lost() as trouble:
                msg = HotkeyMessage.X_SERVER_GONE_RESTART(reason=trouble)
                raise DeliveryError(msg) from trouble

    def _id(self) -> str:
        window = self._sender.windows.focused()
        return "" if window is None else hex(window.id)
