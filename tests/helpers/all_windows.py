"""All windows and dialogs by name, in their states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import WindowDriver
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from granite_live.app.models import ModelChoice
from granite_live.gui.export_dialog import ExportDialog
from granite_live.gui.file_queue import queue_text
from granite_live.gui.live_text import LiveTextDialog
from granite_live.gui.models.dialog import ModelsDialog
from granite_live.gui.sessions.actions import DeleteDialog, RetranscribeDialog
from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.library import Library, SavedSession
from granite_live.session import events
from helpers.scripted_engine import DEMO, final

SETTINGS_PAGES = 9


def _stored(studio: WindowDriver) -> SavedSession:
    session_id = studio.engine.store("The trees were full of birds.")
    with Library.open() as library:
        return library.session(session_id)


def welcome(studio: WindowDriver) -> QWidget:
    return studio.window


def first_start(studio: WindowDriver) -> QWidget:
    """The window with the model offer and a notice, in a small size."""
    studio.engine.is_demo = True
    studio.application.controller.models.refresh()
    studio.until(studio.page.offer.isVisible)
    action = QCoreApplication.translate("QueueController", "Recover")
    studio.page.notices.offer(queue_text.interrupted(1), action, lambda: None)
    studio.window.resize(900, 700)
    return studio.window


def first_steps(studio: WindowDriver) -> QWidget:
    """The page of the first start with all its steps."""
    studio.engine.is_demo = True
    studio.application.controller.models.refresh()
    studio.until(studio.page.offer.isVisible)
    studio.page.show_first_start(True)
    studio.until(studio.page.offer.isVisible)
    page = studio.page.first_start
    # The window becomes as wide as the steps need.
    studio.until(lambda: page.widget().width() <= page.viewport().width())
    return studio.window


def busy(studio: WindowDriver) -> QWidget:
    """The window with everything that can be visible at once."""
    _stored(studio)
    studio.sidebar.refresh()
    session = studio.start()
    session.tell(events.ModelReady(1.0, DEMO, 2, (), 1.0))
    studio.say(session, final(1, 0.0, "Good morning, everybody."), final(2, 5.0, "It has rained."))
    studio.application.queue.add_files([Path("evening.mp4"), Path("talk.mp3")])
    studio.until(lambda: len(studio.engine.sessions) == 2)
    session.tell(events.WorkerRestarted(2.0, "it hung", 1), events.BacklogChanged(3.0, 3, 12.0))
    studio.until(lambda: studio.page.notices.isVisible())
    studio.window.find_in_session()
    studio.panel.find_bar.field.setText("rain")
    studio.window.resize(studio.window.theme.px(1080), studio.window.theme.px(720))
    return studio.window


def settings(studio: WindowDriver, page: int) -> QWidget:
    """One page of the settings dialog."""
    inputs = studio.engine.inputs()
    dialog = SettingsDialog(studio.application.preferences, studio.window, inputs)
    dialog.tabs.setCurrentIndex(page)
    return dialog


def export(studio: WindowDriver) -> QWidget:
    with Library.open() as library:
        recording = library.recording(_stored(studio).id)
    background, places = studio.application.background, studio.window.ui_state
    theme = studio.window.theme
    return ExportDialog(recording, "Morning", theme, background, places, studio.window)


def live_text(studio: WindowDriver) -> QWidget:
    dialog = LiveTextDialog(studio.application.preferences, studio.window.ui_state, studio.window)
    dialog.is_on.setChecked(True)
    dialog.last_lines.setChecked(True)
    return dialog


def delete(studio: WindowDriver) -> QWidget:
    return DeleteDialog([_stored(studio)], studio.window)


def again(studio: WindowDriver) -> QWidget:
    offered = [
        ModelChoice(Path("/models/granite-nar"), "granite-nar", tier, ("int8", "fp32"), False)
        for tier in ("int8", "fp32")
    ]
    return RetranscribeDialog(_stored(studio), offered, studio.window)


def models(studio: WindowDriver) -> QWidget:
    """The dialog with installed and available models."""
    studio.dock.model_requested.emit()
    studio.until(_dialogs)
    (dialog,) = _dialogs()
    assert isinstance(dialog, ModelsDialog)
    studio.until(lambda: dialog.rows)
    return dialog


def _dialogs() -> list[QDialog]:
    windows = QApplication.topLevelWidgets()
    return [one for one in windows if isinstance(one, QDialog) and one.isVisible()]


SURFACES: dict[str, Callable[[WindowDriver], QWidget]] = {
    "welcome": welcome,
    "first_start": first_start,
    "first_steps": first_steps,
    "busy": busy,
    "export": export,
    "live_text": live_text,
    "delete": delete,
    "again": again,
    "models": models,
} | {
    f"settings_{page}": lambda studio, page=page: settings(studio, page)
    for page in range(SETTINGS_PAGES)
}


@contextmanager
def shown(studio: WindowDriver, name: str) -> Iterator[QWidget]:
    """Show a window or dialog for the duration of the context."""
    surface = SURFACES[name](studio)
    surface.show()
    studio.qtbot.waitExposed(surface)
    surface.activateWindow()
    # Pending events lay the widgets out.
    studio.qtbot.wait(20)
    try:
        yield surface
    finally:
        if surface is not studio.window and isValid(surface):
            surface.close()
        if surface is not studio.window and isValid(surface):
            surface.deleteLater()
