"""Call functions in the GUI thread from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from granite_live.desktop.text_input import DeliveryError

T = TypeVar("T")


class Asking(QObject):
    """Created in the GUI thread; one other thread calls `ask`, `ask_for_later` and `tell`."""

    _called = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._pending: Future[Any] | None = None
        self._refusal = ""
        self._called.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def tell(self, act: Callable[[], None]) -> None:
        """Call `act` in the GUI thread without waiting."""
        self._called.emit(act)

    def ask(self, act: Callable[[], T]) -> T:
        """Call `act` in the GUI thread, wait, and return its result.

        Raises:
            Exception: Whatever `act` raises.
            DeliveryError: `refuse` was called.
        """
        answer: T = self.ask_for_later(lambda future: _fill(future, act))
        return answer

    def ask_for_later(self, act: Callable[[Future[Any]], None]) -> Any:
        """Call `act` in the GUI thread and wait for the result of the future passed to it.

        Raises:
            DeliveryError: `refuse` was called.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._refusal:
                raise DeliveryError(self._refusal)
            self._pending = future
        self._called.emit(lambda: None if future.done() else act(future))
        return future.result()

    def refuse(self, sentence: str) -> None:
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
