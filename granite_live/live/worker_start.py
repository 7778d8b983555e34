"""Begins the worker process: its log, its end, and then the worker itself.

Imports little: what cannot be imported is reported like any other failure of a worker.
"""

from __future__ import annotations

import json
import logging
import traceback
from multiprocessing.connection import Connection
from typing import Any

from granite_live import logs, processes
from granite_live.threads import in_short

_log = logging.getLogger(__name__)


def main(connection: Connection, factory: str, spec: dict[str, Any]) -> None:
    """Run the worker. The target of the spawned process.

    Args:
        connection: The pipe to the session; its end is the end of the worker.
        factory: "package.module:function" of a `RecogniserFactory`.
        spec: The fields of the `ModelSpec` to load.
    """
    processes.ignore_terminal()
    processes.end_with_parent()
    logs.redirect_stderr(logs.WORKER_LOG_NAME)
    with logs.recording(logs.WORKER_LOG_NAME, crashes=True):
        try:
            from granite_live.live.messages import ModelSpec
            from granite_live.live.worker import work
        except Exception as error:
            _log.critical("The worker cannot be imported.", exc_info=True)
            _tell(connection, f"it cannot be loaded: {in_short(error)}")
            return
        work(connection, factory, ModelSpec(**spec))


def _tell(connection: Connection, reason: str) -> None:
    """Send a `Trouble` without the module that knows messages, which may be what is missing."""
    trouble = {"number": None, "reason": reason, "details": traceback.format_exc()}
    connection.send_bytes(json.dumps(["Trouble", trouble]).encode() + b"\n")
