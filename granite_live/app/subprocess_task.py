"""Run a task in a subprocess: a damaged model may crash it, and it can be killed at any time.

The process sends JSON: ["progress", value] any number of times, then one of ["done", result],
["trouble", sentence] or ["defect", traceback].
"""

from __future__ import annotations

import json
import logging
import threading
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from granite_live.messages import decoded, encoded
from granite_live.messages.models import ModelMessage
from granite_live.messages.session import AppMessage
from granite_live.util import lifecycle
from granite_live.util.errors import BundleError, GraniteError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_log = logging.getLogger(__name__)

# A killed process ends within milliseconds unless the system is blocked.
_KILL_TIMEOUT_S = 2.0

SendProgress = Callable[[object], None]


class TaskStoppedError(GraniteError):
    """The user stopped the task."""


class ProcessDiedError(GraniteError):
    """The process ended without an answer."""


class SubprocessTask:
    """One task in a subprocess. Call `run` in one thread and `stop` from any."""

    def __init__(self, target: Callable[..., None], arguments: tuple[str, ...], name: str) -> None:
        """Store the arguments; the process calls `target(connection, *arguments)`, see
        `serve_task`."""
        self._target, self._arguments, self._name = target, arguments, name
        self._lock = threading.Lock()
        self._process: Any = None
        self._is_stopped = False

    def run(self, on_progress: Callable[[Any], None]) -> Any:
        """Run the task and return its result; `on_progress` receives its progress.

        Raises:
            TaskStoppedError: `stop` was called.
            ProcessDiedError: The process ended without an answer.
            BundleError: The process reported an error, as a sentence.
        """
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe(duplex=False)
        process = context.Process(
            target=self._target, args=(there, *self._arguments), name=self._name, daemon=True
        )
        with self._lock:
            if self._is_stopped:
                here.close()
                there.close()
                raise TaskStoppedError(AppMessage.TASK_STOPPED(task=self._name))
            process.start()
            self._process = process
        there.close()
        try:
            with here:
                return self._receive_result(here, on_progress)
        finally:
            self._kill()
            process.join(_KILL_TIMEOUT_S)

    def stop(self) -> None:
        """Kill the process, or prevent its start. Returns at once."""
        with self._lock:
            self._is_stopped = True
        self._kill()

    def _kill(self) -> None:
        with self._lock:
            if self._process is not None and self._process.is_alive():
                self._process.kill()

    def _receive_result(self, connection: Connection, on_progress: Callable[[Any], None]) -> Any:
        while True:
            try:
                kind, told = decoded(json.loads(connection.recv_bytes()))
            except (EOFError, OSError, ValueError) as error:
                if self._is_stopped:
                    raise TaskStoppedError(AppMessage.TASK_STOPPED(task=self._name)) from error
                raise ProcessDiedError(AppMessage.TASK_CRASHED(task=self._name)) from error
            if self._is_stopped:  # ignore messages sent just before the end
                raise TaskStoppedError(AppMessage.TASK_STOPPED(task=self._name))
            if kind == "progress":
                on_progress(told)
            elif kind == "defect":
                _log.error("%s failed: %s", self._name, told)
                raise BundleError(AppMessage.DEFECT())
            elif kind == "trouble":
                raise BundleError(told)
            else:
                return told


def serve_task(connection: Connection, work: Callable[[SendProgress], object]) -> None:
    """Run the task and send its result. Called in the spawned process."""
    lifecycle.ignore_terminal_signals()
    lifecycle.exit_with_parent()
    try:
        _run_and_send(connection, work)
    except ConnectionError:
        return  # the parent process has ended


def _run_and_send(connection: Connection, work: Callable[[SendProgress], object]) -> None:
    def tell(kind: str, told: object) -> None:
        connection.send_bytes(json.dumps(encoded([kind, told])).encode())

    try:
        done = work(lambda told: tell("progress", told))
    except ConnectionError:
        raise
    except GraniteError as error:
        tell("trouble", str(error))
    except MemoryError:
        tell("trouble", ModelMessage.OUT_OF_MEMORY_CLOSE_PROGRAMS())
    except Exception:  # a bug; goes to the parent's log
        tell("defect", traceback.format_exc())
    else:
        tell("done", done)
