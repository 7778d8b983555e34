"""The window in German: during speech, its settings, the models, errors."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from helpers.scripted_engine import DEMO, INFO, ScriptedSession, final
from helpers.scripted_inventory import GOOD, installed
from PySide6.QtCore import QPoint
from scene import Photographer, Scene

from granite_live.app.session_tasks import InterruptedSession
from granite_live.library import Library, NewSession, SourceKind
from granite_live.library.recorder import LibraryRecorder
from granite_live.messages.session import SessionMessage, WorkerMessage
from granite_live.session import events

_TALK = (
    ("Heute Morgen habe ich das Fenster geöffnet und den Regen auf dem Dach gehört.", {}),
    ("Nach dem Frühstück hörte er auf, also ging ich langsam am Fluss entlang.", {"Fluss": "Fuß"}),
    ("Die Luft war kühl und klar, und die Bäume waren voller Vögel.", {}),
    ("An der alten Brücke lag ein Boot, halb voll Wasser und gelber Blätter.", {}),
    ("Jetzt sitze ich wieder am Schreibtisch, mit einer Tasse Tee.", {}),
)
_OLDER = (
    ("Gespräch mit Anna", "Wir sind hierhergezogen, als ich sechs war."),
    ("Vorlesung 4: Gezeiten", "Der Mond zieht am Wasser, und das Wasser zieht zurück."),
    ("", "am Freitag den Klempner wegen des Hahns in der Küche anrufen"),
)


_LONG_PAGES = ("diktat", "modell")
"""Pictures that are taken with large text, too."""


class _German(Scene):
    def __init__(self, p: Photographer, size: tuple[int, int] = (1120, 720), size_pt: int = 14):
        super().__init__(p, size, is_new=True, language="de", font_size_pt=size_pt)
        with Library.open() as library:
            for day, (title, text) in enumerate(_OLDER):
                began = datetime(2026, 11, 20 - 2 * day, 9, 30 + day, tzinfo=UTC)
                new = NewSession(began, SourceKind.MICROPHONE, title=title)
                recorder = LibraryRecorder(library.create_session(new))
                recorder(final(1, 0.0, text))
                recorder(events.SessionClosed(0.0, 1, 0, (600 + 431 * day) * 16000, 0, 0))
                recorder.close()

    def speak(self, lines: int = 5, model: object = INFO) -> ScriptedSession:
        """Add German lines to a session."""
        session = self.listen(lines, model, talk=_TALK)
        text = "zuerst der plan für den winter dann die neuen"
        session.tell(events.DraftText(10.0, 90, 1.0 + 7.0 * lines, text, 6))
        self.photographer.settle(0.2)
        return session


def german(p: Photographer) -> None:
    """The German pictures in normal size, and half as large again."""
    for suffix, size, size_pt in (("", (1120, 720), 14), ("-150", (1400, 900), 21)):
        scene = _German(p, size, size_pt)
        scene.open()
        scene.speak()
        p.take(scene.window, f"german-listening{suffix}")
        _settings(p, scene, suffix)
        if not suffix:
            _menu(p, scene)
        scene.close()
        _models(p, suffix, _German(p, size, size_pt))
    _first_start(p)
    _trouble(p)


def _settings(p: Photographer, scene: Scene, suffix: str) -> None:
    scene.window.actions_by_id["settings"].trigger()
    dialog = scene.dialog()
    for page in range(dialog.tabs.names.count()):
        name = dialog.tabs.names.item(page).text().lower()
        dialog.tabs.setCurrentIndex(page)
        if not suffix or name in _LONG_PAGES:
            # A file's name without umlauts is the same on every system.
            p.take(dialog, f"german-settings-{name.replace('ü', 'ue')}{suffix}")
    dialog.close()
    p.settle(0.1)


def _menu(p: Photographer, scene: Scene) -> None:
    menu = scene.window.session_view.menu
    menu.popup(scene.window.mapToGlobal(QPoint(40, 40)))
    p.take(menu, "german-menu")
    menu.close()


def _models(p: Photographer, suffix: str, scene: Scene) -> None:
    shelf = scene.engine.model_inventory
    shelf.here = [installed(), installed("fp32", 9_800_000_000)]
    shelf.holds_checks = True
    scene.open()
    desk = scene.application.controller.models
    desk.open()
    dialog = desk.dialog
    p.wait(lambda: dialog.rows)
    dialog.rows[0].check.click()
    p.wait(lambda: shelf.checks)
    shelf.checks[-1].end(GOOD)
    p.wait(dialog.verdict.isVisible)
    p.take(dialog, f"german-models{suffix}")
    dialog.close()
    scene.close()


def _first_start(p: Photographer) -> None:
    scene = _German(p)
    scene.engine.is_demo = True
    scene.open()
    p.wait(scene.window.session_view.offer.isVisible)
    p.take(scene.window, "german-offer")
    scene.close()


def _trouble(p: Photographer) -> None:
    scene = _German(p)
    scene.engine.left = (InterruptedSession(Path("/x"), datetime.now(UTC), 12.0, ""),)
    scene.open()
    p.wait(scene.window.session_view.notices.isVisible)
    session = scene.speak(3, DEMO)
    failed = SessionMessage.RECOGNIZER_FAILED(reason=WorkerMessage.EXIT_CODE(code=1))
    session.tell(
        events.TranscriptionFailed(30.0, 50, 30.0, 34.0, 3, failed),
        events.BacklogChanged(31.0, 3, 12.0),
        events.StateChanged(31.0, "catching_up", ""),
        events.WorkerRestarted(31.0, WorkerMessage.NO_SIGN_OF_LIFE(), 1),
    )
    scene.application.queue.add_files([Path("vortrag.mp3"), Path("abend.mp4")])
    p.wait(lambda: len(scene.engine.sessions) > 1)
    p.settle(0.2)
    p.take(scene.window, "german-trouble")
    scene.close()
