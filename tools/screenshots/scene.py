"""The window with a scripted engine, and the function that takes its picture."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from helpers.scripted_engine import INFO, ScriptedEngine, ScriptedSession, final
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from granite_live.gui.app import Application
from granite_live.gui.dictation.platform import PlatformServices
from granite_live.gui.style_sheet import current_theme
from granite_live.library import Library, NewSession, SourceKind
from granite_live.library.recorder import LibraryRecorder
from granite_live.session import events
from granite_live.settings import Settings, save_settings

TALK = (
    ("I opened the window this morning and heard the rain on the roof.", {"roof.": "rough"}),
    ("After breakfast it stopped, so I took a slow walk along the river.", {}),
    ("The air was cool and clean, and the trees were full of birds.", {"cool": "cruel"}),
    ("Somebody had left a boat at the old bridge, half full of water and yellow leaves.", {}),
    ("Now I am back at my desk with a cup of tea.", {}),
    ("Our meeting starts in a few minutes, and there are three things on the list.", {}),
    ("First the plan for the winter, then the new rooms, and at last who brings the cake.", {}),
)
OLDER = (
    ("Interview with Anna", "We moved here when I was six, and the street was still a field."),
    ("Lecture 4: tides", "The moon pulls at the water, and the water pulls back."),
    ("", "remember to call the plumber about the kitchen tap before friday"),
    ("Book club", "I liked the second half better than the first one."),
)
_COLOURS = 256
_LOOKS = 0xFFE0E0E0
"""Colors that differ only in the other bits look the same."""


def large_screen(folder: Path) -> str:
    """Return a platform with a large screen in memory: Qt's own has 800 x 800 points."""
    path = folder / "screen.json"
    screen = {"name": "screen", "x": 0, "y": 0, "width": 2560, "height": 1440, "dpr": 1}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}
    path.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return f"offscreen:configfile={path}"


class Photographer:
    """Takes pictures of one window after the other."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.app, self.folder = app, folder

    def wait(self, condition: Callable[[], object], seconds: float = 20.0) -> None:
        """Process the window's events until a condition holds."""
        until_s = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until_s:
                raise SystemExit("what a picture waits for does not happen")
            self.app.processEvents()
            time.sleep(0.005)

    def settle(self, seconds: float = 0.4) -> None:
        """Wait until animations have ended."""
        until_s = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > until_s, seconds + 20)

    def take(self, widget: QWidget, name: str) -> None:
        """Write a picture."""
        self.settle()
        path = self.folder / f"{name}.png"
        # The lowest quality is the best compression; PNG loses nothing.
        if not few_colors(widget.grab().toImage()).save(str(path), "PNG", 0):
            raise SystemExit(f"{path} cannot be written")
        print(f"{path}  {path.stat().st_size // 1024} kB")


def few_colors(image: QImage) -> QImage:
    """Return the picture in 256 colors, with rare ones like those of a small red icon."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(bytes(image.constBits()), np.uint32)
    colors, counts = np.unique(pixels, return_counts=True)
    order = np.argsort(-counts)
    # Take the most common of colors that look the same first, then other common ones.
    _, unlike = np.unique(colors[order] & _LOOKS, return_index=True)
    first = np.concatenate([np.sort(unlike), np.arange(len(order))])
    table = dict.fromkeys(int(one) for one in colors[order][first])
    exact = Qt.ImageConversionFlag.AvoidDither
    return image.convertToFormat(QImage.Format.Format_Indexed8, list(table)[:_COLOURS], exact)


def fill_library() -> None:
    """Put older sessions into the list."""
    with Library.open() as library:
        for day, (title, text) in enumerate(OLDER):
            began = datetime(2026, 11, 20 - 2 * day, 9, 30 + day, tzinfo=UTC)
            session = library.create_session(NewSession(began, SourceKind.MICROPHONE, title=title))
            recorder = LibraryRecorder(session)
            recorder(final(1, 0.0, text))
            recorder(events.SessionClosed(0.0, 1, 0, (600 + 431 * day) * 16000, 0, 0))
            recorder.close()


class Scene:
    """A window with a scripted engine, in a home of its own."""

    def __init__(
        self,
        photographer: Photographer,
        size: tuple[int, int] = (1120, 720),
        *,
        is_new: bool = False,
        means: PlatformServices | None = None,
        **settings: object,
    ) -> None:
        """Create the window; `is_new` is the first start, with an empty list."""
        self._home = tempfile.mkdtemp(prefix="granite-live-pictures-")
        os.environ["GRANITE_LIVE_HOME"] = self._home
        if not is_new:
            fill_library()
        save_settings(Settings(**{"appearance": "light", **settings}))
        self.photographer = photographer
        self.engine = ScriptedEngine()
        self.application = Application(photographer.app, self.engine, means)
        self.window = self.application.window
        self.window.resize(*size)

    def open(self) -> None:
        """Show the window."""
        self.application.begin([])
        side = current_theme().px(264)
        self.window.splitter.setSizes([side, self.window.width() - side])
        self.photographer.settle(0.2)

    def listen(
        self, lines: int = 5, model: object = INFO, talk: Sequence[tuple[str, Any]] = TALK
    ) -> ScriptedSession:
        """Start a session with some lines."""
        self.window.control_bar.toggle()
        self.photographer.wait(lambda: self.engine.sessions)
        session = self.engine.sessions[-1]
        session.tell(
            events.StateChanged(0.1, "listening", "Listening to a script."),
            events.ModelReady(1.0, model, 2, (), 1.0),
        )
        at_s = 1.0
        for number, (text, doubtful) in enumerate(talk[:lines], start=1):
            session.tell(final(number, at_s, text, doubtful))
            at_s += 7.0
        model_of = self.application.document.model
        self.photographer.wait(lambda: model_of.rowCount() == lines)
        session.tell(
            events.StateChanged(2.0, "listening", "Listening to a script."),
            events.DraftText(9.0, 90, at_s, "first the plan for the winter then the new", 6),
            events.LevelMeasured(0.1, -21.0, -8.0, False),
        )
        self.photographer.wait(lambda: model_of.rowCount() == lines + 1)
        self.photographer.wait(self.window.session_view.details.isVisible)
        self.window.control_bar._since_s -= 41.0
        return session

    def stop(self) -> None:
        """End the session, and wait for its end."""
        self.window.control_bar.toggle()
        self.photographer.wait(lambda: not self.application.live.is_active)

    def dialog(self) -> QDialog:
        """Wait for a dialog, and return it."""
        self.photographer.wait(lambda: shown_dialog() is not None)
        found = shown_dialog()
        assert found is not None
        return found

    def close(self) -> None:
        """Close the window."""
        while (dialog := shown_dialog()) is not None:
            dialog.close()
        self.window.close()
        if not self.application.end():
            raise SystemExit("a window does not end")
        shutil.rmtree(self._home)


def shown_dialog() -> QDialog | None:
    """Return the open dialog."""
    found = (one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog))
    return next((one for one in found if one.isVisible()), None)
