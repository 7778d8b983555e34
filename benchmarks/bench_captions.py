"""Measure the caption window on a screen of 3840 x 2160: repaints, one more word, a final text.

A band as wide as the screen, four lines of 112 pixels with an outline, everything painted by the
processor. Times are those of the window's own thread, beside them what the clock said: on a
machine that is busy with something else the clock shows that, too.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

GOAL_MS = 4.0
TIMES = 300
WIDTH_PX, HEIGHT_PX = 3840, 2160
TEXT = (
    "after breakfast it stopped so I took a slow walk along the river and the air was cool and "
    "clean and somebody had left a boat at the old bridge half full of water and yellow leaves"
)

Figures = list[tuple[float, float]]


def large_screen(folder: Path) -> str:
    """Return a platform with a screen in memory."""
    path = folder / "screen.json"
    screen = {"name": "screen", "x": 0, "y": 0, "width": WIDTH_PX, "height": HEIGHT_PX, "dpr": 1}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}
    path.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return f"offscreen:configfile={path}"


def measured(act: Callable[[], object]) -> tuple[float, float]:
    """Return the thread's own time and the wall time of a call [ms]."""
    clock_s, own_s = time.perf_counter(), time.thread_time()
    act()
    return (time.thread_time() - own_s) * 1e3, (time.perf_counter() - clock_s) * 1e3


def say(what: str, figures: Figures, goal_ms: float | None = None) -> None:
    """Print median and maximum."""
    own, clock = ([pair[at] for pair in figures] for at in (0, 1))
    text = f"{what}: {statistics.median(own):.2f} ms, worst {max(own):.2f} ms"
    text += f" (clock: {statistics.median(clock):.2f} and {max(clock):.2f} ms; {len(own)} times)"
    if goal_ms is not None:
        text += f" - goal {goal_ms:g} ms: {'ok' if max(own) <= goal_ms else 'missed by the worst'}"
    print(text, flush=True)


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QT_QPA_PLATFORM"] = large_screen(Path(folder))
        _measure()


def _measure() -> None:
    from PySide6.QtCore import QRect
    from PySide6.QtWidgets import QApplication

    from granite_live.gui.captions.appearance import CaptionStyle
    from granite_live.gui.captions.rows import UtteranceWords
    from granite_live.gui.captions.window import CaptionWindow
    from granite_live.gui.high_contrast import system_family

    app = QApplication([])
    look = CaptionStyle(4, system_family(), 112, "#ffffff", 6, "#000000", 70)
    window = CaptionWindow(look, has_motion=False)
    window.show_at(QRect(0, HEIGHT_PX - look.height_px, WIDTH_PX, look.height_px))
    words = TEXT.split() * 8

    def show(count: int, finals: int) -> None:
        said: Sequence[UtteranceWords] = (
            UtteranceWords(1, tuple(words[:finals]), True),
            UtteranceWords(2, tuple(words[finals:count]), False),
        )
        window.show_words([one for one in said if one.words])
        # Repaint only what changed, as the system would.
        app.processEvents()

    print(f"{WIDTH_PX} x {look.height_px} pixels, letters of {look.size_px} px in {look.family}")
    show(60, 40)
    say("the whole window again", [measured(window.repaint) for _ in range(TIMES)], GOAL_MS)
    # Letters are outlined when they first appear, so that is measured separately.
    first = [measured(lambda n=n: show(n, 0)) for n in range(61, 100)]
    say("a word more, letters not all known", first)
    say("a word more", [measured(lambda n=n: show(n, 40)) for n in range(100, 220)], GOAL_MS)
    finals = []
    for _ in range(40):
        show(220, 190)
        finals.append(measured(lambda: show(220, 220)))
    say("30 words in grey become final", finals)
    window.close()


if __name__ == "__main__":
    main()
