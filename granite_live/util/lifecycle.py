"""Threads, processes and resources whose end is always noticed, and reading ahead in a thread."""

from __future__ import annotations

import ctypes
import logging
import os
import queue
import signal
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Self, TypeVar

_log = logging.getLogger(__name__)

OnFailure = Callable[[BaseException], object]
"""Called with the exception that ended a thread, in that thread, after it was logged."""


class ReportingThread(threading.Thread):
    """A thread whose unexpected end is logged with its traceback and reported to its owner."""

    def __init__(
        self,
        target: Callable[[], object],
        *,
        name: str,
        on_failure: OnFailure | None = None,
        daemon: bool = False,
    ) -> None:
        """Create the thread; `start` starts it.

        Args:
            target: The function to run.
            name: The name in the log.
            on_failure: Called with an exception that `target` did not handle.
            daemon: Whether the program may exit while the thread runs. For threads that call
                into a system that can hang.
        """
        super().__init__(name=name, daemon=daemon)
        self._work = target
        self._on_failure = on_failure
        self._ended = threading.Event()

    def run(self) -> None:
        """Run the target, and report its failure."""
        try:
            self._work()
        except BaseException as error:  # SystemExit too, which would end it silently
            log_failure(f"The thread '{self.name}'", error, self._on_failure)
        finally:
            # Most targets are methods of the thread's owner. Keeping them would make a reference
            # cycle that keeps the owner's resources (audio, a model, files) until a garbage
            # collection.
            del self._work, self._on_failure
            self._ended.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end, `timeout` seconds at most.

        A KeyboardInterrupt meanwhile has no effect on the thread. (Before Python 3.13 an
        interrupted `Thread.join(timeout)` marks the thread as ended: bpo-46726.)
        """
        if self.ident is None or self._ended.wait(timeout):
            super().join()


def log_failure(who: str, error: BaseException, on_failure: OnFailure | None = None) -> None:
    """Log an unexpected exception with its traceback, then call `on_failure`. Never raises."""
    _log.critical("%s failed.", who, exc_info=error)
    if on_failure is None:
        return
    try:
        on_failure(error)
    except Exception:
        _log.critical("%s failed, and reporting that failed too.", who, exc_info=True)


def summarize_error(error: BaseException) -> str:
    """Return an unexpected exception as one line: its class and the first line of its message."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


class Closeable(ABC):
    """A context manager that returns itself and calls `close` at the end."""

    @abstractmethod
    def close(self) -> None:
        """Release all resources. Idempotent."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_PR_SET_PDEATHSIG = 1  # of sys/prctl.h


def ignore_terminal_signals() -> None:
    """Ignore Ctrl-C and the terminal's end, which the parent handles for the whole group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def exit_with_parent(*, by_kernel: bool = True) -> None:
    """End this process as soon as its parent has ended in any way.

    A thread waits for the parent's end. On Linux the kernel does too (`by_kernel`), which works
    even while native code blocks the interpreter.
    """
    import multiprocessing  # a program without child processes does without its import
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if by_kernel and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent.pid:  # it ended before the call
            os._exit(1)
    sentinel = parent.sentinel

    def watch() -> None:
        wait([sentinel])
        os._exit(1)

    ReportingThread(watch, name="parent", daemon=True).start()


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
