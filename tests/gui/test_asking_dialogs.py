"""The dialogs that ask for a title and for files show what they ask for."""

from __future__ import annotations

from pathlib import Path

from conftest import WindowDriver
from helpers.scripted_engine import final
from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit

LONG_TITLE = "The trees were full of birds, and it rained again"


def test_the_dialog_for_a_title_shows_the_whole_title(studio: WindowDriver) -> None:
    session = studio.hear(final(1, 0.0, LONG_TITLE))
    studio.sidebar.rename(session)
    dialog = studio.sidebar.findChild(QInputDialog)
    assert dialog is not None
    studio.qtbot.waitExposed(dialog)
    field = dialog.findChild(QLineEdit)
    assert field is not None
    assert field.width() > field.fontMetrics().horizontalAdvance(LONG_TITLE)
    dialog.setTextValue("Birds")
    dialog.accept()
    studio.until(lambda: studio.page.title.text() == "Birds")


def test_the_dialog_for_files_names_audio_and_video(studio: WindowDriver, tmp_path: Path) -> None:
    studio.sidebar.files_requested.emit()
    dialog = studio.window.findChild(QFileDialog)
    assert dialog is not None
    media, every = dialog.nameFilters()
    assert media.startswith("Audio and video (")
    assert every == "All files (*)"
    for name in ("talk.flac", "film.mp4"):
        patterns = media.partition("(")[2].rstrip(")").split()
        assert any(QDir.match(pattern, name) for pattern in patterns)
    dialog.reject()
