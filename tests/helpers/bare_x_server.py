"""An empty X server, without a window manager."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from helpers.x11_desktop import with_me


def can_run_screen() -> bool:
    """Return whether an X server can be started here."""
    return sys.platform == "linux" and all(map(shutil.which, ("Xvfb", "xdotool", "setpriv")))


@contextmanager
def running_screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """Start an X server, and set DISPLAY to it."""
    reading, writing = os.pipe()
    command = with_me("Xvfb", "-screen", "0", "100x100x24", "-noreset", "-displayfd", str(writing))
    with subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        os.close(writing)
        try:
            monkeypatch.setenv("DISPLAY", f":{os.read(reading, 64).decode().strip()}")
            yield process
        finally:
            process.kill()
            os.close(reading)
