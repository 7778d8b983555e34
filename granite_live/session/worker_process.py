"""The worker process as its parent sees it: messages both ways, and time limits."""

from __future__ import annotations

import logging
import multiprocessing
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.connection import wait

from granite_live.messages.session import WorkerMessage
from granite_live.session import worker_main
from granite_live.session.messages import (
    Heartbeat,
    ModelSpec,
    PipeMessage,
    StopWorker,
    TaskFailed,
    pack,
    unpack,
)
from granite_live.util.lifecycle import ReportingThread, summarize_error

_log = logging.getLogger(__name__)

_JOIN_S = 2.0
# A killed process is gone in milliseconds, unless the system itself holds it.
_KILL_S = 1.0
# After its last message a process needs a moment to tear down its modules.
_EXIT_S = 1.0
# The worker has one task at a time; then it gets a stop message.
_MAX_UNSENT = 4
# A result has some hundred bytes for each word, so anything longer than this is not a result.
_MAX_MESSAGE_BYTES = 64 << 20
_MAX_UNPROCESSED = 1000


class WorkerProcess:
    """A spawned worker process. Not forked, because the parent has threads and an audio stack."""

    def __init__(
        self,
        factory: str,
        spec: ModelSpec,
        start_s: float,
        heartbeat_s: float,
        on_change: Callable[[], None],
    ) -> None:
        """Start the worker.

        Args:
            factory: "package.module:function" that makes a `SpeechRecognizer` from a `ModelSpec`.
            spec: The model to load.
            start_s: Seconds until the first message must arrive.
            heartbeat_s: Seconds until every further message must arrive.
            on_change: Called from another thread whenever `receive` has something to return.

        Raises:
            OSError: The system cannot start a process.
        """
        context = multiprocessing.get_context("spawn")
        self._connection, childs = context.Pipe()
        # A daemon process: Python ends it if this process exits without stopping it.
        self._process = context.Process(
            target=worker_main.main,
            args=(childs, factory, asdict(spec)),
            name="granite-worker",
            daemon=True,
        )
        try:
            self._process.start()
        except BaseException:
            self._connection.close()
            raise
        finally:
            childs.close()  # so that the pipe ends when the worker ends
        self._start_s, self._heartbeat_s = start_s, heartbeat_s
        self._last_message_s = time.monotonic()
        self._has_sent = False
        self._on_change = on_change
        self._lock = threading.Lock()
        self._inbox: deque[PipeMessage] = deque()
        self._has_ended = self._is_killed = False
        self._end_reason = ""
        self._unsent: queue.Queue[PipeMessage | None] = queue.Queue(_MAX_UNSENT)
        self._threads = [
            ReportingThread(work, name=name, on_failure=self._failed, daemon=True)
            for work, name in ((self._read, "worker: reading"), (self._write, "worker: writing"))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid or 0

    @property
    def heartbeat_deadline_s(self) -> float:
        """The time [time.monotonic] at which the worker counts as dead without another message."""
        return self._last_message_s + (self._heartbeat_s if self._has_sent else self._start_s)

    def extend_deadline(self) -> None:
        """Restart the time limit: this process did not run either."""
        self._last_message_s = time.monotonic()

    def send(self, message: PipeMessage) -> None:
        """Queue a message. Never waits; if the worker has ended, `receive` reports that."""
        self._unsent.put_nowait(message)

    def receive(self) -> list[PipeMessage] | None:
        """Return all messages that have arrived, or None after the end and the last message."""
        with self._lock:
            messages = list(self._inbox)
            self._inbox.clear()
            return None if self._has_ended and not messages else messages

    def stop(self) -> None:
        """Ask the worker to exit, and kill it after a time limit. It has ended on return."""
        self.send(StopWorker())
        self._process.join(_JOIN_S)
        self.kill()

    def kill(self) -> str:
        """Kill the worker and return in words why it ended. Idempotent; returns within seconds."""
        if self._is_killed:
            return self._end_reason
        self._is_killed = True
        if self._has_ended and not self._end_reason:
            self._process.join(_EXIT_S)
        if self._process.is_alive():
            self._end_reason = self._end_reason or WorkerMessage.NO_MORE_ANSWERS()
            self._process.kill()
            self._process.join(_KILL_S)
        self._end_reason = self._end_reason or _describe_exit(self._process.exitcode)
        self._unsent.put_nowait(None)
        for thread in self._threads:
            thread.join(_KILL_S)
        if not any(thread.is_alive() for thread in self._threads):
            self._connection.close()
        return self._end_reason

    def _write(self) -> None:
        while (message := self._unsent.get()) is not None:
            try:
                self._connection.send_bytes(pack(message))
            except OSError:
                return  # the worker has ended; the reading thread reports that

    def _read(self) -> None:
        try:
            while self._is_readable():
                message = unpack(self._connection.recv_bytes(_MAX_MESSAGE_BYTES))
                self._last_message_s, self._has_sent = time.monotonic(), True
                if not isinstance(message, Heartbeat):
                    self._deliver(message)
        except (EOFError, OSError):
            pass  # a message cut short is also the end of a worker that died
        except ValueError as error:
            self._end_reason = WorkerMessage.BAD_MESSAGE(reason=summarize_error(error))
        finally:
            self._end()

    def _is_readable(self) -> bool:
        """Wait for a message or the end; return whether a message can be read."""
        heard = wait([self._connection, self._process.sentinel])
        return self._connection in heard or self._connection.poll()

    def _deliver(self, message: PipeMessage) -> None:
        if isinstance(message, TaskFailed) and message.details:
            _log.error("The worker failed: %s\n%s", message.reason, message.details)
        with self._lock:
            if len(self._inbox) >= _MAX_UNPROCESSED:
                raise ValueError(f"{_MAX_UNPROCESSED} messages at once")
            self._inbox.append(message)
        self._on_change()

    def _failed(self, error: BaseException) -> None:
        self._end_reason = self._end_reason or WorkerMessage.MESSAGES_NOT_SENT(
            reason=summarize_error(error)
        )
        self._end()

    def _end(self) -> None:
        with self._lock:
            self._has_ended = True
        self._on_change()


def _describe_exit(code: int | None) -> str:
    if code is None:
        return WorkerMessage.NOT_ENDED()
    if code >= 0:
        return WorkerMessage.EXIT_CODE(code=code)
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return WorkerMessage.ENDED_BY_SIGNAL(signal=name)


@dataclass(frozen=True, slots=True)
class WorkerTimeouts:
    """Time limits and restart delays in seconds."""

    start_s: float = 120.0
    """For a new process until its first message. Starting Python takes long on a busy machine,
    and a restart would only make the machine busier."""
    heartbeat_s: float = 20.0
    """Without any message. Generous, because a machine that swaps is slow, not dead."""
    task_s: float = 30.0
    """For a task of any length."""
    task_s_per_audio_s: float = 20.0
    """Additional time for each second of its audio."""
    restart_delays_s: tuple[float, ...] = (0.0, 1.0, 5.0)
    """Delays before the first, second and third consecutive restart that achieved nothing."""

    idle_s: float | None = None
    """Without work until the worker ends, to free its memory. The next utterance starts another
    one; its audio waits meanwhile. None: never."""

    def task_limit_s(self, sound_s: float) -> float:
        """Return the time limit for a task with `sound_s` seconds of audio."""
        return self.task_s + self.task_s_per_audio_s * sound_s


# A later wake-up means more than a busy processor: a signal stopped the program, or the computer
# slept. Mistaking a very busy machine for that does no harm.
_SUSPENDED_S = 0.5


class DeadlineEvent:
    """An event that any thread sets and one thread waits for, with a deadline."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Wake the waiting thread, or let its next `wait` return at once."""
        self._event.set()

    def wait(self, until_s: float | None) -> float:
        """Wait until `set` is called or until a `time.monotonic` time (None: no deadline).

        Return for how many seconds the program was suspended meanwhile, 0.0 if it was not.
        """
        if until_s is None:
            self._event.wait()
            late_s = 0.0
        else:
            wake_s = max(until_s, time.monotonic())
            self._event.wait(wake_s - time.monotonic())
            late_s = time.monotonic() - wake_s
        self._event.clear()
        return late_s if late_s > _SUSPENDED_S else 0.0
