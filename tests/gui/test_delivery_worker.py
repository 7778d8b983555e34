"""Delivery of texts: order, fallbacks, clipboard restored. The text input is scripted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import cast

import pytest
from helpers.messages import shows
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QClipboard, QImage
from pytestqt.qtbot import QtBot

from granite_live.desktop.platform import DeliveryError, DeliveryMethod, FocusedWindow, FocusError
from granite_live.gui.dictation import clipboard as exchange_module
from granite_live.gui.dictation import delivery_worker as delivery_worker
from granite_live.gui.dictation.delivery_worker import DeliveryWorker
from granite_live.messages.desktop import DesktopMessage

THERE = FocusedWindow("0x1", "Letter", is_own=False)
OWN = ("text/plain", "x-kde-passwordManagerHint")


class ScriptedHands:
    """A text input that records calls and can block, fail, or report another target."""

    def __init__(self) -> None:
        self.methods, self.unavailable_reason = frozenset(DeliveryMethod), ""
        self.sees: FocusedWindow | None = THERE
        self.done: list[str] = []
        self.fails: Exception | None = None
        self.go, self.busy = threading.Event(), threading.Event()
        self.go.set()
        self.pasted: Callable[[], None] = lambda: None
        self.is_closed = False

    def focused_window(self) -> FocusedWindow | None:
        return self.sees

    def type_text(self, text: str, target: FocusedWindow | None = None) -> None:
        self._act(f"type {text}")

    def press_paste(self, target: FocusedWindow | None) -> None:
        self._act("paste")
        self.pasted()

    def press_backspace(self, characters: int, target: FocusedWindow | None = None) -> None:
        assert target == THERE
        self._act(f"erase {characters}")

    def close(self) -> None:
        self.is_closed = True
        self.go.set()

    def _act(self, what: str) -> None:
        self.busy.set()
        assert self.go.wait(10)
        if self.is_closed:
            raise DeliveryError("closed")
        if self.fails is not None:
            raise self.fails
        self.done.append(what)


class ScriptedClipboard(QObject):
    """A clipboard of its own, read by the test in the role of another program."""

    dataChanged = Signal()  # noqa: N815
    fetch = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.data = QMimeData()
        self.data.setText("before")
        self.data.setData("application/x-else", b"\x00\xff")
        self.is_ours = False
        self.fetched: list[str] = []
        self.fetch.connect(self._fetch)

    def mimeData(self) -> QMimeData:  # noqa: N802
        return self.data

    def setMimeData(self, data: QMimeData) -> None:  # noqa: N802
        self.data, self.is_ours = data, True
        self.dataChanged.emit()

    def clear(self) -> None:
        self.setMimeData(QMimeData())

    def ownsClipboard(self) -> bool:  # noqa: N802
        return self.is_ours

    def take(self, text: str) -> None:
        """Set the clipboard as another program."""
        data = QMimeData()
        data.setText(text)
        self.data, self.is_ours = data, False
        self.dataChanged.emit()

    def contents(self) -> dict[str, bytes]:
        return {one: bytes(self.data.data(one).data()) for one in self.data.formats()}

    def _fetch(self) -> None:
        self.fetched.append(bytes(self.data.data("text/plain").data()).decode())


class Rig:
    """The delivery worker with scripted services."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.text_input, self.clipboard = ScriptedHands(), ScriptedClipboard()
        self.text_input.pasted = self.clipboard.fetch.emit
        self.before = self.clipboard.contents()
        self.worker = DeliveryWorker(self.text_input, None, cast("QClipboard", self.clipboard))
        self.told: list[tuple[str, int, str]] = []
        self.worker.delivered.connect(lambda n, words: self.told.append(("done", n, words)))
        self.worker.failed.connect(lambda n, words: self.told.append(("failed", n, words)))

    def send(
        self, way: DeliveryMethod, *texts: str, aim: FocusedWindow | None = None
    ) -> list[tuple[str, int, str]]:
        """Send texts; return what is emitted about them."""
        self.told.clear()
        self.worker.way = way
        for number, text in enumerate(texts):
            self.worker.send(number, text, aim)
        self.qtbot.waitUntil(lambda: len(self.told) == len(texts), timeout=20_000)
        return self.told


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    made = Rig(qtbot)
    yield made
    assert made.worker.close(20)
    assert made.text_input.is_closed


def test_texts_are_typed_in_order(rig: Rig) -> None:
    assert rig.send(DeliveryMethod.TYPE, "a", "b", "c") == [("done", n, "") for n in range(3)]
    assert rig.text_input.done == ["type a", "type b", "type c"]
    assert rig.clipboard.contents() == rig.before


def test_each_paste_finds_its_text_and_the_clipboard_is_as_it_was(rig: Rig) -> None:
    assert rig.send(DeliveryMethod.PASTE, "äöü 😀", "zwei") == [("done", 0, ""), ("done", 1, "")]
    assert rig.clipboard.fetched == ["äöü 😀", "zwei"]
    assert rig.clipboard.contents() == rig.before


def test_an_empty_clipboard_is_empty_afterwards(rig: Rig) -> None:
    rig.clipboard.data = QMimeData()
    rig.send(DeliveryMethod.PASTE, "text")
    assert rig.clipboard.contents() == {}


def test_an_image_of_our_own_comes_back(rig: Rig) -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(0xFF123456)
    rig.clipboard.data = QMimeData()
    rig.clipboard.data.setImageData(image)
    rig.send(DeliveryMethod.PASTE, "text")
    assert rig.clipboard.data.imageData() == image


def test_what_is_lent_asks_not_to_be_remembered(rig: Rig) -> None:
    seen: list[list[str]] = []
    rig.text_input.pasted = lambda: (
        seen.append(rig.clipboard.data.formats()),
        rig.clipboard.fetch.emit(),
    )[1]
    rig.send(DeliveryMethod.PASTE, "text")
    assert seen == [list(OWN)]


def test_a_program_that_fetches_nothing_is_told_and_the_clipboard_put_back(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_module, "_TAKEN_WITHIN_MS", 50)
    rig.text_input.pasted = lambda: None
    ((kind, _, words),) = rig.send(DeliveryMethod.PASTE, "text")
    assert kind == "failed"
    assert "'Letter' did not accept" in words
    assert rig.clipboard.contents() == rig.before


def test_who_takes_the_clipboard_meanwhile_keeps_it(rig: Rig) -> None:
    taken = threading.Event()

    class Taker(QObject):
        now = Signal()

    taker = Taker()
    taker.now.connect(lambda: (rig.clipboard.take("theirs"), taken.set()))
    rig.text_input.pasted = taker.now.emit
    ((kind, _, words),) = rig.send(DeliveryMethod.PASTE, "text")
    assert taken.is_set()
    assert (kind, "Another program" in words) == ("failed", True)
    assert rig.clipboard.contents() == {"text/plain": b"theirs"}
    rig.text_input.pasted = rig.clipboard.fetch.emit
    rig.send(DeliveryMethod.PASTE, "again")
    assert rig.clipboard.fetched == ["again"]
    assert rig.clipboard.contents() == {"text/plain": b"theirs"}


def test_a_clipboard_that_cannot_be_had_is_told(rig: Rig) -> None:
    rig.clipboard.ownsClipboard = lambda: False  # type: ignore[method-assign]
    ((kind, _, words),) = rig.send(DeliveryMethod.PASTE, "text")
    assert (kind, "choose typing" in words) == ("failed", True)
    assert rig.text_input.done == []


def test_paste_keys_that_cannot_be_pressed_leave_the_clipboard_as_it_was(rig: Rig) -> None:
    rig.text_input.fails = DeliveryError("no such key")
    assert rig.send(DeliveryMethod.PASTE, "text") == [("failed", 0, "no such key")]
    assert rig.clipboard.contents() == rig.before


def test_where_pasting_means_something_else_the_text_is_typed(rig: Rig) -> None:
    rig.text_input.sees = FocusedWindow("0x2", "xterm", is_own=False, can_paste=False)
    assert rig.send(DeliveryMethod.PASTE, "text") == [("done", 0, "")]
    assert rig.text_input.done == ["type text"]


@pytest.mark.parametrize(
    ("sees", "words"),
    [
        (None, "No window has the focus."),
        (FocusedWindow("0x3", "Granite Live", is_own=True), "Click into another program first."),
    ],
)
def test_without_another_program_the_text_is_copied(
    rig: Rig, sees: FocusedWindow | None, words: str
) -> None:
    rig.text_input.sees = sees
    assert rig.send(DeliveryMethod.TYPE, "text") == [
        ("done", 0, f"{words} The text is in the clipboard.")
    ]
    assert rig.text_input.done == []
    assert rig.clipboard.contents() == {"text/plain": b"text"}


def test_what_the_platform_cannot_do_is_copied_with_the_reason(rig: Rig) -> None:
    rig.text_input.methods, rig.text_input.unavailable_reason = (
        frozenset({DeliveryMethod.COPY}),
        "Not here.",
    )
    assert rig.send(DeliveryMethod.PASTE, "t") == [
        ("done", 0, "Not here. The text is in the clipboard.")
    ]


def test_copying_is_what_is_asked_for(rig: Rig) -> None:
    assert rig.send(DeliveryMethod.COPY, "t") == [("done", 0, "The text is in the clipboard.")]
    assert rig.clipboard.contents() == {"text/plain": b"t"}


def test_a_text_aimed_at_a_window_goes_nowhere_else(rig: Rig) -> None:
    aim = rig.text_input.focused_window()
    rig.text_input.sees = FocusedWindow("0x9", "Chat", is_own=False)
    ((kind, _, words),) = rig.send(DeliveryMethod.TYPE, "text", aim=aim)
    assert (kind, words) == (
        "done",
        f"{DesktopMessage.FOCUS_LOST(title='Letter')} The text is in the clipboard.",
    )
    assert rig.send(DeliveryMethod.TYPE, "text") == [("done", 0, "")]


def test_a_focus_that_moves_at_the_last_moment_is_noticed(rig: Rig) -> None:
    rig.text_input.fails = FocusError("moved")
    ((kind, _, words),) = rig.send(DeliveryMethod.PASTE, "text")
    assert (kind, shows(words, DesktopMessage.FOCUS_LOST, title="Letter")) == ("done", True)
    assert rig.clipboard.contents() == {"text/plain": b"text"}


def test_a_password_field_gets_nothing(rig: Rig) -> None:
    rig.text_input.sees = FocusedWindow("0x4", "Unlock", is_own=False, is_password=True)
    for way in (DeliveryMethod.TYPE, DeliveryMethod.PASTE):
        ((kind, _, words),) = rig.send(way, "text")
        assert (kind, "password" in words) == ("failed", True)
    assert rig.text_input.done == []
    assert rig.clipboard.contents() == rig.before


def test_only_what_was_typed_or_pasted_is_erased(rig: Rig) -> None:
    rig.send(DeliveryMethod.TYPE, "text")
    rig.worker.erase(7, 4)
    rig.qtbot.waitUntil(lambda: len(rig.told) == 2)
    assert rig.told[-1] == ("done", 7, "")
    assert rig.text_input.done == ["type text", "erase 4"]
    rig.send(DeliveryMethod.COPY, "text")
    rig.worker.erase(8, 4)
    rig.qtbot.waitUntil(lambda: len(rig.told) == 2)
    assert rig.told[-1][:2] == ("failed", 8)
    assert rig.text_input.done == ["type text", "erase 4"]


def test_a_defect_is_told_and_the_next_text_goes_on(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    rig.text_input.fails = ZeroDivisionError("oops")
    ((kind, _, words),) = rig.send(DeliveryMethod.PASTE, "text")
    assert (kind, "log" in words) == ("failed", True)
    assert "ZeroDivisionError" in caplog.text
    assert rig.clipboard.contents() == rig.before
    rig.text_input.fails = None
    assert rig.send(DeliveryMethod.PASTE, "next") == [("done", 0, "")]


def test_the_end_tells_of_all_that_waits(rig: Rig) -> None:
    rig.text_input.go.clear()
    rig.worker.way = DeliveryMethod.TYPE
    rig.worker.send(0, "first")
    assert rig.text_input.busy.wait(10)
    for number in range(1, 20):
        rig.worker.send(number, "more")
    assert rig.worker.close(20)
    rig.qtbot.waitUntil(lambda: len(rig.told) == 20)
    assert [(kind, number) for kind, number, _ in rig.told] == [("failed", n) for n in range(20)]
    assert rig.text_input.done == []
    rig.worker.send(999, "late")
    assert rig.told[-1][:2] == ("failed", 999)


def test_an_end_in_the_middle_of_a_paste_puts_the_clipboard_back(rig: Rig) -> None:
    rig.text_input.pasted = lambda: None
    rig.worker.way = DeliveryMethod.PASTE
    rig.worker.send(1, "text")
    rig.qtbot.waitUntil(lambda: rig.text_input.done == ["paste"])
    assert rig.worker.close(20)
    assert rig.clipboard.contents() == rig.before
    rig.qtbot.waitUntil(lambda: [one[:2] for one in rig.told] == [("failed", 1)])
