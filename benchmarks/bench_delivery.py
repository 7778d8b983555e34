"""Measure the delivery of a dictated text into another program, pasted and typed, under Xvfb.

The time runs from the order until the other program's text field shows the whole text. Needs Xvfb,
a window manager (openbox) and xdotool, as the tests do; takes about half a minute.
"""

from __future__ import annotations

import os
import select
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

CHARACTERS = 200
TIMES = 30
GOAL_MS = 50.0
PATIENCE_S = 60.0
PLAIN = ("The quick brown fox jumps over the lazy dog. " * 5)[:CHARACTERS]
GERMAN = ("Über süße Äpfel öffnet sich große Müßigkeit. " * 5)[:CHARACTERS]

# Prints the time of a clock that all processes share whenever so many characters have arrived.
_FIELD = """
import sys, time
from PySide6.QtWidgets import QApplication, QPlainTextEdit
app = QApplication([])
field = QPlainTextEdit()
field.setWindowTitle("A field")
def look():
    if len(field.toPlainText()) == int(sys.argv[1]):
        print(time.monotonic(), flush=True)
        field.clear()
field.textChanged.connect(look)
field.show()
app.exec()
"""


@contextmanager
def running(command: list[str], *passed: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the end of the block; it inherits some descriptors."""
    quiet, pipe = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=quiet, pass_fds=passed) as program:
        try:
            yield program
        finally:
            program.kill()


def line_of(stream: IO[bytes]) -> bytes:
    """Return the next line; fail if it does not come in time."""
    if not select.select([stream], [], [], PATIENCE_S)[0]:
        raise SystemExit("what the benchmark waits for does not happen")
    return stream.readline()


def measure(stream: IO[bytes], way: str, text: str) -> tuple[list[float], list[float]]:
    """Deliver a text repeatedly; return the times until it was shown and was settled [ms]."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtGui import QGuiApplication

    from granite_live.desktop.platform import DeliveryMethod, open_text_input
    from granite_live.gui.dictation.delivery_worker import DeliveryWorker

    app = QGuiApplication.instance() or QGuiApplication([])
    courier = DeliveryWorker(open_text_input())
    courier.way = DeliveryMethod(way)
    there_ms, done_ms = [], []
    told: list[str] = []
    courier.delivered.connect(lambda _number, words: told.append(words))
    courier.failed.connect(lambda _number, words: told.append(words))
    for number in range(TIMES + 1):
        told.clear()
        began_s = time.monotonic()
        courier.send(number, text)
        while not told:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        ended_s = time.monotonic()
        if told != [""]:
            raise SystemExit(f"not delivered: {told[0]}")
        came_s = float(line_of(stream))
        if number:  # The first delivery reads the keyboard's layout.
            there_ms.append((came_s - began_s) * 1e3)
            done_ms.append((ended_s - began_s) * 1e3)
    if not courier.close(PATIENCE_S):
        raise SystemExit("the courier does not end")
    return there_ms, done_ms


def say(what: str, there_ms: list[float], done_ms: list[float], goal_ms: float | None) -> None:
    """Print figures, one beside its limit."""
    middle_ms = statistics.median(there_ms)
    p95_ms = statistics.quantiles(there_ms, n=20)[-1]
    verdict = ""
    if goal_ms is not None:
        verdict = f" (target {goal_ms:g} ms: {'ok' if p95_ms <= goal_ms else 'TOO MUCH'})"
    print(
        f"{what}, {CHARACTERS} characters: there after {middle_ms:.0f} ms, "
        f"95th percentile {p95_ms:.0f} ms{verdict}; "
        f"ready for the next after {statistics.median(done_ms):.0f} ms",
        flush=True,
    )


def main() -> None:
    missing = [name for name in ("Xvfb", "openbox", "xdotool") if shutil.which(name) is None]
    if missing:
        print(f"skipped: there is no {', '.join(missing)}")
        return
    with ExitStack() as stack:
        reading, writing = os.pipe()
        screen = ["Xvfb", "-screen", "0", "1280x900x24", "-noreset", "-displayfd", str(writing)]
        stack.enter_context(running(screen, writing))
        stack.callback(os.close, reading)
        os.environ["DISPLAY"] = f":{os.read(reading, 64).decode().strip()}"
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        os.environ.pop("WAYLAND_DISPLAY", None)
        stack.enter_context(running(["openbox", "--sm-disable"]))
        field = stack.enter_context(running([sys.executable, "-c", _FIELD, str(CHARACTERS)]))
        assert field.stdout is not None
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^A field$"]
        subprocess.run([*search, "windowactivate", "--sync"], check=True, timeout=PATIENCE_S)
        say("pasted", *measure(field.stdout, "paste", PLAIN), GOAL_MS)
        say("typed", *measure(field.stdout, "type", PLAIN), None)
        say("typed, with umlauts", *measure(field.stdout, "type", GERMAN), None)


if __name__ == "__main__":
    main()
