"""Takes a picture of every window and state: `make screenshots [NAME ...]`.

Everything is scripted, and lies in a temporary folder; pictures go to docs/screenshots, or to the
folder named with --to.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A large screen of nobody's: the usual one off the screen has 800 x 800.
os.environ["GRANITE_LIVE_HOME"] = tempfile.mkdtemp(prefix="granite-live-pictures-")

from PySide6.QtWidgets import QApplication, QDialog, QWidget  # noqa: E402
from scripted_engine import DEMO, INFO, ScriptedEngine, ScriptedSession, final  # noqa: E402

from granite_live.engine import Interrupted  # noqa: E402
from granite_live.gui.app import Application  # noqa: E402
from granite_live.live import events  # noqa: E402
from granite_live.settings import Settings, save_settings  # noqa: E402
from granite_live.transcript.history import Library, NewSession, SourceKind  # noqa: E402
from granite_live.transcript.history.recorder import Recorder  # noqa: E402

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


class Photographer:
    """One window after the other."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.app, self.folder = app, folder

    def wait(self, condition: Callable[[], object], seconds: float = 20.0) -> None:
        """Let the window work until something is so."""
        until_s = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until_s:
                raise SystemExit("what a picture waits for does not happen")
            self.app.processEvents()
            time.sleep(0.005)

    def settle(self, seconds: float = 0.4) -> None:
        """Let motion come to its end."""
        until_s = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > until_s)

    def take(self, widget: QWidget, name: str) -> None:
        """Write a picture."""
        self.settle()
        path = self.folder / f"{name}.png"
        widget.grab().save(str(path))
        print(f"{path}  {path.stat().st_size // 1024} kB")


def fill_library() -> None:
    """Put older sessions into the list."""
    with Library.open() as library:
        if library.sessions():
            return
        for day, (title, text) in enumerate(OLDER):
            began = datetime(2026, 11, 20 - 2 * day, 9, 30 + day, tzinfo=UTC)
            session = library.create_session(NewSession(began, SourceKind.MICROPHONE, title=title))
            recorder = Recorder(session)
            recorder(final(1, 0.0, text))
            recorder(events.Closed(0.0, 1, 0, (600 + 431 * day) * 16000, 0, 0))
            recorder.close()


class Scene:
    """A window with an engine that follows a script."""

    def __init__(
        self, photographer: Photographer, size: tuple[int, int] = (1120, 720), **settings: object
    ) -> None:
        save_settings(Settings(**settings))
        self.photographer = photographer
        self.engine = ScriptedEngine()
        self.application = Application(photographer.app, self.engine)
        self.window = self.application.window
        self.window.resize(*size)

    def open(self) -> None:
        """Show the window."""
        self.application.begin([])
        side = self.window.theme.px(264)
        self.window.splitter.setSizes([side, self.window.width() - side])
        self.photographer.settle(0.2)

    def listen(self, lines: int = 5, model: object = INFO) -> ScriptedSession:
        """Begin a session in which some lines were said."""
        self.window.dock.toggle()
        self.photographer.wait(lambda: self.engine.sessions)
        session = self.engine.sessions[-1]
        session.tell(
            events.State(0.1, "listening", "Listening to a script."),
            events.ModelReady(1.0, model, 2, (), 1.0),
        )
        at_s = 1.0
        for number, (text, doubtful) in enumerate(TALK[:lines], start=1):
            session.tell(final(number, at_s, text, doubtful))
            at_s += 7.0
        model_of = self.application.document.model
        self.photographer.wait(lambda: model_of.rowCount() == lines)
        session.tell(
            events.State(2.0, "listening", "Listening to a script."),
            events.Draft(9.0, 90, at_s, "first the plan for the winter then the new", 6),
            events.Level(9.0, -21.0, -8.0, False),
        )
        self.photographer.wait(lambda: model_of.rowCount() == lines + 1)
        self.photographer.wait(self.window.page.about.isVisible)
        self.window.dock._since_s -= 41.0
        return session

    def close(self) -> None:
        """End it."""
        self.window.close()
        if not self.application.end():
            raise SystemExit("a window does not end")
        (Path(os.environ["GRANITE_LIVE_HOME"]) / "window.ini").unlink(missing_ok=True)


def welcome(p: Photographer) -> None:
    """The first start."""
    scene = Scene(p)
    scene.engine.is_demo = True
    scene.open()
    p.take(scene.window, "welcome")
    scene.close()


def listening(p: Photographer) -> None:
    """While one speaks: light, dark, and at 200 %."""
    for name, size, settings in (
        ("listening-light", (1120, 720), {"appearance": "light"}),
        ("listening-dark", (1120, 720), {"appearance": "dark"}),
        ("listening-200", (1500, 1000), {"font_size_pt": 28}),
    ):
        fill_library()
        scene = Scene(p, size, **settings)
        scene.open()
        scene.listen(3 if "200" in name else 5)
        p.take(scene.window, name)
        scene.close()


def trouble(p: Photographer) -> None:
    """What goes wrong is said in words; what waits and what failed looks like it."""
    scene = Scene(p)
    scene.open()
    session = scene.listen(3, DEMO)
    session.tell(
        events.Failed(30.0, 50, 30.0, 34.0, 3, "the recogniser stopped three times."),
        events.Provisional(30.0, 51, 36.0, 40.0, "a draft that waits for its edit", ()),
        events.Backlog(31.0, 3, 12.0),
        events.Level(31.0, -2.0, 0.0, True),
        events.State(31.0, "catching_up", ""),
        events.Disk(31.0, "The disk takes no more sound: it is kept in memory; make room.", 3.0),
    )
    p.take(scene.window, "trouble")
    scene.close()


def long_session(p: Photographer) -> None:
    """Two hours, scrolled back, with a search."""
    scene = Scene(p)
    scene.open()
    session = scene.listen(5)
    for number in range(900):
        text, doubtful = TALK[number % len(TALK)]
        session.tell(final(100 + number, 60.0 + number * 8.0, text, doubtful))
    model = scene.application.document.model
    p.wait(lambda: model.rowCount() >= 905, 60)
    bar = scene.window.panel.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    scene.window.panel.find_bar.enter("river")
    p.take(scene.window, "long-session")
    scene.close()


def dialogs(p: Photographer) -> None:
    """Export, settings, the real model, recovery."""
    scene = Scene(p)
    scene.engine.left = (Interrupted(Path("/x"), datetime.now(UTC), 12.0, ""),)
    scene.open()
    p.wait(lambda: scene.window.page.notices.isVisible())
    p.take(scene.window, "recovery")
    scene.window.page.notices.clear()
    scene.listen(5)
    scene.window.page.export_wanted.emit()
    p.wait(lambda: shown_dialog() is not None)
    dialog = shown_dialog()
    dialog.choose("srt")
    p.take(dialog, "export")
    dialog.close()
    p.settle(0.1)
    scene.window.sidebar.settings_wanted.emit()
    p.wait(lambda: shown_dialog() is not None)
    dialog = shown_dialog()
    for page, name in enumerate(("look", "listening", "model", "text", "keys")):
        dialog.tabs.setCurrentIndex(page)
        p.take(dialog, f"settings-{name}")
    dialog.close()
    p.settle(0.1)
    scene.window.dock.model_wanted.emit()
    p.take(shown_dialog(), "real-model")
    scene.close()


def files(p: Photographer) -> None:
    """A queue of files."""
    scene = Scene(p)
    scene.open()
    scene.application.queue.add([Path("talk.mp3"), Path("notes.broken"), Path("evening.mp4")])
    p.wait(lambda: scene.engine.sessions)
    scene.engine.sessions[0].tell(*(final(n, n * 7.0, t, d) for n, (t, d) in enumerate(TALK[:4])))
    p.wait(lambda: scene.application.document.model.rowCount() == 4)
    p.take(scene.window, "files")
    scene.close()


def shown_dialog() -> QDialog | None:
    """Return the dialog that is open."""
    found = (one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog))
    return next((one for one in found if one.isVisible()), None)


SCENES = {one.__name__: one for one in (welcome, listening, trouble, long_session, dialogs, files)}


def main() -> None:
    """Take the pictures that are asked for, all by default."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scenes", nargs="*", choices=[[], *SCENES], default=[])
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "screenshots")
    chosen = parser.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    app.setStyle("Fusion")
    for name in chosen.scenes or SCENES:
        SCENES[name](Photographer(app, chosen.to))


if __name__ == "__main__":
    main()
