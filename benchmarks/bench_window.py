"""What the window costs: its start, a new line after thousands, a screen, memory, blocking."""

from __future__ import annotations

import os
import statistics
import tempfile
import time

import psutil

START_S = time.perf_counter()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["GRANITE_LIVE_HOME"] = tempfile.mkdtemp(prefix="granite-live-bench-")

from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from scripted_engine import ScriptedEngine, final  # noqa: E402

from granite_live.gui.app import Application  # noqa: E402
from granite_live.gui.bridge import Bridge  # noqa: E402
from granite_live.gui.transcript.lines import Line, Phase  # noqa: E402
from granite_live.live import events  # noqa: E402

TEXT = "and then we took a slow walk along the river while the birds were singing in the trees"
PRESENT = 5_000
ADDED = 50
# Two hours of speech with an utterance every five seconds, told as fast as the window takes it.
SCRIPTED = 1_440
BEAT_MS = 5


def milliseconds(times_s: list[float]) -> str:
    """Return the middle and the longest of some times."""
    return f"{statistics.median(times_s) * 1e3:.1f} ms (longest {max(times_s) * 1e3:.1f})"


def lines(count: int) -> list[Line]:
    """Return lines as the library would give them."""
    said = (final(n, n * 5.0, TEXT, {"river": "rover"}) for n in range(count))
    return [
        Line(one.utterance, one.start_s, one.end_s, Phase.FINAL, TEXT, one.words) for one in said
    ]


def bench_lines(app: QApplication, application: Application) -> None:
    """Print what lines cost."""
    model, panel = application.document.model, application.window.panel
    process = psutil.Process()
    before = process.memory_info().rss
    model.reset(lines(PRESENT))
    app.processEvents()
    grown = (process.memory_info().rss - before) / 1e6 / PRESENT * 1_000
    print(f"memory of 1,000 utterances: {grown:.1f} MB")
    adding, painting = [], []
    for number in range(PRESENT, PRESENT + ADDED):
        event = final(number, number * 5.0, TEXT)
        began_s = time.perf_counter()
        model.apply(event)
        adding.append(time.perf_counter() - began_s)
        app.processEvents()
        began_s = time.perf_counter()
        panel.viewport().repaint()
        painting.append(time.perf_counter() - began_s)
    print(f"adding a final with {PRESENT} present: {milliseconds(adding)}")
    print(f"painting a screen: {milliseconds(painting)}")


def bench_blocking(app: QApplication, application: Application) -> None:
    """Print how long the window's thread was busy at once in a session of two hours."""
    document, bridge = application.document, Bridge()
    document.clear()
    bridge.told.connect(
        lambda event: (document.model.apply(event), application.window.dock.apply(event))
    )
    late, beat_s = [], [time.perf_counter()]
    timer = QTimer(interval=BEAT_MS)

    def beat() -> None:
        now_s = time.perf_counter()
        late.append(now_s - beat_s[0] - BEAT_MS / 1e3)
        beat_s[0] = now_s

    timer.timeout.connect(beat)
    timer.start()
    for number in range(SCRIPTED):
        bridge.tell(events.Level(number * 5.0, -30.0, -12.0, False))
        bridge.tell(events.Draft(number * 5.0, number, number * 5.0, TEXT[:40], 4))
        bridge.tell(final(number, number * 5.0, TEXT))
    while document.model.rowCount() < SCRIPTED:
        app.processEvents()
    print(f"longest block in a session of {SCRIPTED} utterances: {max(late) * 1e3:.0f} ms")


def main() -> None:
    """Print the figures."""
    app = QApplication([])
    app.setStyle("Fusion")
    application = Application(app, ScriptedEngine())
    application.begin([])
    app.processEvents()
    print(f"start to a usable window, imports included: {time.perf_counter() - START_S:.2f} s")
    bench_lines(app, application)
    bench_blocking(app, application)
    began_s = time.perf_counter()
    application.window.close()
    assert application.end()
    print(f"closing: {time.perf_counter() - began_s:.2f} s")


if __name__ == "__main__":
    main()
