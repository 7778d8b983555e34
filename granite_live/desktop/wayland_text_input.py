"""Text input on Wayland: types with wtype, supports nothing else.

Wayland hides the focused window and lets no program send single keys to another. wtype uses the
virtual keyboard protocol, which wlroots compositors and some others support; GNOME does not.
ydotool is not used: it presses keys of a US keyboard, which loses umlauts and emoji.
"""

from __future__ import annotations

import shutil
import subprocess
import threading

from granite_live.desktop.text_input import (
    DeliveryError,
    DeliveryMethod,
    FocusedWindow,
    closed_error,
)
from granite_live.messages.desktop import DesktopMessage

_WITHIN_S = 60.0
_BETWEEN_KEYS_MS = "2"


class WaylandTextInput:
    """Runs wtype once per text."""

    def __init__(self) -> None:
        self._wtype = shutil.which("wtype")
        self.methods = frozenset(
            {DeliveryMethod.COPY, DeliveryMethod.TYPE} if self._wtype else {DeliveryMethod.COPY}
        )
        self.unavailable_reason: str = (
            DesktopMessage.WAYLAND_NO_PASTING() if self._wtype else DesktopMessage.WTYPE_MISSING()
        )
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    def focused_window(self) -> FocusedWindow | None:
        """Return a window without any information."""
        return FocusedWindow("", "", is_own=False)

    def type_text(self, text: str, target: FocusedWindow | None = None) -> None:
        """Type a text: see `TextInput`."""
        self._run(["-d", _BETWEEN_KEYS_MS, "-"], text)

    def press_paste(self, target: FocusedWindow | None) -> None:
        """Raise `DeliveryError`."""
        raise DeliveryError(DesktopMessage.WAYLAND_CHOOSE_TYPING())

    def press_backspace(self, characters: int, target: FocusedWindow | None = None) -> None:
        """Press Backspace `characters` times: see `TextInput`."""
        self._run(["-k", "BackSpace"] * characters, "")

    def close(self) -> None:
        """Cancel a call in another thread."""
        with self._lock:
            self._is_closed = True
            if self._running is not None:
                self._running.terminate()

    def _run(self, options: list[str], text: str) -> None:
        running = self._begin(options)
        try:
            _, said = running.communicate(text.encode(), timeout=_WITHIN_S)
        except subprocess.TimeoutExpired as trouble:
            running.kill()
            running.communicate()
            msg = DesktopMessage.WTYPE_TIMEOUT(seconds=_WITHIN_S)
            raise DeliveryError(msg) from trouble
        finally:
            with self._lock:
                self._running = None
        if running.returncode != 0:
            words = said.decode("utf-8", "replace").strip() or f"code {running.returncode}"
            raise DeliveryError(DesktopMessage.WTYPE_FAILED(reason=words))

    def _begin(self, options: list[str]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._wtype is None:
                raise DeliveryError(self.unavailable_reason)
            if self._is_closed:
                raise closed_error()
            self._running = subprocess.Popen(
                [self._wtype, *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            return self._running
