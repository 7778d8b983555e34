"""Hands, keys and a carrier that do as a script says, in place of another program."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from granite_live.desktop.hotkeys import HotkeyError
from granite_live.desktop.text_input import Hands, Target, Way
from granite_live.gui.dictation.platform import Means

EDITOR = Target("0x1", "notes.txt", is_own=False)
TERMINAL = Target("0x2", "Terminal", is_own=False)


class FakeHands:
    """Knows which window has the keys."""

    def __init__(self) -> None:
        self.ways = frozenset(Way)
        self.reason = ""
        self.place: Target | None = EDITOR
        self.is_closed = False

    def target(self) -> Target | None:
        """Return that window."""
        return self.place

    def type(self, text: str, target: Target | None = None) -> None:
        """Refuse."""
        raise AssertionError("the carrier's business")

    def press_paste(self, target: Target | None) -> None:
        """Refuse."""
        raise AssertionError("the carrier's business")

    def erase(self, characters: int, target: Target | None = None) -> None:
        """Refuse."""
        raise AssertionError("the carrier's business")

    def close(self) -> None:
        """Remember it."""
        self.is_closed = True


class FakeCarrier(QObject):
    """Writes into a field at once, or as soon as `answer` is called."""

    delivered = Signal(int, str)
    failed = Signal(int, str)

    def __init__(self, hands: FakeHands | None = None) -> None:
        super().__init__()
        self.hands = hands
        self.way = Way.PASTE
        self.field = ""
        self.clipboard = ""
        self.asked: list[tuple[int, str | int]] = []
        self.is_slow = False
        self.how = self.refusal = ""
        self.is_closed = False

    def send(self, number: int, text: str, aim: Target | None = None) -> None:
        """Remember a text."""
        self.asked.append((number, text))
        if not self.is_slow:
            self.answer()

    def erase(self, number: int, characters: int) -> None:
        """Remember what is to be erased."""
        self.asked.append((number, characters))
        if not self.is_slow:
            self.answer()

    def answer(self) -> None:
        """Do what was asked for last, or refuse it."""
        number, what = self.asked[-1]
        if self.refusal:
            self.failed.emit(number, self.refusal)
            return
        if isinstance(what, int):
            self.field = self.field[: len(self.field) - what]
        elif self.way is Way.COPY:
            self.clipboard = what
        elif not self.how:
            self.field += what
        self.delivered.emit(number, "Copied." if self.way is Way.COPY else self.how)

    def close(self, timeout_s: float) -> bool:
        """Remember it, and close the hands."""
        self.is_closed = True
        if self.hands is not None:
            self.hands.close()
        return True


class FakeKeys:
    """A keyboard of which each key is pressed from another thread, as a real one's."""

    def __init__(self, refusal: str = "", reason: str = "") -> None:
        self.refusal, self.reason = refusal, reason
        self.watched: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {}
        self.is_closed = False

    def watch(self, keys: str, pressed: Callable[[], None], released: Callable[[], None]) -> None:
        """Remember whom to call, or refuse."""
        if self.refusal:
            raise HotkeyError(self.refusal)
        self.watched[keys] = (pressed, released)

    def press(self, keys: str = "Ctrl+Alt+Space") -> None:
        """Press the keys."""
        _call(self.watched[keys][0])

    def release(self, keys: str = "Ctrl+Alt+Space") -> None:
        """Let them go."""
        _call(self.watched[keys][1])

    def close(self) -> None:
        """Remember it."""
        self.is_closed = True


class FakePlatform:
    """All of it, and how it is handed to the window."""

    def __init__(self) -> None:
        self.hands = FakeHands()
        self.carrier = FakeCarrier(self.hands)
        self.key_refusal = self.key_reason = ""
        self.opened_keys: list[FakeKeys] = []

    @property
    def keys(self) -> FakeKeys:
        """The keyboard that was opened last."""
        return self.opened_keys[-1]

    @property
    def means(self) -> Means:
        """How the window gets all this."""

        def make(_hands: Hands) -> FakeCarrier:
            return self.carrier

        return Means(lambda: self.hands, self._open_keys, make)

    def _open_keys(self) -> FakeKeys:
        self.opened_keys.append(FakeKeys(self.key_refusal, self.key_reason))
        return self.opened_keys[-1]


def _call(what: Callable[[], None]) -> None:
    thread = threading.Thread(target=what)
    thread.start()
    thread.join()
