"""All windows and dialogs by name, in their states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from granite_live.app.models import ModelChoice
from granite_live.app.text_alignment import AlignedText, UnwrittenSpeech
from granite_live.gui.background import Background
from granite_live.gui.export_dialog import ExportDialog
from granite_live.gui.file_queue.jobs import interrupted_sentence
from granite_live.gui.live_text import LiveTextDialog
from granite_live.gui.models.comparison_dialog import ComparisonDialog
from granite_live.gui.models.dialog import ModelsDialog
from granite_live.gui.service.dialog import ServiceDialog
from granite_live.gui.sessions.actions import DeleteDialog, RetranscribeDialog
from granite_live.gui.sessions.batch_export import BatchExportDialog
from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.gui.sound_search_dialog import SoundSearchDialog
from granite_live.gui.style_sheet import current_theme
from granite_live.library import Library, SavedSession
from granite_live.session import events
from granite_live.transcript.model import RecordingTranscript, Transcript, Word
from helpers.scripted_engine import DEMO, INFO, final
from helpers.window_driver import WindowDriver


def _stored(driver: WindowDriver) -> SavedSession:
    session_id = driver.engine.store("The trees were full of birds.")
    with Library.open() as library:
        return library.session(session_id)


def welcome(driver: WindowDriver) -> QWidget:
    return driver.window


def first_start(driver: WindowDriver) -> QWidget:
    """The window with the model offer and a notice, in a small size."""
    driver.engine.is_demo = True
    driver.application.controller.models.refresh()
    driver.until(driver.page.offer.isVisible)
    action = QCoreApplication.translate("QueueController", "Recover")
    driver.page.notices.offer(interrupted_sentence(1), action, lambda: None)
    driver.window.resize(900, 700)
    return driver.window


def first_steps(driver: WindowDriver) -> QWidget:
    """The page of the first start with all its steps."""
    driver.engine.is_demo = True
    driver.application.controller.models.refresh()
    driver.until(driver.page.offer.isVisible)
    driver.page.show_first_start(True)
    driver.until(driver.page.offer.isVisible)
    page = driver.page.first_start
    # The window becomes as wide as the steps need.
    driver.until(lambda: page.widget().width() <= page.viewport().width())
    return driver.window


def busy(driver: WindowDriver) -> QWidget:
    """The window with everything that can be visible at once."""
    _stored(driver)
    driver.sidebar.refresh()
    session = driver.start()
    session.tell(events.ModelReady(1.0, DEMO, 2, (), 1.0))
    driver.say(session, final(1, 0.0, "Good morning, everybody."), final(2, 5.0, "It has rained."))
    driver.application.queue.add_files([Path("evening.mp4"), Path("talk.mp3")])
    driver.until(lambda: len(driver.engine.sessions) == 2)
    session.tell(events.WorkerRestarted(2.0, "it hung", 1), events.BacklogChanged(3.0, 3, 12.0))
    driver.until(lambda: driver.page.notices.isVisible())
    driver.window.find_in_session()
    driver.panel.find_bar.field.setText("rain")
    driver.window.resize(current_theme().px(1080), current_theme().px(720))
    return driver.window


def settings(driver: WindowDriver) -> QWidget:
    """The settings dialog; `pages` turns its pages."""
    inputs = driver.engine.inputs()
    return SettingsDialog(driver.application.preferences, driver.window, inputs)


def export(driver: WindowDriver) -> QWidget:
    with Library.open() as library:
        recording = library.recording(_stored(driver).id)
    background, places = driver.application.background, driver.window.ui_state
    return ExportDialog(recording, "Morning", background, places, driver.window)


def batch_export(driver: WindowDriver) -> QWidget:
    """The dialog that saves several sessions, with a problem."""
    dialog = BatchExportDialog(
        [_stored(driver), _stored(driver)],
        driver.application.background,
        driver.window.ui_state,
        driver.window,
    )
    dialog.folder.setText("/nowhere")
    dialog.save_button.click()
    return dialog


def sound_search(driver: WindowDriver) -> QWidget:
    """The search by sound with two places found."""
    _stored(driver)
    driver.application.controller.vocabulary.search()
    driver.until(_windows_of_search)
    (dialog,) = _windows_of_search()
    return dialog


def _windows_of_search() -> list[SoundSearchDialog]:
    windows = QApplication.topLevelWidgets()
    return [one for one in windows if isinstance(one, SoundSearchDialog) and one.isVisible()]


def live_text(driver: WindowDriver) -> QWidget:
    dialog = LiveTextDialog(driver.application.preferences, driver.window.ui_state, driver.window)
    dialog.is_on.setChecked(True)
    dialog.last_lines.setChecked(True)
    return dialog


def alignment(driver: WindowDriver) -> QWidget:
    """The dialog that aligns a text, with a result."""
    dialog = driver.application.controller.alignment.open()
    dialog.align(Path("/recordings/talk.mp3"), Path("/recordings/script.txt"))
    words = [Word(text, at, at + 0.5, 0.9) for at, text in enumerate(("Good", "morning."))]
    lines = (Transcript.of_words(words),)
    unwritten = UnwrittenSpeech(3.0, 4.5, "can you hear me")
    recording = RecordingTranscript("/recordings/talk.mp3", 12.0, lines, INFO)
    driver.engine.alignments[-1].end(AlignedText(recording, (), (unwritten,)))
    driver.until(dialog.session_button.isEnabled)
    return dialog


def watch(driver: WindowDriver) -> QWidget:
    """The dialog of a watched folder, with a problem."""
    dialog = driver.application.controller.watch.open()
    dialog.folder.setText("/nowhere")
    dialog.start_button.click()
    driver.until(dialog.problem.isVisible)
    return dialog


def service(driver: WindowDriver) -> QWidget:
    """The dialog of the service for other programs, which does not run."""
    controller = driver.application.controller.service
    return ServiceDialog(
        controller, driver.application.preferences, lambda: "192.168.1.20", driver.window
    )


def delete(driver: WindowDriver) -> QWidget:
    return DeleteDialog([_stored(driver)], driver.window)


def again(driver: WindowDriver) -> QWidget:
    offered = [
        ModelChoice(Path("/models/granite-nar"), "granite-nar", tier, ("int8", "fp32"), False)
        for tier in ("int8", "fp32")
    ]
    return RetranscribeDialog(_stored(driver), offered, driver.window)


def models(driver: WindowDriver) -> QWidget:
    """The dialog with installed and available models."""
    driver.window.actions_by_id["models"].trigger()
    driver.until(_dialogs)
    (dialog,) = _dialogs()
    assert isinstance(dialog, ModelsDialog)
    driver.until(lambda: dialog.rows)
    return dialog


def comparison(driver: WindowDriver) -> QWidget:
    """The dialog that compares models, before a comparison."""
    return ComparisonDialog(driver.engine, Background(driver.window), driver.window)


def _dialogs() -> list[QDialog]:
    windows = QApplication.topLevelWidgets()
    return [one for one in windows if isinstance(one, QDialog) and one.isVisible()]


SURFACES: dict[str, Callable[[WindowDriver], QWidget]] = {
    "welcome": welcome,
    "first_start": first_start,
    "first_steps": first_steps,
    "busy": busy,
    "export": export,
    "batch_export": batch_export,
    "sound_search": sound_search,
    "live_text": live_text,
    "alignment": alignment,
    "watch": watch,
    "service": service,
    "delete": delete,
    "again": again,
    "models": models,
    "comparison": comparison,
    "settings": settings,
}


@contextmanager
def shown(driver: WindowDriver, name: str) -> Iterator[QWidget]:
    """Show a window or dialog for the duration of the context."""
    surface = SURFACES[name](driver)
    surface.show()
    driver.qtbot.waitExposed(surface)
    surface.activateWindow()
    # Pending events lay the widgets out.
    driver.qtbot.wait(20)
    try:
        yield surface
    finally:
        if surface is not driver.window and isValid(surface):
            surface.close()
        if surface is not driver.window and isValid(surface):
            surface.deleteLater()


def pages(driver: WindowDriver, surface: QWidget) -> Iterator[str]:
    """Yield the name of each page of a surface while that page is shown; "" for the only one."""
    if not isinstance(surface, SettingsDialog):
        yield ""
        return
    for number in range(surface.tabs.box.count()):
        surface.tabs.setCurrentIndex(number)
        driver.qtbot.wait(20)
        yield surface.tabs.box.itemText(number)
