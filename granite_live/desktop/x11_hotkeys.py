"""Global hotkeys on X11: passive grabs of the combination."""

from __future__ import annotations

import logging
import os
import queue
import select
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from granite_live.desktop.hotkeys import HotkeyError, KeyCombination, call_safely, parse_combination
from granite_live.desktop.x11_held_keys import RawKey, X11HeldKeys, read_raw_key
from granite_live.desktop.x11_keyboard import lost, open_screen, select_raw_key_events
from granite_live.desktop.x11_keymap import X11KeyCodes
from granite_live.messages.desktop import HotkeyMessage
from granite_live.util.lifecycle import ReportingThread, summarize_error

_log = logging.getLogger(__name__)

# Usually the X server is local.
_ANSWER_S = 5.0
# Key repeat sends a release and a press at the same time. A finger takes longer.
_REPEAT_MS = 2


@dataclass(slots=True)
class _Hotkey:
    keys: str
    keycode: int
    mask: int
    pressed: Callable[[], None]
    released: Callable[[], None]
    canceled: Callable[[], None] | None = None
    is_held: bool = False


class X11Hotkeys:
    """Runs a thread with its own X connection.

    While a hotkey is held on a keyboard, its keys are released for other programs, so that texts
    can be delivered meanwhile (`X11HeldKeys`). A hotkey that another program holds, as a remote
    desktop does, keeps the keyboard grabbed until it is released, as does a server without XTEST.
    """

    def __init__(self) -> None:
        """Connect and start the thread.

        Raises:
            ScreenError: There is no X server.
        """
        self.unavailable_reason = ""
        self._screen: Any = open_screen()
        self._root = self._screen.screen().root
        self._codes = X11KeyCodes(self._screen)
        self._watched: dict[KeyCombination, _Hotkey] = {}
        self._requests: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._wake_read_fd, self._wake_write_fd = os.pipe()
        self._lock = threading.Lock()
        self._is_over = False
        self._line_ended: Callable[[], None] | None = None
        self._held_keys = X11HeldKeys(self._screen)
        if self._held_keys.can_release:
            self._select_raw_keys()
        self._source = 0
        """The device that pressed the key of a hotkey last."""
        self._released_ms: dict[int, int] = {}
        """The server's time of the last release, by keycode."""
        self._is_layout_changed = False
        self._thread = ReportingThread(
            self._run, name="global keys", on_failure=self._failed, daemon=True
        )
        self._thread.start()

    def watch(
        self,
        keys: str,
        pressed: Callable[[], None],
        released: Callable[[], None],
        canceled: Callable[[], None] | None = None,
    ) -> None:
        """Call back when the keys are pressed and released: see `GlobalHotkeys`."""
        combination = parse_combination(keys)
        hotkey = _Hotkey(keys, 0, 0, pressed, released, canceled)
        self._request(lambda: self._add(combination, hotkey))

    def watch_line_ends(self, pressed: Callable[[], None]) -> None:
        """Call back when Return is pressed in any program: see `GlobalHotkeys`."""

        def select_events() -> None:
            self._line_ended = pressed
            self._select_raw_keys()

        self._request(select_events)

    def _select_raw_keys(self) -> None:
        from Xlib.ext import xinput

        select_raw_key_events(self._screen, xinput.RawKeyPressMask | xinput.RawKeyReleaseMask)

    def _request(self, act: Callable[[], None]) -> None:
        """Call `act` in the thread that has the connection, and wait.

        Raises:
            HotkeyError: The X server is gone or does not answer, or this is closed.
        """
        done: Future[None] = Future()

        def wish() -> None:
            try:
                act()
            except Exception as error:  # the caller waits for the result
                done.set_exception(error)
            else:
                done.set_result(None)

        with self._lock:
            if self._is_over:
                raise HotkeyError(self.unavailable_reason or HotkeyMessage.CLOSED())
            self._requests.put(wish)
            os.write(self._wake_write_fd, b"!")
        try:
            done.result(_ANSWER_S)
        except TimeoutError as error:
            raise HotkeyError(HotkeyMessage.X_SERVER_STUCK()) from error

    def close(self) -> None:
        """Stop watching: see `GlobalHotkeys`."""
        with self._lock:
            if not self._is_over:
                self._requests.put(None)
                os.write(self._wake_write_fd, b"!")
        if threading.current_thread() is not self._thread:
            self._thread.join(_ANSWER_S)

    def _run(self) -> None:
        try:
            while self._run_requests():
                self._handle_events()
                ready = select.select([self._screen.fileno(), self._wake_read_fd], [], [])[0]
                if self._wake_read_fd in ready:
                    os.read(self._wake_read_fd, 1024)
            self._held_keys.forget()
            self._screen.close()
        except lost() as trouble:
            self.unavailable_reason = HotkeyMessage.X_SERVER_GONE_RESTART(reason=trouble)
            _log.warning("Global shortcuts: %s", trouble)
        finally:
            self._end()

    def _handle_events(self) -> None:
        """Handle all events, also those that are read while a hold is ended."""
        while self._screen.pending_events():
            while self._screen.pending_events():
                self._handle(self._screen.next_event())
            self._end_hold()
            if self._is_layout_changed:
                self._is_layout_changed = False
                self._regrab_after_layout_change()

    def _failed(self, error: BaseException) -> None:
        self.unavailable_reason = HotkeyMessage.DEFECT(reason=summarize_error(error))

    def _end(self) -> None:
        """Fail pending requests and report held keys as released."""
        with self._lock:
            self._is_over = True
            os.close(self._wake_read_fd)
            os.close(self._wake_write_fd)
        while not self._requests.empty():
            wish = self._requests.get()
            if wish is not None:
                wish()  # fails because the connection is closed
        for one in self._watched.values():
            if one.is_held:
                self._release(one)

    def _run_requests(self) -> bool:
        """Run pending requests; return False if the thread should end."""
        while not self._requests.empty():
            wish = self._requests.get()
            if wish is None:
                return False
            wish()
        return True

    def _add(self, combination: KeyCombination, hotkey: _Hotkey) -> None:
        try:
            keycode, mask = self._codes.find(combination)
            known = self._watched.get(combination)
            if known is None:
                self._grab(hotkey.keys, keycode, mask)
        except lost() as trouble:
            raise HotkeyError(HotkeyMessage.X_SERVER_GONE(reason=trouble)) from trouble
        if known is not None and known.is_held:
            self._release(known)
        hotkey.keycode, hotkey.mask = keycode, mask
        self._watched[combination] = hotkey

    def _grab(self, keys: str, keycode: int, mask: int) -> None:
        from Xlib import X, error

        trouble = error.CatchError(error.BadAccess)
        for locks in self._codes.locks:
            self._root.grab_key(
                keycode, mask | locks, False, X.GrabModeAsync, X.GrabModeAsync, onerror=trouble
            )
        self._screen.sync()
        if trouble.get_error() is not None:
            self._ungrab(keycode, mask)
            msg = HotkeyMessage.TAKEN(combination=keys)
            raise HotkeyError(msg)

    def _ungrab(self, keycode: int, mask: int) -> None:
        for locks in self._codes.locks:
            self._root.ungrab_key(keycode, mask | locks)

    def _handle(self, event: Any) -> None:
        from Xlib import X
        from Xlib.ext.ge import GenericEventCode

        if event.type == X.MappingNotify:
            self._screen.refresh_keyboard_mapping(event)
            self._is_layout_changed = True
        elif event.type == GenericEventCode:
            # Only raw key events are selected.
            self._handle_raw(read_raw_key(event))
        elif event.type == X.KeyPress:
            self._end_hold()
            # A hotkey that keeps the keyboard grabbed receives every other key, too.
            if event.detail == self._codes.escape and not self._held_keys.is_released:
                self._cancel_held()
            for one in self._watched.values():
                if one.keycode == event.detail and self._has_modifiers(event.state, one.mask):
                    if not one.is_held and not self._is_repeat(event):
                        self._press(one)
                    return
        elif event.type == X.KeyRelease:
            self._released_ms[event.detail] = event.time
            if not self._held_keys.is_released:
                self._release_if_up(event.detail)

    def _handle_raw(self, raw: RawKey) -> None:
        """Handle a key of any program; only the keys of hotkeys, Escape and Return are used."""
        if raw.is_press:
            if raw.keycode in self._codes.line_ends and self._line_ended is not None:
                call_safely(self._line_ended)
            if raw.keycode == self._codes.escape and self._held_keys.is_released:
                self._cancel_held()
            if any(raw.keycode == one.keycode for one in self._watched.values()):
                self._source = raw.source
        self._held_keys.follow(raw)

    def _end_hold(self) -> None:
        """Report the release of a hotkey that the user has let go."""
        if self._held_keys.is_let_go:
            self._held_keys.end_hold()
            self._grab_escape(is_grabbed=False)
            for one in self._watched.values():
                if one.is_held:
                    self._release(one)

    def _press(self, one: _Hotkey) -> None:
        one.is_held = True
        if self._held_keys.can_release and not self._held_keys.is_virtual(self._source):
            held = {code for code in self._codes.modifiers if self._is_down(code)}
            self._grab_escape(is_grabbed=True)
            self._held_keys.release(one.keycode, held)
        call_safely(one.pressed)

    def _release(self, one: _Hotkey) -> None:
        one.is_held = False
        call_safely(one.released)

    def _release_if_up(self, keycode: int) -> None:
        """Report the release of a hotkey's key, unless the key is down and repeats."""
        for one in self._watched.values():
            if one.is_held and one.keycode == keycode and not self._is_down(keycode):
                self._release(one)

    def _is_repeat(self, press: Any) -> bool:
        """Return whether a press belongs to the repetition of a key that is up by now."""
        released_ms = self._released_ms.get(press.detail)
        return released_ms is not None and (press.time - released_ms) % 2**32 <= _REPEAT_MS

    def _cancel_held(self) -> None:
        for one in self._watched.values():
            if one.is_held and one.canceled is not None:
                call_safely(one.canceled)

    def _grab_escape(self, *, is_grabbed: bool) -> None:
        """Keep Escape from other programs, unless one of them has grabbed it already."""
        from Xlib import X, error

        if not self._codes.escape:
            return
        for locks in self._codes.locks:
            if is_grabbed:
                self._root.grab_key(
                    self._codes.escape,
                    locks,
                    False,
                    X.GrabModeAsync,
                    X.GrabModeAsync,
                    onerror=error.CatchError(error.BadAccess),
                )
            elif not any(one.keycode == self._codes.escape for one in self._watched.values()):
                self._root.ungrab_key(self._codes.escape, locks)
        self._screen.flush()

    def _has_modifiers(self, state: int, mask: int) -> bool:
        every = sum(self._codes.masks.values())
        return bool(state & every == mask)

    def _is_down(self, keycode: int) -> bool:
        keymap = self._screen.query_keymap()
        return bool(keymap[keycode // 8] & 1 << keycode % 8)

    def _regrab_after_layout_change(self) -> None:
        """Grab the keys again after a change of the keyboard layout."""
        self._codes = X11KeyCodes(self._screen)
        for combination, one in self._watched.items():
            try:
                keycode, mask = self._codes.find(combination)
                if (keycode, mask) != (one.keycode, one.mask):
                    self._ungrab(one.keycode, one.mask)
                    self._grab(one.keys, keycode, mask)
                    one.keycode, one.mask = keycode, mask
            except HotkeyError as error:
                _log.warning("Global shortcuts after a keyboard layout change: %s", error)
