"""Text input on Wayland through the desktop's RemoteDesktop portal: types keysyms.

The desktop asks the user before the first text, and remembers the answer by a token. A desktop
types only characters that its keyboard layout has; some drop others without a report. libei, which
the portal offers too, sends only keys of the layout, so it would not type more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from granite_live.desktop.hotkeys import ShortcutHold
from granite_live.desktop.portal_bus import DIALOG_S, PortalConnection, PortalError
from granite_live.desktop.text_input import (
    DeliveryError,
    DeliveryMethod,
    FocusedWindow,
    closed_error,
)
from granite_live.desktop.x11_keymap import is_typable, keysym_of
from granite_live.messages import as_clause
from granite_live.messages.desktop import DesktopMessage, PortalMessage
from granite_live.util import paths
from granite_live.util.files import write_atomically

PORTAL_NAME = "RemoteDesktop"
_KEYBOARD = 1
_UNTIL_REVOKED = 2
_BACKSPACE = 0xFF08
_PRESSED, _RELEASED = 1, 0
_HOLD_TIMEOUT_S = 120.0
"""Longer than a user holds a shortcut."""


def token_path() -> Path:
    """Return the file of the token by which the desktop remembers its permission."""
    return paths.config_dir() / "typing-permission"


class PortalTextInput:
    """Opens a session with the portal for the first text, so that the desktop asks only then."""

    def __init__(
        self,
        hold: ShortcutHold | None = None,
        connect: Callable[[], PortalConnection] = PortalConnection,
    ) -> None:
        """Check that the desktop has the portal. Asks the user nothing.

        Args:
            hold: Texts wait until the shortcut is released, whose modifiers would change them.
            connect: Connects to the portals.

        Raises:
            PortalError: The desktop has no such portal, or it presses no keys.
        """
        self.methods = frozenset({DeliveryMethod.COPY, DeliveryMethod.TYPE})
        self.unavailable_reason: str = DesktopMessage.WAYLAND_NO_PASTING()
        self._hold, self._connect = hold or ShortcutHold(), connect
        self._typing, self._lock = threading.Lock(), threading.Lock()
        self._connection: PortalConnection | None = None
        self._session = self._refusal = ""
        self._is_closed = False
        with connect() as connection:
            kinds = connection.property(PORTAL_NAME, "AvailableDeviceTypes")
        if not int(kinds) & _KEYBOARD:
            raise PortalError(PortalMessage.NO_KEYBOARD())

    def focused_window(self) -> FocusedWindow | None:
        """Return a window without any information: Wayland hides it."""
        return FocusedWindow("", "", is_own=False)

    def type_text(self, text: str, target: FocusedWindow | None = None) -> None:
        """Type a text: see `TextInput`. The first time, the desktop asks the user."""
        typable = filter(is_typable, text.replace("\r\n", "\n"))
        self._press(map(keysym_of, typable))

    def press_paste(self, target: FocusedWindow | None) -> None:
        """Raise `DeliveryError`: a program without the focus may not set the clipboard."""
        raise DeliveryError(DesktopMessage.WAYLAND_CHOOSE_TYPING())

    def press_backspace(self, characters: int, target: FocusedWindow | None = None) -> None:
        """Press Backspace `characters` times: see `TextInput`."""
        self._press([_BACKSPACE] * characters)

    def close(self) -> None:
        """Cancel a call in another thread, and end the session."""
        with self._lock:
            self._is_closed = True
            if self._connection is not None:
                self._connection.abort()
        self._hold.wake()
        with self._typing:
            self._disconnect()

    def _press(self, keysyms: Iterable[int]) -> None:
        with self._typing:
            if not self._hold.wait_until_released(_HOLD_TIMEOUT_S, lambda: self._is_closed):
                self._require_open()
                raise DeliveryError(DesktopMessage.KEY_HELD(seconds=_HOLD_TIMEOUT_S))
            connection = self._open()
            try:
                for keysym in keysyms:
                    for state in (_PRESSED, _RELEASED):
                        key: tuple[object, ...] = self._session, {}, keysym, state
                        connection.call(PORTAL_NAME, "NotifyKeyboardKeysym", "oa{sv}iu", key)
            except PortalError as error:
                # The user may have ended the session; the next text opens another one.
                self._disconnect()
                self._require_open()
                msg = PortalMessage.TYPING_FAILED(reason=as_clause(error))
                raise DeliveryError(msg) from error

    def _require_open(self) -> None:
        if self._is_closed:
            raise closed_error()

    def _open(self) -> PortalConnection:
        """Return the connection with a session, for which the desktop may ask the user."""
        if self._refusal:
            raise DeliveryError(self._refusal)  # asking again at each text would be a nuisance
        if self._connection is not None and self._session:
            return self._connection
        try:
            connection = self._connect()
            with self._lock:
                self._connection = connection
            self._require_open()
            self._session = self._start_session(connection)
        except PortalError as error:
            self._disconnect()
            self._require_open()
            self._refusal = PortalMessage.TYPING_REFUSED(reason=as_clause(error))
            raise DeliveryError(self._refusal) from error
        return connection

    def _start_session(self, connection: PortalConnection) -> str:
        session = connection.open_session(PORTAL_NAME)
        devices: dict[str, tuple[str, object]] = {
            "types": ("u", _KEYBOARD),
            "persist_mode": ("u", _UNTIL_REVOKED),
        }
        if token := _stored_token():
            devices["restore_token"] = "s", token
        connection.request(PORTAL_NAME, "SelectDevices", "o", (session,), devices)
        started = connection.request(PORTAL_NAME, "Start", "os", (session, ""), timeout_s=DIALOG_S)
        granted = started.get("devices", ("u", 0))[1]
        if not int(granted) & _KEYBOARD:
            raise PortalError(PortalMessage.REFUSED())
        _store_token(str(started.get("restore_token", ("s", ""))[1]))
        return session

    def _disconnect(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
            self._session = ""
        if connection is not None:
            connection.close()


def _stored_token() -> str:
    try:
        return token_path().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _store_token(token: str) -> None:
    """Store the token, which serves once. Without it, the desktop asks again next time."""
    try:
        token_path().parent.mkdir(parents=True, exist_ok=True)
        write_atomically(token_path(), token.encode())
    except OSError:
        pass
