"""The dialogs that ask for a title and for files show what they ask for."""

from __future__ import annotations

from pathlib import Path

from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit

LONG_TITLE = "The trees were full of birds, and it rained again"


def test_the_dialog_for_a_title_shows_the_whole_title(driver: WindowDriver) -> None:
    session = driver.hear(final(1, 0.0, LONG_TITLE))
    driver.sidebar.rename(session)
    dialog = driver.sidebar.findChild(QInputDialog)
    assert dialog is not None
    driver.qtbot.waitExposed(dialog)
    field = dialog.findChild(QLineEdit)
    assert field is not None
    assert field.width() > field.fontMetrics().horizontalAdvance(LONG_TITLE)
    dialog.setTextValue("Birds")
    dialog.accept()
    driver.until(lambda: driver.page.title.text() == "Birds")


def test_the_dialog_for_files_names_audio_and_video(driver: WindowDriver, tmp_path: Path) -> None:
    driver.window.actions_by_id["open_files"].trigger()
    dialog = driver.window.findChild(QFileDialog)
    assert dialog is not None
    media, every = dialog.nameFilters()
    assert media.startswith("Audio and video (")
    assert every == "All files (*)"
    for name in ("talk.flac", "film.mp4"):
        patterns = media.partition("(")[2].rstrip(")").split()
        assert any(QDir.match(pattern, name) for pattern in patterns)
    dialog.reject()
