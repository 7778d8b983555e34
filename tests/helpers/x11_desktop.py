"""A virtual screen with a window manager and simulated input, for tests of the real window."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.waiting import WAIT_S

WIDTH_PX, HEIGHT_PX = 1280, 900
_PROGRAMS = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "setpriv": "util-linux"}
_LOOK_EVERY_S = 0.05
_MANAGER_LOCALE = {"LC_ALL": "C"}
"""openbox reads its locale's table of composed characters anew whenever a program changes the
keyboard's layout, as one that types does. C has a small one."""


def with_me(*command: str) -> list[str]:
    """Return a command whose process is killed when this process ends in any way."""
    return ["setpriv", "--pdeathsig", "KILL", "--", *command]


class X11Desktop:
    """A running screen. Created by `running_desktop`."""

    def __init__(self, folder: Path, number: str) -> None:
        self.environment = {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        self._picture = folder / "Xvfb_screen0"

    def do(self, *words: str) -> str:
        """Run xdotool; return its output."""
        done = subprocess.run(
            ["xdotool", *words],
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            timeout=WAIT_S,
            check=False,
        )
        assert done.returncode == 0, f"xdotool {' '.join(words)}: {done.stderr.strip()}"
        return done.stdout.strip()

    def find_window(self, name: str) -> str:
        """Wait for a window of this name on the screen; return its number."""
        return self.do("search", "--sync", "--onlyvisible", "--name", f"^{name}$").split("\n")[-1]

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self.do("key", "--clearmodifiers", *keys)

    def write(self, text: str) -> None:
        """Type text."""
        self.do("type", "--delay", "30", text)

    def click(self, x_px: int, y_px: int) -> None:
        """Click at a position on the screen."""
        self.do("mousemove", str(x_px), str(y_px), "click", "1")

    def picture(self) -> NDArray[np.uint8]:
        """Return the screen's content [shape=(height, width, 3), red, green, blue]."""
        data = self._picture.read_bytes()
        # An X window dump: 25 numbers, a name, colors, then rows of blue, green, red, unused.
        head = np.frombuffer(data, dtype=">u4", count=25)
        begin, row_bytes = int(head[0] + head[19] * 12), int(head[12])
        rows = np.frombuffer(data, np.uint8, HEIGHT_PX * row_bytes, begin)
        pixels = rows.reshape(HEIGHT_PX, row_bytes // 4, 4)[:, :WIDTH_PX]
        return np.ascontiguousarray(pixels[..., 2::-1])

    def find_color(self, color: str, least_px: int, *, top_px: int = 0) -> tuple[int, int]:
        """Wait until this many pixels have the color `#rrggbb`; return their center (x, y).

        Only pixels below `top_px` count. Polls, because nothing reports changes of the screen.
        """
        wanted = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)], np.uint8)
        give_up_s = time.monotonic() + WAIT_S
        while True:
            ys, xs = np.nonzero((self.picture()[top_px:] == wanted).all(axis=2))
            if len(xs) >= least_px:
                return int(np.median(xs)), top_px + int(np.median(ys))
            assert time.monotonic() < give_up_s, f"nothing on the screen is {color}"
            time.sleep(_LOOK_EVERY_S)


@contextmanager
def running_desktop(folder: Path) -> Iterator[X11Desktop]:
    """Start a screen and a window manager, and end them; skip if that is impossible."""
    missing = [package for name, package in _PROGRAMS.items() if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs (on Debian): {' '.join(missing)}")
    reading, writing = os.pipe()
    options = ("-screen", "0", f"{WIDTH_PX}x{HEIGHT_PX}x24", "-nolisten", "tcp")
    command = ("Xvfb", *options, "-fbdir", str(folder), "-displayfd", str(writing))
    started = [_start(command, dict(os.environ), writing)]
    os.close(writing)
    try:
        number = _answer(reading)
        if not number:
            pytest.skip("Xvfb does not start here")
        desktop = X11Desktop(folder, number)
        ready = folder / "ready"
        os.mkfifo(ready, 0o600)
        waiting = os.open(ready, os.O_RDONLY | os.O_NONBLOCK)
        try:
            command = ("openbox", "--sm-disable", "--startup", f"sh -c 'echo ready > {ready}'")
            environment = os.environ | desktop.environment | _MANAGER_LOCALE
            started.append(_start(command, environment))
            assert _answer(waiting) == "ready", "openbox does not start"
        finally:
            os.close(waiting)
        yield desktop
    finally:
        os.close(reading)
        for process in reversed(started):
            process.terminate()
            process.wait(WAIT_S)


def _start(
    command: tuple[str, ...], environment: dict[str, str], *passed: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        with_me(*command),
        env=environment,
        pass_fds=passed,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _answer(descriptor: int) -> str:
    """Return the next line, "" if none comes."""
    if not select.select([descriptor], [], [], WAIT_S)[0]:
        return ""
    return os.read(descriptor, 64).decode().strip()
