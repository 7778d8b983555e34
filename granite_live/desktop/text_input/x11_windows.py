"""Finds the focused X11 window and waits until it has processed its events."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from typing import Any

from granite_live.desktop.text_input.paste_keys import takes_from_clipboard
from granite_live.desktop.text_input.protocol import Target

_DEEPEST = 32
"""The maximum nesting depth of windows."""


class Windows:
    """The windows of a screen as seen by one connection. Not thread-safe."""

    def __init__(self, screen: Any) -> None:
        """Use a connection (`Xlib.display.Display`) that the caller closes."""
        self._screen = screen
        self._root = screen.screen().root
        self._numbers = itertools.count(os.getpid() & 0xFFFF)

    def target(self) -> Target | None:
        """Return the focused window, None if there is none."""
        from Xlib.error import XError

        try:
            window = self.focused()
            if window is None:
                return None
            owner = self._number(window, "_NET_WM_PID")
            return Target(
                hex(window.id),
                self._title(window),
                is_own=owner == os.getpid(),
                can_paste=takes_from_clipboard(names_of(window)),
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

    def wait_until_done(self, wait: Callable[[float], None], timeout_s: float) -> bool | None:
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


def names_of(window: Any) -> tuple[str, str]:
    """Return a window's WM_CLASS, empty if it has none."""
    return window.get_wm_class() or ("", "")


def _is_answer(found: Any, protocols: int, ping: int, mark: int) -> bool:
    from Xlib import X

    return (
        found.type == X.ClientMessage
        and found.client_type == protocols
        and tuple(found.data[1][:2]) == (ping, mark)
    )
