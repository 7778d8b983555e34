"""The service as a real program, for tests of its clients."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from granite_live.util import paths
from helpers.waiting import WAIT_S

LIBRARIES = ("starlette", "uvicorn", "websockets", "python_multipart", "segno")
_SERVING = re.compile(r"Serving (http://127\.0\.0\.1:(\d+)/v1)")


@dataclass(frozen=True, slots=True)
class Served:
    """A running service and its home folder."""

    process: subprocess.Popen[str]
    url: str
    port: int
    home: Path

    @property
    def token(self) -> str:
        """The token of its file."""
        return (self.home / "server-token").read_text(encoding="utf-8").strip()

    def left_files(self) -> list[str]:
        """Return what lies in its working folders, except locks."""
        root = self.home / "server"
        return [str(one) for one in root.rglob("*") if one.is_file() and one.name != "lock"]

    def stop(self) -> int:
        """End it as a system does; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_S)


def require_service() -> None:
    """Skip the test if the service cannot run here."""
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"needs the extra 'server': {', '.join(missing)} are not installed")
    if not (paths.demo_bundle_dir() / "int8").is_dir():
        pytest.skip("no demo bundle in assets/demo")


@contextmanager
def running_service(home: Path, *options: str) -> Iterator[Served]:
    """Start `granite-live serve` with the demo model on a free port, and end it."""
    require_service()
    process = subprocess.Popen(
        [sys.executable, "-m", "granite_live", "serve", "--port", "0", *options],
        env=os.environ | {"GRANITE_LIVE_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        url, port = _address(process)
        yield Served(process, url, port, home)
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def _address(process: subprocess.Popen[str]) -> tuple[str, int]:
    """Read what the service says until it names its address."""
    assert process.stderr is not None
    too_late = threading.Timer(WAIT_S, process.kill)
    too_late.start()
    said = ""
    try:
        for line in process.stderr:
            said += line
            if found := _SERVING.search(line):
                return found[1], int(found[2])
    finally:
        too_late.cancel()
        too_late.join()
    raise AssertionError(f"it ended, or did not serve within {WAIT_S:.0f} s: {said}")
