"""Handle Ctrl-C, SIGTERM and SIGHUP for all commands.

Before Python 3.13, an exception raised by a signal inside `Thread.join` marks the thread as
finished (CPython bpo-46726): the next join returns at once and the interpreter exits while the
thread runs. So commands that join threads use `run_stoppable`: the command runs in a thread, and
the main thread only waits for signals.

The system may deliver a signal to any thread; Python then only flags it for the main thread, which
would not notice while it waits for a lock. So the main thread waits for a pipe that Python writes
to on every signal (`signal.set_wakeup_fd`).
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

from granite_live.util.lifecycle import ReportingThread

Result = TypeVar("Result")

EXIT_TIMEOUT_S = 3.0
"""The maximum time from the second signal to the end of the process, in seconds."""

# Windows does not interrupt an infinite wait.
_INTERRUPTIBLE_S = 1.0 if os.name == "nt" else None


class StopRequested(KeyboardInterrupt):
    """The user or the system requested the command to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number
        """What a shell reports for a program ended by the signal."""


class StopRequest:
    """Tells a command to end; the command polls `check` or registers callbacks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], object] | None = None
        self._abandon: Callable[[], object] | None = None
        self.grace_s: float | None = None
        """Seconds from the first signal to the end of the process; None waits for the work."""
        self.number = 0
        """The first signal, 0 for none."""
        self.is_abandon_requested = False
        """Whether a second signal arrived."""

    @property
    def is_requested(self) -> bool:
        """Whether the command must end."""
        return self.number != 0

    def check(self) -> None:
        """Raise if the command must end.

        Raises:
            StopRequested: A signal arrived.
        """
        if self.is_requested:
            raise StopRequested(self.number)

    def notify(
        self,
        stop: Callable[[], object],
        abandon: Callable[[], object] | None = None,
        *,
        grace_s: float | None = None,
    ) -> None:
        """Call `stop` on the first signal and `abandon` on the second, or now if they arrived.

        Both are called in the main thread and must return soon. Without `abandon`, a second signal
        ends the process at once. With `grace_s` the process ends so long after the first signal,
        even if the work does not: for work that may end at any moment without harm.
        """
        with self._lock:
            self._stop, self._abandon, self.grace_s = stop, abandon, grace_s
            is_made, is_urgent = self.is_requested, self.is_abandon_requested
        if is_made:
            stop()
        if is_urgent and abandon is not None:
            abandon()

    def exit_on_first_signal(self) -> None:
        """End the process on the first signal: for commands that leave nothing unfinished."""

        self.notify(lambda: _leave_interrupted(self.number))

    @contextmanager
    def exiting_on_first_signal(self) -> Iterator[None]:
        """End the process on the first signal as long as the block runs, as it may block."""
        self.exit_on_first_signal()
        try:
            yield
        finally:
            self.defer()

    def defer(self) -> None:
        """Only record the first signal from now on: work that must not be cut begins."""
        self.notify(lambda: None)

    def request(self, number: int) -> None:
        """Record the first signal and call `stop`."""
        with self._lock:
            self.number = number
            stop = self._stop
        if stop is not None:
            stop()

    def request_abandon(self) -> bool:
        """Record the second signal and call `abandon`; return whether there is one."""
        with self._lock:
            self.is_abandon_requested = True
            abandon = self._abandon
        if abandon is not None:
            abandon()
        return abandon is not None


@contextmanager
def handle_stop_signals(
    handler: Callable[[int], object] | None = None,
) -> Iterator[None]:
    """Call `handler` on stop signals while the block runs; None raises `StopRequested`.

    Ignored signals, as under `nohup`, stay ignored. Does nothing outside the main thread.
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
    """Run `work` in a thread and return its result.

    The first signal is passed to `work` by its `StopRequest`. The second asks it to abandon
    everything; `EXIT_TIMEOUT_S` later, or on a third signal, the process ends.

    Raises:
        BaseException: Whatever the work raises.
    """
    request = StopRequest()
    # `SimpleQueue.put` takes no lock, so signal handlers may call it.
    news: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    outcome: Future[Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work(request))
        except BaseException as error:
            outcome.set_exception(error)
        finally:
            news.put(None)
            alarm.wake()

    with _SignalWaiter() as alarm, handle_stop_signals(news.put):
        thread = ReportingThread(run, name="command")
        thread.start()
        _wait(news, request, alarm)
        thread.join()
    return outcome.result()


class _SignalWaiter:
    """Wakes the main thread on a signal in any thread, or on `wake`."""

    def __init__(self) -> None:
        # On Windows the wakeup descriptor must be a socket; a timeout is used instead.
        is_main = threading.current_thread() is threading.main_thread()
        self._pipe = os.pipe() if os.name != "nt" and is_main else None
        self._before = -1

    def __enter__(self) -> _SignalWaiter:
        if self._pipe is not None:
            os.set_blocking(self._pipe[1], False)
            self._before = signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pipe is not None:
            signal.set_wakeup_fd(self._before)
            for end in self._pipe:
                os.close(end)

    def wake(self) -> None:
        if self._pipe is not None:
            os.write(self._pipe[1], b"\0")

    def next(self, news: queue.SimpleQueue[int | None], timeout_s: float | None) -> int | None:
        """Return the next message.

        Raises:
            queue.Empty: None arrived in time.
        """
        if self._pipe is None:
            return news.get(timeout=timeout_s)
        if news.empty() and select.select([self._pipe[0]], [], [], timeout_s)[0]:
            os.read(self._pipe[0], 1 << 10)
        return news.get_nowait()


def _wait(news: queue.SimpleQueue[int | None], request: StopRequest, alarm: _SignalWaiter) -> None:
    leave_at_s: float | None = None
    while True:
        try:
            number = alarm.next(news, _next_look_s(leave_at_s))
        except queue.Empty:
            if leave_at_s is not None and time.monotonic() >= leave_at_s:
                _leave_interrupted(request.number)
            continue
        if number is None:
            return
        if not request.is_requested:
            request.request(number)
            if request.grace_s is not None:
                leave_at_s = time.monotonic() + request.grace_s
        elif request.is_abandon_requested or not request.request_abandon():
            _exit_now(number)
        else:
            leave_at_s = time.monotonic() + EXIT_TIMEOUT_S


def _next_look_s(leave_at_s: float | None) -> float | None:
    if leave_at_s is None:
        return _INTERRUPTIBLE_S
    return max(0.0, min(leave_at_s - time.monotonic(), _INTERRUPTIBLE_S or EXIT_TIMEOUT_S))


def _leave_interrupted(number: int) -> None:
    print("Interrupted.", file=sys.stderr)  # noqa: T201 - `exit_status` is not reached
    _exit_now(number)


def _exit_now(number: int) -> None:
    """End the process now. Files stay as they are, for `recover`."""
    try:
        sys.stderr.flush()
    finally:
        os._exit(128 + number)


def _stop_signals() -> tuple[signal.Signals, ...]:
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    return tuple(getattr(signal, name) for name in names if hasattr(signal, name))
