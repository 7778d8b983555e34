"""Ctrl-C, SIGTERM and SIGHUP: one way for every command to end in order.

Before Python 3.13 an exception that a signal raises inside `Thread.join` makes Python take the
thread for finished (CPython bpo-46726): the next join returns at once, and the interpreter ends
under the running thread. So what joins threads runs by `run_stoppable`: in a thread that signals
do not reach, while the main thread does nothing but wait for them.

The system may hand a signal to any thread; Python then only notes it for the main thread, which
would not notice while it waits for a lock. So the main thread waits for a pipe into which Python
writes whenever a signal arrives (`signal.set_wakeup_fd`).
"""

from __future__ import annotations

import os
import queue
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from granite_live.threads import ReportingThread

Result = TypeVar("Result")

LEAVE_WITHIN_S = 3.0
"""After the second signal the program ends within this time, whatever its threads do."""

# Windows does not interrupt a thread that waits without end.
_INTERRUPTIBLE_S = 1.0 if os.name == "nt" else None


class StopRequested(KeyboardInterrupt):
    """The user or the system wants the command to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number
        """What a shell reports for a program that the signal ended."""


class StopRequest:
    """Tells the work of a command that it is to end. Work asks, or is called."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], object] | None = None
        self._abandon: Callable[[], object] | None = None
        self.number = 0
        """The signal that came first, 0 for none."""
        self.is_urgent = False
        """Whether a second signal came."""

    @property
    def is_made(self) -> bool:
        """Whether the work is to end."""
        return self.number != 0

    def check(self) -> None:
        """Do nothing while the work may go on.

        Raises:
            StopRequested: It is to end.
        """
        if self.is_made:
            raise StopRequested(self.number)

    def notify(
        self, stop: Callable[[], object], abandon: Callable[[], object] | None = None
    ) -> None:
        """Have `stop` called on the first signal and `abandon` on the second, or now if they came.

        Both are called in the main thread and must return soon. Without `abandon` a second
        signal ends the process at once.
        """
        with self._lock:
            self._stop, self._abandon = stop, abandon
            is_made, is_urgent = self.is_made, self.is_urgent
        if is_made:
            stop()
        if is_urgent and abandon is not None:
            abandon()

    def leave_at_once(self) -> None:
        """Let the first signal end the process: for work that leaves nothing half-done."""

        def leave() -> None:
            print("Interrupted.", file=sys.stderr)  # noqa: T201 - the boundary is not reached
            _leave(self.number)

        self.notify(leave)

    def make(self, number: int) -> None:
        """Tell the work of the first signal."""
        with self._lock:
            self.number = number
            stop = self._stop
        if stop is not None:
            stop()

    def insist(self) -> bool:
        """Tell the work of the second signal; return whether the work can end sooner."""
        with self._lock:
            self.is_urgent = True
            abandon = self._abandon
        if abandon is not None:
            abandon()
        return abandon is not None


@contextmanager
def handling_stop_signals(
    handler: Callable[[int], object] | None = None,
) -> Iterator[None]:
    """Call `handler` with each stop signal while the body runs; None raises `StopRequested`.

    A signal that is ignored, as by `nohup` or in a shell's background, stays so. Outside of the
    main thread nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, _frame: FrameType | None) -> None:
        if handler is None:
            raise StopRequested(number)
        handler(number)

    previous = {
        number: signal.getsignal(number)
        for number in _stop_signals()
        if signal.getsignal(number) not in (signal.SIG_IGN, None)
    }
    try:
        for number in previous:
            signal.signal(number, handle)
        yield
    finally:
        for number, before in previous.items():
            signal.signal(number, before)


def run_stoppable(work: Callable[[StopRequest], Result]) -> Result:
    """Run `work` in a thread of its own and return its result.

    The first signal is told to the work by its `StopRequest`; the work ends when it sees fit. The
    second tells it to drop everything, and `LEAVE_WITHIN_S` later, or on a third, the process
    ends without it.

    Raises:
        BaseException: Whatever the work raises.
    """
    request = StopRequest()
    # Its `put` may be called from a signal handler: it takes no lock.
    news: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    outcome: Future[Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work(request))
        except BaseException as error:
            outcome.set_exception(error)
        finally:
            news.put(None)
            alarm.ring()

    with _Alarm() as alarm, handling_stop_signals(news.put):
        thread = ReportingThread(run, name="command")
        thread.start()
        _wait(news, request, alarm)
        thread.join()
    return outcome.result()


class _Alarm:
    """Wakes the main thread when a signal has arrived in whichever thread, or when it rings."""

    def __init__(self) -> None:
        # Windows takes sockets only, and interrupts waiting threads by a time limit instead.
        is_main = threading.current_thread() is threading.main_thread()
        self._pipe = os.pipe() if os.name != "nt" and is_main else None
        self._before = -1

    def __enter__(self) -> _Alarm:
        if self._pipe is not None:
            os.set_blocking(self._pipe[1], False)
            self._before = signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pipe is not None:
            signal.set_wakeup_fd(self._before)
            for end in self._pipe:
                os.close(end)

    def ring(self) -> None:
        if self._pipe is not None:
            os.write(self._pipe[1], b"\0")

    def next(self, news: queue.SimpleQueue[int | None], timeout_s: float | None) -> int | None:
        """Return the next news.

        Raises:
            queue.Empty: None came in time.
        """
        if self._pipe is None:
            return news.get(timeout=timeout_s)
        if news.empty() and select.select([self._pipe[0]], [], [], timeout_s)[0]:
            os.read(self._pipe[0], 1 << 10)
        return news.get_nowait()


def _wait(news: queue.SimpleQueue[int | None], request: StopRequest, alarm: _Alarm) -> None:
    leave_at_s: float | None = None
    while True:
        try:
            number = alarm.next(news, _next_look_s(leave_at_s))
        except queue.Empty:
            if leave_at_s is not None and time.monotonic() >= leave_at_s:
                _leave(request.number)
            continue
        if number is None:
            return
        if not request.is_made:
            request.make(number)
        elif request.is_urgent or not request.insist():
            _leave(number)
        else:
            leave_at_s = time.monotonic() + LEAVE_WITHIN_S


def _next_look_s(leave_at_s: float | None) -> float | None:
    if leave_at_s is None:
        return _INTERRUPTIBLE_S
    return max(0.0, min(leave_at_s - time.monotonic(), _INTERRUPTIBLE_S or LEAVE_WITHIN_S))


def _leave(number: int) -> None:
    """End the process now. What is on the disk stays as it is, for `recover`."""
    try:
        sys.stderr.flush()
    finally:
        os._exit(128 + number)


def _stop_signals() -> tuple[signal.Signals, ...]:
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    return tuple(getattr(signal, name) for name in names if hasattr(signal, name))
