"""Take a picture of every window and state: `make screenshots [NAME ...]`.

Everything is scripted and lies in temporary folders. Pictures go to docs/screenshots, or to the
folder given by --to. A scene that hangs is ended, and its traceback printed.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from caption_scenes import captions  # noqa: E402
from dictation_scenes import dictation, tray  # noqa: E402
from german_scenes import german  # noqa: E402
from helpers.scripted_engine import DEMO, final  # noqa: E402
from meeting_scenes import meeting, tasks  # noqa: E402
from model_scenes import model_list, model_offer  # noqa: E402
from PySide6.QtCore import QPoint, Qt  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from scene import TALK, Photographer, Scene, large_screen  # noqa: E402

from granite_live.app.session_tasks import InterruptedSession  # noqa: E402
from granite_live.gui.sessions.session_delegate import SESSION_ROLE  # noqa: E402
from granite_live.session import events  # noqa: E402

LOOKS = (("", {}), ("-dark", {"appearance": "dark"}), ("-200", {"font_size_pt": 28}))
PAGES = (
    "look",
    "listening",
    "captions",
    "dictation",
    "model",
    "text",
    "vocabulary",
    "keys",
    "program",
)
_SCENE_S = 180.0
_ARABIC = (
    "فتحت النافذة هذا الصباح وسمعت المطر على السطح.",
    "بعد الإفطار توقف المطر، فمشيت ببطء على ضفة النهر.",
    "كان الهواء باردا ونقيا، وكانت الأشجار مليئة بالطيور.",
)


def welcome(p: Photographer) -> None:
    """The first start."""
    scene = Scene(p, is_new=True)
    scene.engine.is_demo = True
    scene.open()
    p.take(scene.window, "welcome")
    scene.close()


def listening(p: Photographer) -> None:
    """During speech: light, dark, and at 200 %."""
    for name, size, settings in (
        ("listening-light", (1120, 720), {}),
        ("listening-dark", (1120, 720), {"appearance": "dark"}),
        ("listening-200", (1500, 1000), {"font_size_pt": 28}),
    ):
        scene = Scene(p, size, **settings)
        scene.open()
        scene.listen(3 if "200" in name else 5)
        p.take(scene.window, name)
        scene.close()


def narrow(p: Photographer) -> None:
    """A narrow window."""
    scene = Scene(p, (600, 760))
    scene.open()
    scene.window.toggle_sidebar()
    scene.listen(4)
    p.take(scene.window, "narrow")
    scene.close()


def right_to_left(p: Photographer) -> None:
    """A mirrored layout with a script that runs from right to left."""
    p.app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    scene = Scene(p)
    scene.open()
    scene.listen(4, talk=(*((text, {}) for text in _ARABIC), TALK[0]))
    p.take(scene.window, "right-to-left")
    scene.close()
    p.app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def trouble(p: Photographer) -> None:
    """Errors in words, and utterances that wait or failed."""
    scene = Scene(p)
    scene.open()
    session = scene.listen(3, DEMO)
    session.tell(
        events.TranscriptionFailed(30.0, 50, 30.0, 34.0, 3, "the recogniser stopped three times."),
        events.ProvisionalText(30.0, 51, 36.0, 40.0, "a draft that waits for its edit", ()),
        events.BacklogChanged(31.0, 3, 12.0),
        events.LevelMeasured(31.0, -2.0, 0.0, True),
        events.StateChanged(31.0, "catching_up", ""),
        events.DiskChanged(
            31.0, "The disk takes no more sound: it is kept in memory; make room.", 3.0
        ),
    )
    p.wait(scene.window.session_view.notices.isVisible)
    p.take(scene.window, "trouble")
    scene.close()


def no_input(p: Photographer) -> None:
    """No input, and a start that is refused."""
    scene = Scene(p, is_new=True)
    scene.engine.known = ()
    scene.engine.refusal = "No microphone is connected: connect one, and start again."
    scene.open()
    scene.window.control_bar.toggle()
    p.wait(scene.window.session_view.notices.isVisible)
    p.take(scene.window, "no-input")
    scene.close()


def empty(p: Photographer) -> None:
    """A session without speech."""
    scene = Scene(p)
    scene.open()
    scene.window.control_bar.toggle()
    p.wait(lambda: scene.engine.sessions)
    scene.stop()
    p.take(scene.window, "empty")
    scene.close()


def long_session(p: Photographer) -> None:
    """A session of two hours, scrolled back, with a search."""
    scene = Scene(p)
    scene.open()
    session = scene.listen(5)
    for number in range(900):
        text, doubtful = TALK[number % len(TALK)]
        session.tell(final(100 + number, 60.0 + number * 8.0, text, doubtful))
    model = scene.application.document.model
    p.wait(lambda: model.rowCount() >= 905, 60)
    scene.window.control_bar._since_s -= 2 * 3600
    bar = scene.window.panel.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    scene.window.panel.find_bar.open_with("river")
    p.take(scene.window, "long-session")
    scene.close()


def reading(p: Photographer) -> None:
    """An older session: one line is played, one was corrected, one is selected."""
    scene = Scene(p)
    scene.open()
    session = scene.listen(6)
    scene.stop()
    document, panel = scene.application.document, scene.window.panel
    document.open(session.session_id)
    p.wait(lambda: document.model.rowCount() == 6)
    document.editing.edit(1, "After breakfast it had stopped, so I took a walk along the river.")
    p.wait(lambda: document.model.line(1).is_edited)
    panel.setCurrentIndex(document.model.index(3))
    panel.show_playback(document.model.line(3).start_s + 0.4, is_playing=True)
    p.take(scene.window, "reading")
    scene.close()


def recovery(p: Photographer) -> None:
    """The offer at the start to recover what a crash left."""
    scene = Scene(p)
    scene.engine.left = (InterruptedSession(Path("/x"), datetime.now(UTC), 12.0, ""),)
    scene.open()
    p.wait(scene.window.session_view.notices.isVisible)
    p.take(scene.window, "recovery")
    scene.close()


def dialogs(p: Photographer) -> None:
    """The dialogs: export, delete, live text file, menu."""
    scene = Scene(p)
    scene.open()
    scene.listen(5)
    scene.stop()
    scene.window.actions_by_id["export"].trigger()
    dialog = scene.dialog()
    dialog.choose("srt")
    dialog.formats.checkedButton().setFocus()
    p.take(dialog, "export")
    dialog.close()
    p.settle(0.1)
    scene.window.actions_by_id["live_text"].trigger()
    dialog = scene.dialog()
    dialog.is_on.setChecked(True)
    p.take(dialog, "live-text-file")
    dialog.close()
    p.settle(0.1)
    row = scene.window.sidebar.model.index(1)
    scene.window.sidebar.delete_requested.emit([row.data(SESSION_ROLE)])
    p.take(scene.dialog(), "delete")
    scene.close()


def menus(p: Photographer) -> None:
    """The menu of a session, and the list of inputs."""
    scene = Scene(p)
    scene.open()
    for menu, name in (
        (scene.window.control_bar.picker.menu(), "inputs"),
        (scene.window.session_view.menu, "menu"),
    ):
        menu.popup(scene.window.mapToGlobal(QPoint(40, 40)))
        p.take(menu, name)
        menu.close()
        if not scene.engine.sessions:
            scene.listen(3)
    scene.close()


def settings(p: Photographer) -> None:
    """Every page of the settings: light, dark, and at 200 %."""
    for suffix, chosen in LOOKS:
        pairs = (("granite life", "Granite Live"), ("onyx", "ONNX"))
        scene = Scene(p, replacements=pairs, **chosen)
        scene.open()
        scene.window.actions_by_id["settings"].trigger()
        dialog = scene.dialog()
        for page, name in enumerate(PAGES):
            dialog.tabs.setCurrentIndex(page)
            if not suffix or name in ("listening", "text", "captions", "dictation"):
                p.take(dialog, f"settings-{name}{suffix}")
        scene.close()


def files(p: Photographer) -> None:
    """A queue of files."""
    scene = Scene(p)
    scene.open()
    scene.application.queue.add_files([Path("talk.mp3"), Path("notes.broken"), Path("evening.mp4")])
    p.wait(lambda: scene.engine.sessions)
    scene.engine.sessions[0].tell(*(final(n, n * 7.0, t, d) for n, (t, d) in enumerate(TALK[:4])))
    p.wait(lambda: scene.application.document.model.rowCount() == 4)
    p.take(scene.window, "files")
    scene.close()


SCENES = {
    one.__name__: one
    for one in (
        welcome,
        model_offer,
        model_list,
        listening,
        narrow,
        right_to_left,
        trouble,
        no_input,
        empty,
        long_session,
        reading,
        recovery,
        dialogs,
        menus,
        settings,
        files,
        meeting,
        tasks,
        german,
        dictation,
        tray,
        captions,
    )
}


def main() -> None:
    """Take the requested pictures, by default all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scenes", nargs="*", choices=[[], *SCENES], default=[])
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "screenshots")
    chosen = parser.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QT_QPA_PLATFORM"] = large_screen(Path(folder))
        app = QApplication([])
        app.setStyle("Fusion")
        for name in chosen.scenes or SCENES:
            faulthandler.dump_traceback_later(_SCENE_S, exit=True)
            SCENES[name](Photographer(app, chosen.to))
            faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    main()
