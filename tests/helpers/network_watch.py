"""Record the network requests of processes.

Python's audit hooks receive every name lookup and every connection; a hook in each process,
including child processes, records them.
"""

from __future__ import annotations

import os
from pathlib import Path

_HOOK = """
import os, sys
_log = os.open(os.environ["GRANITE_TEST_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
os.write(_log, b"process\\n")
_NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.getnameinfo", "socket.sendto")

def _audit(event, arguments):
    is_net = event in _NAMES or (
        event == "socket.connect" and isinstance(arguments[1], tuple)
    )
    if is_net:
        os.write(_log, f"{event} {arguments[1:]}\\n".encode())

sys.addaudithook(_audit)
"""


def watched(folder: Path) -> dict[str, str]:
    """Return an environment in which Python processes record their network requests."""
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
    log = folder / "log"
    return {**os.environ, "PYTHONPATH": str(folder / "hook"), "GRANITE_TEST_LOG": str(log)}


def noted(environment: dict[str, str]) -> list[str]:
    """Return the records: "process" for each process, and a line for each request."""
    return Path(environment["GRANITE_TEST_LOG"]).read_text(encoding="utf-8").splitlines()
