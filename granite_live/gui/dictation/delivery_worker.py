"""Deliver texts to other programs, one after the other, on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from granite_live.desktop.platform import (
    DeliveryError,
    DeliveryMethod,
    FocusedWindow,
    FocusError,
    TextInput,
)
from granite_live.gui.background import SerialExecutor
from granite_live.gui.dictation.clipboard import Clipboard, ClipboardPaste
from granite_live.gui.messages import translate_message

T = TypeVar("T")


class MainThreadInvoker(QObject):
    """Created in the GUI thread; one other thread calls `call` and `call_and_wait`."""

    _called = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._pending: Future[Any] | None = None
        self._refusal = ""
        self._called.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def call(self, act: Callable[[], T]) -> T:
        """Call `act` in the GUI thread, wait, and return its result.

        Raises:
            Exception: Whatever `act` raises.
            DeliveryError: `reject_all` was called.
        """
        answer: T = self.call_and_wait(lambda future: _fill(future, act))
        return answer

    def call_and_wait(self, act: Callable[[Future[Any]], None]) -> Any:
        """Call `act` in the GUI thread and wait for the result of the future passed to it.

        Raises:
            DeliveryError: `reject_all` was called.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._refusal:
                raise DeliveryError(self._refusal)
            self._pending = future
        self._called.emit(lambda: None if future.done() else act(future))
        return future.result()

    def reject_all(self, sentence: str) -> None:
        """Fail the pending call and all later ones. Called in the GUI thread."""
        with self._lock:
            self._refusal = sentence
            pending = self._pending
        if pending is not None and not pending.done():
            pending.set_exception(DeliveryError(sentence))

    def _call(self, act: Callable[[], None]) -> None:
        act()


def _fill(future: Future[Any], act: Callable[[], Any]) -> None:
    try:
        result = act()
    except Exception as error:  # passed to the caller
        future.set_exception(error)
    else:
        future.set_result(result)


class DeliveryWorker(QObject):
    """Delivers in the order of requests. Signals arrive in the GUI thread.

    A text that cannot go into the focused program goes into the clipboard, and `delivered` says so.
    `failed` means that the text went nowhere.
    """

    delivered = Signal(int, str)
    """The number, and a remark, "" for none."""
    failed = Signal(int, str)
    """The number and the reason."""

    def __init__(
        self,
        text_input: TextInput,
        parent: QObject | None = None,
        clipboard: QClipboard | None = None,
    ) -> None:
        """Take the text input, which `close` closes, and the clipboard, by default the system's."""
        super().__init__(parent)
        self.way = DeliveryMethod.PASTE
        """How later texts are delivered if the platform can."""
        self._text_input = text_input
        self._gui_thread = MainThreadInvoker(self)
        self._clipboard = Clipboard(clipboard or QGuiApplication.clipboard(), self)
        self._why_closed = ""
        """Why nothing is delivered any more, "" while texts are delivered."""
        self._last: FocusedWindow | None = None
        """The target of the last typed or pasted text; used only in the worker thread."""
        self._current_paste: ClipboardPaste | None = None
        self._executor = SerialExecutor("delivery", self)

    def send(self, number: int, text: str, required_target: FocusedWindow | None = None) -> None:
        """Deliver a text after all earlier ones.

        It is typed or pasted only into `required_target` if given, else into the focused window.
        """
        way = self.way
        self._run(number, lambda: self._deliver(text, way, required_target))

    def erase(self, number: int, characters: int) -> None:
        """Press Backspace this often in the window that received the last text."""
        self._run(number, lambda: self._erase(characters))

    def close(self, timeout_s: float) -> bool:
        """Stop, restore the clipboard and join the thread; return whether that was in time.

        Waiting texts are reported as failed.
        """
        if not self._why_closed:
            sentence = self.tr("Granite Live was closed before the text was delivered.")
            self._why_closed = sentence
            if self._current_paste is not None:
                self._current_paste.end(sentence)
            self._gui_thread.reject_all(sentence)
            self._text_input.close()
        return self._executor.close(timeout_s)

    def _run(self, number: int, work: Callable[[], str]) -> None:
        """Do the work after all earlier one, and tell what came of it."""

        def unless_closed() -> str:
            if self._why_closed:
                raise DeliveryError(self._why_closed)
            return work()

        if self._why_closed:
            self.failed.emit(number, self._why_closed)
            return
        self._executor.run(
            unless_closed,
            lambda remark: self.delivered.emit(number, remark),
            lambda sentence: self.failed.emit(number, sentence),
        )

    def _deliver(
        self, text: str, way: DeliveryMethod, required_target: FocusedWindow | None
    ) -> str:
        """Deliver a text; return a remark, "" for none."""
        self._last = None
        if way is DeliveryMethod.COPY:
            return self._copy(text, "")
        if way not in self._text_input.methods:
            return self._copy(text, self._text_input.unavailable_reason)
        target = self._text_input.focused_window()
        if target is None:
            return self._copy(text, self.tr("No window has the focus."))
        if target.is_own or (not target.id and self._gui_thread.call(_has_focus)):
            return self._copy(text, self.tr("Click into another program first."))
        if required_target is not None and required_target.id != target.id:
            return self._copy(text, self._focus_lost_message(required_target))
        if target.is_password:
            sentence = self.tr("'{0}' asks for a password: no text was inserted there.")
            raise DeliveryError(sentence.format(target.title))
        try:
            if way is DeliveryMethod.PASTE and target.can_paste:
                self._paste(text, target)
            else:
                self._text_input.type_text(text, target)
        except FocusError:
            return self._copy(text, self._focus_lost_message(target))
        self._last = target
        return ""

    def _paste(self, text: str, target: FocusedWindow) -> None:
        paste = self._gui_thread.call(lambda: self._start_paste(text, target))
        paste.start_counting()
        try:
            self._text_input.press_paste(target)
        except Exception:
            self._gui_thread.call(lambda: paste.end(""))
            raise
        sentence = self._gui_thread.call_and_wait(lambda over: _wait_for(paste, over))
        if sentence:
            raise DeliveryError(sentence)

    def _start_paste(self, text: str, target: FocusedWindow) -> ClipboardPaste:
        self._current_paste = paste = ClipboardPaste(self._clipboard, text, target, self)
        paste.finished.connect(self._delete_paste)
        return paste

    def _delete_paste(self) -> None:
        if self._current_paste is not None:
            self._current_paste.deleteLater()
            self._current_paste = None

    def _erase(self, characters: int) -> str:
        if self._last is None:
            sentence = self.tr("The last text was neither typed nor pasted: nothing was erased.")
            raise DeliveryError(sentence)
        self._text_input.press_backspace(characters, self._last)
        return ""

    def _copy(self, text: str, reason: str) -> str:
        self._gui_thread.call(lambda: self._clipboard.copy(text))
        copied = self.tr("The text is in the clipboard.")
        return f"{translate_message(reason)} {copied}".strip()

    def _focus_lost_message(self, target: FocusedWindow) -> str:
        return self.tr("'{0}' no longer has the focus.").format(target.title)


def _has_focus() -> bool:
    """Return whether a window of this program has the focus."""
    return QGuiApplication.focusWindow() is not None


def _wait_for(paste: ClipboardPaste, over: Future[str]) -> None:
    """Give the future the outcome of the paste."""
    if paste.outcome is None:
        paste.finished.connect(lambda outcome: None if over.done() else over.set_result(outcome))
        paste.start_timeout()
    else:
        over.set_result(paste.outcome)
