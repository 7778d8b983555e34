"""Start the worker process: set up its log and its end, then run `worker.run_worker`.

Imports little at the top, so that a failing import is reported like other failures.
"""

from __future__ import annotations

import json
import logging
import traceback
from multiprocessing.connection import Connection
from typing import Any

from granite_live.messages.session import WorkerMessage
from granite_live.util import lifecycle, logs
from granite_live.util.lifecycle import summarize_error

_log = logging.getLogger(__name__)


def main(connection: Connection, factory: str, spec: dict[str, Any]) -> None:
    """Run the worker. This is the target of the spawned process.

    Args:
        connection: The pipe to the session; the worker exits when it closes.
        factory: "package.module:function" that makes a `SpeechRecognizer` from a `ModelSpec`.
        spec: The fields of the `ModelSpec` to load.
    """
    lifecycle.ignore_terminal_signals()
    lifecycle.exit_with_parent()
    logs.redirect_stderr(logs.WORKER_LOG_NAME)
    with logs.log_to_file(logs.WORKER_LOG_NAME, crashes=True):
        try:
            from granite_live.session.messages import ModelSpec
            from granite_live.session.worker import run_worker
        except Exception as error:
            _log.critical("The worker cannot be imported.", exc_info=True)
            _send_failure(connection, WorkerMessage.UNLOADABLE(reason=summarize_error(error)))
            return
        run_worker(connection, factory, ModelSpec(**spec))


def _send_failure(connection: Connection, reason: str) -> None:
    """Send a `TaskFailed` without importing `messages`, which may be what failed."""
    trouble = {"number": None, "reason": reason, "details": traceback.format_exc()}
    connection.send_bytes(json.dumps(["TaskFailed", trouble]).encode() + b"\n")
