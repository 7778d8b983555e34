"""Scripted text input, hotkeys and clipboard in place of another program."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from granite_live.desktop.hotkeys import HotkeyError
from granite_live.desktop.text_input import DeliveryMethod, FocusedWindow, TextInput
from granite_live.gui.dictation.platform import PlatformServices

EDITOR = FocusedWindow("0x1", "notes.txt", is_own=False)
TERMINAL = FocusedWindow("0x2", "Terminal", is_own=False)


class FakeTextInput:
    """Text input that knows which window has the focus."""

    def __init__(self) -> None:
        self.methods = frozenset(DeliveryMethod)
        self.unavailable_reason = ""
        self.place: FocusedWindow | None = EDITOR
        self.is_closed = False

    def focused_window(self) -> FocusedWindow | None:
        """Return that window."""
        return self.place

    def type_text(self, text: str, target: FocusedWindow | None = None) -> None:
        """Refuse."""
        raise AssertionError("the carrier's business")

    def press_paste(self, target: FocusedWindow | None) -> None:
        """Refuse."""
        raise AssertionError("the carrier's business")

    def press_backspace(self, characters: int, target: FocusedWindow | None = None) -> None:
        """Refuse."""
        raise AssertionError("the carrier's business")

    def close(self) -> None:
        """Record the call."""
        self.is_closed = True


class FakeTextSender(QObject):
    """Delivery into a field at once, or when `answer` is called."""

    delivered = Signal(int, str)
    failed = Signal(int, str)

    def __init__(self, text_input: FakeTextInput | None = None) -> None:
        super().__init__()
        self.text_input = text_input
        self.way = DeliveryMethod.PASTE
        self.field = ""
        self.clipboard = ""
        self.asked: list[tuple[int, str | int]] = []
        self.is_slow = False
        self.how = self.refusal = ""
        self.is_closed = False

    def send(self, number: int, text: str, aim: FocusedWindow | None = None) -> None:
        """Record a text."""
        self.asked.append((number, text))
        if not self.is_slow:
            self.answer()

    def erase(self, number: int, characters: int) -> None:
        """Record what to erase."""
        self.asked.append((number, characters))
        if not self.is_slow:
            self.answer()

    def answer(self) -> None:
        """Carry out the last request, or refuse it."""
        number, what = self.asked[-1]
        if self.refusal:
            self.failed.emit(number, self.refusal)
            return
        if isinstance(what, int):
            self.field = self.field[: len(self.field) - what]
        elif self.way is DeliveryMethod.COPY:
            self.clipboard = what
        elif not self.how:
            self.field += what
        self.delivered.emit(number, "Copied." if self.way is DeliveryMethod.COPY else self.how)

    def close(self, timeout_s: float) -> bool:
        """Record the call, and close the text input."""
        self.is_closed = True
        if self.text_input is not None:
            self.text_input.close()
        return True


class FakeHotkeys:
    """Keyboard whose keys are pressed from another thread, like a real one's."""

    def __init__(self, refusal: str = "", reason: str = "") -> None:
        self.refusal, self.unavailable_reason = refusal, reason
        self.watched: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {}
        self.canceled: dict[str, Callable[[], None]] = {}
        self.is_closed = False

    def watch(
        self,
        keys: str,
        pressed: Callable[[], None],
        released: Callable[[], None],
        canceled: Callable[[], None] | None = None,
    ) -> None:
        """Record the callbacks, or refuse."""
        if self.refusal:
            raise HotkeyError(self.refusal)
        self.watched[keys] = (pressed, released)
        if canceled is not None:
            self.canceled[keys] = canceled

    def watch_line_ends(self, pressed: Callable[[], None]) -> None:
        """Record the callback."""
        self.line_ended = pressed

    def press(self, keys: str = "Ctrl+Alt+Space") -> None:
        """Press the keys."""
        _call(self.watched[keys][0])

    def release(self, keys: str = "Ctrl+Alt+Space") -> None:
        """Release the keys."""
        _call(self.watched[keys][1])

    def cancel(self, keys: str = "Ctrl+Alt+Space") -> None:
        """Press Escape while the keys are held."""
        _call(self.canceled[keys])

    def close(self) -> None:
        """Record the call."""
        self.is_closed = True


class FakePlatform:
    """The whole platform, and how the window receives it."""

    def __init__(self) -> None:
        self.text_input = FakeTextInput()
        self.sender = FakeTextSender(self.text_input)
        self.key_refusal = self.key_reason = ""
        self.opened_keys: list[FakeHotkeys] = []
        self.unasked_reason = ""
        """Why there are no keys before the desktop may ask the user."""

    @property
    def keys(self) -> FakeHotkeys:
        """The keyboard that was opened last, except for Escape."""
        return next(one for one in reversed(self.opened_keys) if "Esc" not in one.watched)

    @property
    def services(self) -> PlatformServices:
        """The services as the window receives them."""

        def make(_hands: TextInput) -> FakeTextSender:
            return self.sender

        return PlatformServices(lambda: self.text_input, self._open_keys, make)

    def _open_keys(self, may_ask: bool) -> FakeHotkeys:
        reason = self.key_reason if may_ask else self.key_reason or self.unasked_reason
        self.opened_keys.append(FakeHotkeys(self.key_refusal, reason))
        return self.opened_keys[-1]


def _call(what: Callable[[], None]) -> None:
    thread = threading.Thread(target=what)
    thread.start()
    thread.join()
