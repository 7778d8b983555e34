"""Start `delivery_program` on a screen, send it commands and receive its results."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpers.waiting import WAIT_S
from helpers.x11_desktop import X11Desktop, with_me


class DriverProcess:
    """The running program."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        self._lines = b""

    def order(self, *words: object) -> None:
        """Send a command."""
        self._in.write(json.dumps(words).encode() + b"\n")
        self._in.flush()

    def wait_for_answer(self, timeout_s: float = WAIT_S) -> list[Any]:
        """Return the next result; [] if none comes within the time limit."""
        until_s = time.monotonic() + timeout_s
        while b"\n" not in self._lines:
            left_s = max(0.0, until_s - time.monotonic())
            if not select.select([self._out], [], [], left_s)[0]:
                return []
            found = os.read(self._out.fileno(), 1 << 16)
            if not found:
                return []
            self._lines += found
        line, _, self._lines = self._lines.partition(b"\n")
        said: list[Any] = json.loads(line)
        return said


@contextmanager
def running_driver(desktop: X11Desktop) -> Iterator[DriverProcess]:
    """Start the program; check that it exits in order."""
    command = with_me(sys.executable, str(Path(__file__).with_name("delivery_program.py")))
    environment = os.environ | desktop.environment
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            driven = DriverProcess(process)
            assert driven.wait_for_answer() == ["ready"]
            yield driven
            driven.order("end")
            while (said := driven.wait_for_answer()) and said[0] != "ended":
                pass
            assert said == ["ended", True]
            assert process.wait(WAIT_S) == 0
        finally:
            process.kill()
