"""A text is aligned with its recording in the window: files, progress, differences, saving."""

from __future__ import annotations

from pathlib import Path

import pysubs2
import pytest
from helpers.scripted_engine import INFO, ScriptedAlignment
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent

from granite_live.app.text_alignment import AlignedText, UnspokenText, UnwrittenSpeech
from granite_live.gui.alignment.dialog import AlignmentDialog
from granite_live.gui.export_dialog import ExportDialog
from granite_live.transcript.model import RecordingTranscript, Transcript, Word
from granite_live.util.errors import GraniteError

LINES = ("Good morning everybody.", "Let us begin.")


def aligned() -> AlignedText:
    lines = []
    for number, line in enumerate(LINES):
        words = [
            Word(text, 5.0 * number + at, 5.0 * number + at + 0.5, 0.9)
            for at, text in enumerate(line.split())
        ]
        lines.append(Transcript.of_words(words))
    return AlignedText(
        RecordingTranscript("/talk.mp3", 12.0, tuple(lines), INFO),
        (UnspokenText(8.0, "and not this"),),
        (UnwrittenSpeech(3.0, 4.5, "can you hear me"),),
    )


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "talk.mp3", tmp_path / "script.txt"]
    for path in paths:
        path.write_text("\n".join(LINES), "utf-8")
    return paths


def drop(driver: WindowDriver, files: list[Path]) -> None:
    told = QMimeData()
    told.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QPoint(300, 300)
    event = QDropEvent(place, Qt.DropAction.CopyAction, told, buttons, keys)
    driver.window.dropEvent(event)


def dropped(driver: WindowDriver, files: list[Path]) -> tuple[AlignmentDialog, ScriptedAlignment]:
    """Drop the files; return the dialog and the alignment that it began."""
    drop(driver, files)
    task = driver.engine.alignments[-1]
    driver.until(task.began.is_set)
    return driver.window.findChildren(AlignmentDialog)[-1], task


def test_a_recording_and_a_text_dropped_together_are_aligned_and_saved(
    driver: WindowDriver, files: list[Path], tmp_path: Path
) -> None:
    dialog, task = dropped(driver, files[::-1])
    assert (task.recording, task.text) == tuple(files)
    assert not driver.application.queue.jobs
    assert not dialog.save_button.isEnabled()
    task.report(0.4)
    driver.until(lambda: dialog.progress.value() == 40)
    task.end(aligned())
    driver.until(dialog.save_button.isEnabled)
    assert dialog.status.text() == "Places where recording and text differ: 2"
    told = [dialog.differences.item(row).text() for row in range(dialog.differences.count())]
    assert told == [
        "Not in the text, 0:03 to 0:04: can you hear me",
        "Not said, after 0:08: and not this",
    ]
    dialog.save_button.click()
    export = driver.window.findChildren(ExportDialog)[-1]
    assert export.format_name == "srt"
    path = tmp_path / "talk.srt"
    export.save(path)
    driver.until(path.exists)
    assert " ".join(pysubs2.load(str(path))[0].plaintext.split()) == LINES[0]
    driver.until(lambda: str(path) in driver.page.notices.text.text())
    dialog.close_button.click()


def test_an_aligned_text_is_saved_as_a_session_and_shown(
    driver: WindowDriver, files: list[Path]
) -> None:
    dialog, task = dropped(driver, files)
    assert not dialog.session_button.isEnabled()
    task.end(aligned())
    driver.until(dialog.session_button.isEnabled)
    dialog.session_button.click()
    saving = driver.engine.alignments[-1]
    driver.until(saving.began.is_set)
    assert saving.recording == Path("/talk.mp3")
    assert dialog.status.text() == "Saving the session…"
    assert not dialog.save_button.isEnabled()
    saving.end(GraniteError("The disk is full."))
    driver.until(dialog.problem.isVisible)
    assert dialog.save_button.isEnabled()
    dialog.session_button.click()
    assert not dialog.problem.isVisible()
    driver.engine.alignments[-1].end(driver.engine.store(LINES[0]))
    driver.until(lambda: driver.texts() == [LINES[0]])
    assert dialog.status.text() == "The session is saved."
    assert not dialog.session_button.isEnabled()
    dialog.close_button.click()


def test_an_alignment_is_canceled_and_begun_again(driver: WindowDriver, files: list[Path]) -> None:
    dialog, task = dropped(driver, files)
    assert dialog.align_button.text() == "Cancel"
    dialog.align_button.click()
    assert task.is_stopped
    assert dialog.status.text() == "Canceled."
    assert dialog.align_button.text() == "Align"
    dialog.align_button.click()
    again = driver.engine.alignments[-1]
    assert again is not task
    driver.until(again.began.is_set)
    again.end(GraniteError("The recording cannot be read."))
    driver.until(dialog.problem.isVisible)
    assert dialog.problem.text() == "The recording cannot be read."
    assert not dialog.save_button.isEnabled()
    dialog.close_button.click()


def test_closing_the_dialog_ends_the_work(driver: WindowDriver, files: list[Path]) -> None:
    dialog, task = dropped(driver, files)
    dialog.close_button.click()
    assert task.is_stopped


def test_the_menu_asks_for_both_files(driver: WindowDriver, files: list[Path]) -> None:
    driver.window.actions_by_id["align"].trigger()
    (dialog,) = driver.window.findChildren(AlignmentDialog)
    assert not dialog.align_button.isEnabled()
    dialog.recording.setText(str(files[0]))
    assert not dialog.align_button.isEnabled()
    dialog.text.setText(str(files[1]))
    dialog.align_button.click()
    task = driver.engine.alignments[-1]
    driver.until(task.began.is_set)
    nothing = AlignedText(RecordingTranscript("/talk.mp3", 1.0, (), INFO), (), ())
    task.end(nothing)
    driver.until(lambda: "Nothing of the text was heard" in dialog.status.text())
    assert not dialog.save_button.isEnabled()
    # A result belongs to its files.
    dialog.text.setText("/other.txt")
    assert dialog.status.text() == ""
    dialog.close_button.click()


def test_other_files_are_transcribed(driver: WindowDriver, files: list[Path]) -> None:
    drop(driver, files[:1])
    driver.until(lambda: len(driver.application.queue.jobs) == 1)
    assert not driver.engine.alignments


def test_the_keyboard_goes_through_the_dialog_as_it_is_laid_out(driver: WindowDriver) -> None:
    driver.window.actions_by_id["align"].trigger()
    (dialog,) = driver.window.findChildren(AlignmentDialog)
    driver.until(dialog.isActiveWindow)
    assert dialog.recording.hasFocus()
    dialog.recording.setText("/talk.mp3")
    for _ in range(2):
        driver.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.text.hasFocus()
    dialog.text.setText("/talk.txt")
    driver.qtbot.keyClick(dialog.text, Qt.Key.Key_Return)
    driver.until(lambda: driver.engine.alignments)
    dialog.close_button.click()
