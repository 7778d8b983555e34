"""Global hotkeys on Wayland: shortcuts that the desktop's GlobalShortcuts portal grants.

The desktop asks the user at the first time, and may let the user choose another key.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from granite_live.desktop.hotkeys import (
    KEYSYM_NAMES,
    HotkeyError,
    KeyCombination,
    ShortcutHold,
    call_safely,
    check_hotkey,
    parse_combination,
)
from granite_live.desktop.portal_bus import DIALOG_S, PortalConnection, PortalError
from granite_live.messages import as_clause
from granite_live.messages.desktop import HotkeyMessage, PortalMessage
from granite_live.util import paths
from granite_live.util.lifecycle import ReportingThread, summarize_error

_log = logging.getLogger(__name__)

PORTAL_NAME = "GlobalShortcuts"
_SHORTCUT = "dictate"
_MODIFIERS = {"Ctrl": "CTRL", "Alt": "ALT", "Shift": "SHIFT", "Meta": "LOGO"}
_JOIN_S = 5.0

OpenConnection = Callable[[], PortalConnection]


def granted_path() -> Path:
    """Return the file that is there once the desktop has granted a shortcut."""
    return paths.config_dir() / "shortcut-permission"


def was_granted() -> bool:
    """Return whether the desktop has granted a shortcut, so that it need not ask again."""
    return granted_path().exists()


class PortalHotkeys:
    """Watches each combination on a connection of its own, with a thread that waits for it."""

    def __init__(
        self, hold: ShortcutHold | None = None, connect: OpenConnection = PortalConnection
    ) -> None:
        """Check that the desktop has the portal. Asks the user nothing.

        Args:
            hold: Told while a shortcut is held.
            connect: Connects to the portals.

        Raises:
            PortalError: The desktop has no such portal.
        """
        self.unavailable_reason = ""
        self._hold, self._connect = hold or ShortcutHold(), connect
        self._watched: dict[KeyCombination, _Shortcut] = {}
        self._opening: PortalConnection | None = None
        self._lock = threading.Lock()
        self._is_closed = False
        with connect() as connection:
            connection.property(PORTAL_NAME, "version")

    def watch(
        self,
        keys: str,
        pressed: Callable[[], None],
        released: Callable[[], None],
        canceled: Callable[[], None] | None = None,
    ) -> None:
        """Call back when the keys are pressed and released: see `GlobalHotkeys`.

        The desktop may ask the user first. `canceled` is never called, because the desktop reports
        no other keys.
        """
        combination = parse_combination(keys)
        check_hotkey(keys)  # the desktop is not asked for keys such as Escape
        trigger = trigger_of(combination)
        if (known := self._watched.pop(combination, None)) is not None:
            known.close()
        try:
            self._watched[combination] = self._bind(trigger, pressed, released)
        except PortalError as error:
            raise HotkeyError(HotkeyMessage.PORTAL_FAILED(reason=as_clause(error))) from error

    def watch_line_ends(self, pressed: Callable[[], None]) -> None:
        """Do nothing: the desktop reports no other keys."""

    def close(self) -> None:
        """Stop watching: see `GlobalHotkeys`."""
        with self._lock:
            self._is_closed = True
            if self._opening is not None:
                self._opening.abort()
        for one in self._watched.values():
            one.close()
        self._watched.clear()

    def _bind(
        self, trigger: str, pressed: Callable[[], None], released: Callable[[], None]
    ) -> _Shortcut:
        connection = self._connect()
        try:
            with self._lock:
                if self._is_closed:
                    raise PortalError(PortalMessage.CLOSED())
                self._opening = connection
            session = connection.open_session(PORTAL_NAME)
            described = {
                "description": ("s", str(PortalMessage.DESCRIPTION())),
                "preferred_trigger": ("s", trigger),
            }
            connection.request(
                PORTAL_NAME,
                "BindShortcuts",
                "oa(sa{sv})s",
                (session, [(_SHORTCUT, described)], ""),
                timeout_s=DIALOG_S,
            )
            with contextlib.suppress(OSError):  # the key then waits for the dictation window again
                granted_path().parent.mkdir(parents=True, exist_ok=True)
                granted_path().touch(0o600)
        except BaseException:
            connection.close()
            raise
        finally:
            with self._lock:
                self._opening = None
        return _Shortcut(connection, session, pressed, released, self._hold, self._lost)

    def _lost(self, reason: str) -> None:
        self.unavailable_reason = reason
        _log.warning("Global shortcuts: %s", reason)


class _Shortcut:
    """A shortcut that was granted, until `close`."""

    def __init__(
        self,
        connection: PortalConnection,
        session: str,
        pressed: Callable[[], None],
        released: Callable[[], None],
        hold: ShortcutHold,
        on_loss: Callable[[str], None],
    ) -> None:
        """Take the connection, and start the thread."""
        self._connection, self._session = connection, session
        self._pressed, self._released, self._hold = pressed, released, hold
        self._on_loss = on_loss
        self._is_held = self._is_closed = False
        self._thread = ReportingThread(
            self._run,
            name="portal shortcut",
            on_failure=lambda error: on_loss(HotkeyMessage.DEFECT(reason=summarize_error(error))),
            daemon=True,
        )
        self._thread.start()

    def close(self) -> None:
        """End the thread and the session."""
        self._is_closed = True
        self._connection.abort()
        if threading.current_thread() is not self._thread:
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        try:
            with contextlib.suppress(PortalError):
                for name, _arguments in self._connection.signals(PORTAL_NAME, self._session):
                    if name == "Activated" and not self._is_held:
                        self._is_held = True
                        self._hold.press()
                        call_safely(self._pressed)
                    elif name == "Deactivated":
                        self._release()
            if not self._is_closed:
                self._on_loss(PortalMessage.SHORTCUT_LOST())
        finally:
            self._release()
            self._connection.close()

    def _release(self) -> None:
        if self._is_held:
            self._is_held = False
            self._hold.release()
            call_safely(self._released)


def trigger_of(combination: KeyCombination) -> str:
    """Return a combination in the notation of the XDG shortcuts specification.

    Raises:
        HotkeyError: There is no such key.
    """
    key = combination.key
    if len(key) == 1:
        name = key.lower() if key.isalnum() and key.isascii() else f"U{ord(key.lower()):04X}"
    else:
        name = KEYSYM_NAMES.get(key, key)
    held = [_MODIFIERS[one] for one in _MODIFIERS if one in combination.modifiers]
    return "+".join([*held, name])
