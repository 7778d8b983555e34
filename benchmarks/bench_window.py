"""Measure the window: start, a line after thousands, a screen, memory, blocking, end.

Prints each figure beside its limit. Takes less than two minutes.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["GRANITE_LIVE_HOME"] = tempfile.mkdtemp(prefix="granite-live-bench-")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from granite_live.gui.app import Application
from granite_live.library import Library, NewSession, SourceKind
from granite_live.library.recorder import result_of_event
from granite_live.session import events

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from helpers.scripted_engine import INFO, ScriptedEngine, final

TEXT = "and then we took a slow walk along the river while the birds were singing in the trees"
PRESENT = 5_000
ADDED = 50
# Two hours of speech with an utterance every five seconds, sent as fast as the window accepts.
SCRIPTED = 1_440
BEAT_MS = 5
PATIENCE_S = 60.0


def say(what: str, figure: float, unit: str, limit: float | None, note: str = "") -> None:
    """Print a figure beside its limit."""
    text = f"{what}: {figure:.2f} {unit}" if figure < 10 else f"{what}: {figure:.0f} {unit}"
    if limit is not None:
        verdict = "ok" if figure <= limit else "TOO MUCH"
        text += f" (target {limit:g} {unit}: {verdict})"
    print(f"{text}{', ' + note if note else ''}", flush=True)


class Watchdog:
    """Measures for how long the window's thread handles no event."""

    def __init__(self) -> None:
        self._last_s = time.perf_counter()
        self.longest_s = 0.0
        self._timer = QTimer(interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def _beat(self) -> None:
        now_s = time.perf_counter()
        self.longest_s = max(self.longest_s, now_s - self._last_s - BEAT_MS / 1e3)
        self._last_s = now_s

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch until the end of the block."""
        self._last_s, self.longest_s = time.perf_counter(), 0.0
        self._timer.start()
        yield
        self._timer.stop()
        self._beat()


def wait(app: QApplication, condition: Callable[[], object]) -> None:
    """Process the window's events until a condition holds, without keeping the processor busy."""
    until_s = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until_s:
            raise SystemExit("what the benchmark waits for does not happen")
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, BEAT_MS)


def stored(count: int) -> int:
    """Store a session of so many utterances in the library; return its id."""
    with Library.open() as library:
        new = NewSession(datetime.now(UTC), SourceKind.MICROPHONE)
        session_id = library.create_session(new)
        said = (final(n, n * 5.0, TEXT, {"river": "rover"}) for n in range(1, count + 1))
        library.put_utterances(session_id, map(result_of_event, said))
    return session_id


def bench_opening(app: QApplication, application: Application) -> None:
    """Print the cost of opening a long session, and for how long the window does not respond."""
    model, document, watchdog = application.document.model, application.document, Watchdog()
    process = psutil.Process()
    for count in (SCRIPTED, PRESENT):
        session_id = stored(count)
        document.clear()
        app.processEvents()
        before, began_s = process.memory_info().rss, time.perf_counter()
        with watchdog.watching():
            document.open(session_id)
            wait(app, lambda count=count: model.rowCount() == count)
        took_s = time.perf_counter() - began_s
        grown = (process.memory_info().rss - before) / 1e6 / count * 1_000
        say(f"opening {count} utterances", took_s * 1e3, "ms", None)
        say("  longest block", watchdog.longest_s * 1e3, "ms", 50)
        say("  memory of 1,000 utterances", max(0.0, grown), "MB", None)
    began_s = time.perf_counter()
    with Library.open() as library:
        library.recording(session_id)
    say(
        f"reading {PRESENT} utterances for export",
        (time.perf_counter() - began_s) * 1e3,
        "ms",
        None,
    )


def bench_lines(app: QApplication, application: Application) -> None:
    """Print the cost of a line and of a screen with thousands of lines present."""
    model, panel = application.document.model, application.window.panel
    assert model.rowCount() == PRESENT
    panel.follow()
    adding, painting = [], []
    for number in range(PRESENT + 1, PRESENT + 1 + ADDED):
        event = final(number, number * 5.0, TEXT, {"river": "rover"})
        began_s = time.perf_counter()
        model.apply(event)
        adding.append(time.perf_counter() - began_s)
        app.processEvents()
        began_s = time.perf_counter()
        panel.viewport().repaint()
        painting.append(time.perf_counter() - began_s)
    for what, times_s, limit in (
        (f"adding a final with {PRESENT} present", adding, 5),
        ("painting a screen", painting, 8),
    ):
        note = f"longest {max(times_s) * 1e3:.1f} ms"
        say(what, statistics.median(times_s) * 1e3, "ms", limit, note)
    began_s = time.perf_counter()
    panel.find_bar.open_with("river")
    say(f"finding in {PRESENT} lines", (time.perf_counter() - began_s) * 1e3, "ms", 50)
    panel.find_bar.dismiss()


def bench_session(app: QApplication, application: Application, engine: ScriptedEngine) -> None:
    """Print the longest blocking of the window's thread in a session of two hours."""
    model, watchdog = application.document.model, Watchdog()
    application.document.clear()
    application.window.control_bar.toggle()
    wait(app, lambda: engine.sessions and application.live.session_id)
    session = engine.sessions[-1]
    began_s = time.perf_counter()
    with watchdog.watching():
        session.tell(
            events.StateChanged(0.1, "listening", "Listening to a script."),
            events.ModelReady(1.0, INFO, 2, (), 1.0),
        )
        for number in range(1, SCRIPTED + 1):
            at_s = number * 5.0
            if number % 20 == 0:
                app.processEvents()  # Sending takes time too.
            session.tell(
                events.LevelMeasured(at_s, -30.0, -12.0, False),
                events.DraftText(at_s, number, at_s, TEXT[:40], 4),
                final(number, at_s, TEXT, {"river": "rover"}),
            )
        wait(app, lambda: model.rowCount() == SCRIPTED)
    took_s = time.perf_counter() - began_s
    say(f"two hours ({SCRIPTED} utterances) told in", took_s, "s", None)
    say("  longest block", watchdog.longest_s * 1e3, "ms", 50)


def main() -> None:
    """Print the figures."""
    app = QApplication([])
    app.setStyle("Fusion")
    engine = ScriptedEngine()
    application = Application(app, engine)
    application.begin([])
    wait(app, lambda: application.window.windowHandle().isExposed())
    # Counted from the start of the process, with the interpreter and all imports.
    say("start to a usable window", time.time() - psutil.Process().create_time(), "s", 1.5)
    bench_opening(app, application)
    bench_lines(app, application)
    bench_session(app, application, engine)
    began_s = time.perf_counter()
    application.window.close()
    is_over = application.end()
    say("closing in the middle of a session", time.perf_counter() - began_s, "s", 2)
    print("nothing is left running" if is_over else "SOMETHING IS LEFT RUNNING", flush=True)


if __name__ == "__main__":
    main()
