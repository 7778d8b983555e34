"""The dictation hotkey, and the platform services dictation needs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from granite_live.desktop.hotkeys import GlobalHotkeys, HotkeyError, ShortcutHold, check_hotkey
from granite_live.desktop.text_input import TextInput
from granite_live.gui.background import Background
from granite_live.gui.dictation.deliveries import TextSender


class Hotkey(QObject):
    """Watches one key combination at a time; opening the keyboard may take a moment.

    `pressed` and `released` arrive in the GUI thread. `changed` follows each attempt to watch keys:
    then `keys` are the watched ones, "" for none, and `reason` says why not. `canceled` follows
    Escape while the keys are held; `line_ended` follows Return or Enter in any program.
    """

    pressed = Signal()
    released = Signal()
    canceled = Signal()
    line_ended = Signal()
    changed = Signal()
    _down = Signal(int)
    _up = Signal(int)
    _escape = Signal(int)

    def __init__(
        self,
        open_keys: Callable[[], GlobalHotkeys],
        background: Background,
        parent: QObject | None = None,
        check: Callable[[str], None] = check_hotkey,
    ) -> None:
        """Watch no keys yet; `check` raises `HotkeyError` for keys that must not be watched."""
        super().__init__(parent)
        self._open_keys, self._background, self._check = open_keys, background, check
        self._change_lock = threading.Lock()
        self._global_keys: GlobalHotkeys | None = None
        self._opening: GlobalHotkeys | None = None
        self._wanted, self._generation, self._is_down = "", 0, False
        self.keys = self.reason = ""
        self._down.connect(self._press, Qt.ConnectionType.QueuedConnection)
        self._up.connect(self._release, Qt.ConnectionType.QueuedConnection)
        self._escape.connect(self._cancel, Qt.ConnectionType.QueuedConnection)

    @property
    def is_down(self) -> bool:
        """Whether the keys are held."""
        return self._is_down

    def watch(self, keys: str) -> None:
        """Watch only these keys, "" for none."""
        if keys == self._wanted:
            return
        self._wanted, self.keys, self.reason = keys, "", ""
        self._generation += 1
        turn = self._generation
        self._release(turn)
        if (opening := self._opening) is not None:
            self._background.run(opening.close)  # the desktop may be asking the user

        def done(reason: str) -> None:
            if turn == self._generation:
                self.keys, self.reason = ("", reason) if reason else (keys, "")
                self.changed.emit()

        self._background.run(lambda: self._change(keys, turn), done, done)

    def _change(self, keys: str, turn: int) -> str:
        """Release the old keys and watch the new ones; return why not, "" on success."""
        with self._change_lock:
            old, self._global_keys = self._global_keys, None
            if old is not None:
                old.close()
            if not keys or turn != self._generation:
                return ""
            self._check(keys)
            opened = self._open_keys()
            if opened.unavailable_reason:
                opened.close()
                return opened.unavailable_reason
            self._opening = opened
            try:
                opened.watch_line_ends(self.line_ended.emit)
                opened.watch(
                    keys,
                    lambda: self._down.emit(turn),
                    lambda: self._up.emit(turn),
                    lambda: self._escape.emit(turn),
                )
            except HotkeyError:
                opened.close()
                raise
            finally:
                self._opening = None
            self._global_keys = opened
            return ""

    def _press(self, turn: int) -> None:
        if turn == self._generation and not self._is_down:
            self._is_down = True
            self.pressed.emit()

    def _release(self, turn: int) -> None:
        if turn == self._generation and self._is_down:
            self._is_down = False
            self.released.emit()

    def _cancel(self, turn: int) -> None:
        if turn == self._generation:
            self.canceled.emit()


class CloseableTextSender(TextSender, Protocol):
    """A delivery worker with a thread of its own."""

    def close(self, timeout_s: float) -> bool:
        """End the thread; return whether that was done in time."""


@dataclass(frozen=True, slots=True)
class PlatformServices:
    """Factories of the platform services; tests pass their own."""

    open_text_input: Callable[[], TextInput]
    open_keys: Callable[[bool], GlobalHotkeys]
    """The argument says whether the desktop may ask the user for a permission."""
    make_sender: Callable[[TextInput], CloseableTextSender]
    """Creates the worker, which closes the text input that it is given."""


def system_services() -> PlatformServices:
    """Return the services of this computer; their packages are imported on first use."""
    hold = ShortcutHold()
    return PlatformServices(lambda: _open_text_input(hold), partial(_open_keys, hold), _make_sender)


def _open_text_input(hold: ShortcutHold) -> TextInput:
    from granite_live.desktop.platform import open_text_input

    return open_text_input(hold)


def _open_keys(hold: ShortcutHold, may_ask: bool) -> GlobalHotkeys:
    from granite_live.desktop.platform import open_global_hotkeys

    return open_global_hotkeys(hold, may_ask=may_ask)


def _make_sender(text_input: TextInput) -> CloseableTextSender:
    from granite_live.gui.dictation.delivery_worker import DeliveryWorker

    return DeliveryWorker(text_input)
