"""Read an iterator ahead in a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from granite_live.util.lifecycle import ReportingThread

T = TypeVar("T")


@contextmanager
def read_ahead(items: Iterable[T], count: int) -> Iterator[Iterator[T]]:
    """Yield an iterator of the same items, which a thread reads up to `count` ahead.

    Reading begins at once. An exception of `items` is raised after the items before it. At the end
    of the block the thread reads nothing more and has ended.
    """
    ready: queue.SimpleQueue[tuple[T] | BaseException | None] = queue.SimpleQueue()
    # An item is read only when there is room for it, so that no more than `count` wait.
    room = threading.Semaphore(count)
    has_ended = threading.Event()

    def read() -> None:
        try:
            source = iter(items)
            while room.acquire() and not has_ended.is_set():
                try:
                    item = next(source)
                except StopIteration:
                    break
                ready.put((item,))
        except BaseException as error:  # raised where the items are used
            ready.put(error)
        else:
            ready.put(None)

    def take() -> Iterator[T]:
        while (found := ready.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            room.release()
            yield found[0]

    thread = ReportingThread(read, name="read ahead")
    thread.start()
    try:
        yield take()
    finally:
        has_ended.set()
        room.release()
        thread.join()
