"""Export: previews equal the files, files are written atomically, choices are remembered."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from helpers.messages import shows
from helpers.model_fakes import make_recording, make_transcript
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from pypdf import PdfReader
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

from granite_live.gui import export_dialog
from granite_live.gui.dialogs import stored_folder
from granite_live.gui.export_dialog import FOLDER, ExportDialog
from granite_live.gui.pdf import write_pdf
from granite_live.library import Library
from granite_live.messages.settings import OutputMessage
from granite_live.settings import Settings, save_settings
from granite_live.transcript.export import BINARY_FORMATS, FORMATS, render, render_file
from granite_live.transcript.export.options import PRESETS, ExportOptions


def shown() -> list[ExportDialog]:
    visible = (one for one in QApplication.topLevelWidgets() if one.isVisible())
    return [one for one in visible if isinstance(one, ExportDialog)]


def open_export(driver: WindowDriver) -> ExportDialog:
    driver.until(driver.page.details.isVisible)  # the displayed session is known
    driver.window.actions_by_id["export"].trigger()
    driver.until(shown)
    (dialog,) = shown()
    return dialog


@pytest.fixture
def dialog(driver: WindowDriver) -> ExportDialog:
    session = driver.start()
    driver.say(session, final(1, 1.0, "rain on the roof"), final(2, 6.0, "a slow walk"))
    return open_export(driver)


def recording(driver: WindowDriver) -> object:
    with Library.open() as library:
        return library.recording(driver.application.document.session_id)


def test_all_formats_are_offered_and_previewed(driver: WindowDriver, dialog: ExportDialog) -> None:
    labels = [button.text() for button in dialog.formats.buttons()]
    assert len(labels) == len(FORMATS) + len(BINARY_FORMATS) + 1
    assert "Word document (.docx)" in labels
    for name in FORMATS:
        dialog.choose(name)
        wanted = render(recording(driver), name)
        driver.until(lambda wanted=wanted: dialog.preview.toPlainText() == wanted)


def test_a_document_is_previewed_as_the_text_in_it(
    driver: WindowDriver, dialog: ExportDialog
) -> None:
    dialog.choose("docx")
    file = docx.Document(io.BytesIO(render_file(recording(driver), "docx")))
    wanted = "\n\n".join(one.text for one in file.paragraphs) + "\n"
    driver.until(lambda: dialog.preview.toPlainText() == wanted)
    assert "0:01  rain on the roof" in wanted
    dialog.copy_button.click()
    driver.until(lambda: QGuiApplication.clipboard().text() == wanted)


@pytest.mark.parametrize("name", [*FORMATS, *BINARY_FORMATS])
def test_the_file_is_what_the_command_line_writes(
    driver: WindowDriver, dialog: ExportDialog, tmp_path: Path, name: str
) -> None:
    dialog.choose(name)
    path = tmp_path / f"talk.{name}"
    dialog.save(path)
    driver.until(lambda: not shown())
    assert path.read_bytes() == render_file(recording(driver), name)
    driver.until(lambda: driver.page.notices.text.text() == f"Saved as {path}")


def test_folder_and_format_are_remembered(
    driver: WindowDriver, dialog: ExportDialog, tmp_path: Path
) -> None:
    dialog.choose("vtt")
    dialog.save(tmp_path / "talk.vtt")
    driver.until(lambda: not shown())
    again = open_export(driver)
    assert again.format_name == "vtt"
    assert stored_folder(driver.window.ui_state, FOLDER) == tmp_path
    again.reject()


def test_rules_and_word_times_are_previewed_written_and_remembered(
    driver: WindowDriver, dialog: ExportDialog, tmp_path: Path
) -> None:
    dialog.choose("txt")
    assert not dialog.presets.isEnabled()
    assert not dialog.word_times.isEnabled()
    dialog.choose("vtt")
    dialog.presets.setCurrentIndex(dialog.presets.findData("netflix"))
    dialog.word_times.setChecked(True)
    options = ExportOptions(PRESETS["netflix"], word_times=True)
    wanted = render(recording(driver), "vtt", options)
    assert wanted != render(recording(driver), "vtt")
    driver.until(lambda: dialog.preview.toPlainText() == wanted)
    dialog.save(tmp_path / "talk.vtt")
    driver.until(lambda: not shown())
    assert (tmp_path / "talk.vtt").read_text("utf-8") == wanted
    again = open_export(driver)
    assert again.options == options
    again.reject()
    # What the user sets later is newer than the last export.
    save_settings(Settings(subtitle_rules="bbc"))
    newer = open_export(driver)
    assert newer.options.rules == PRESETS["bbc"]
    newer.reject()


def test_a_pdf_document_is_written_and_a_reader_finds_the_text(
    driver: WindowDriver, dialog: ExportDialog, tmp_path: Path
) -> None:
    dialog.choose("pdf")
    driver.until(lambda: "0:01  rain on the roof" in dialog.preview.toPlainText())
    path = tmp_path / "talk.pdf"
    dialog.save(path)
    driver.until(lambda: not shown())
    reader = PdfReader(path)
    text = " ".join(reader.pages[0].extract_text().split())
    assert "rain on the roof" in text
    assert "0:01" in text
    assert reader.metadata is not None
    assert reader.metadata.creator == "Granite Live"


def test_a_long_pdf_document_has_pages_and_all_of_its_text(qapp: QApplication) -> None:
    lines = [
        replace(make_transcript(f"Sentence {k} & <more>.", 3.0 * k, 3.0 * k + 0.5), speaker="Ann")
        for k in range(140)
    ]
    talk = make_recording(*lines)
    reader = PdfReader(io.BytesIO(write_pdf(talk, ExportOptions(times=False))))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert len(reader.pages) > 3
    assert all(f"Sentence {k} & <more>." in text for k in range(140))
    assert "Ann:" in text


def test_a_document_is_written_with_times_and_digits_or_without(
    driver: WindowDriver, dialog: ExportDialog
) -> None:
    dialog.choose("md")
    assert dialog.options == ExportOptions(digits=True)
    dialog.times.setChecked(False)
    dialog.digits.setChecked(False)
    options = ExportOptions(times=False, digits=False)
    wanted = render(recording(driver), "md", options)
    assert "0:01" not in wanted
    driver.until(lambda: dialog.preview.toPlainText() == wanted)
    dialog.choose("srt")
    assert not dialog.digits.isEnabled()
    assert dialog.options == ExportOptions()


def test_what_cannot_be_written_is_told_and_nothing_is_left(
    driver: WindowDriver, dialog: ExportDialog, tmp_path: Path
) -> None:
    (tmp_path / "taken").mkdir()
    dialog.save(tmp_path / "taken")
    driver.until(dialog.problem.isVisible)
    assert shows(dialog.problem.text(), OutputMessage.FOLDER_IN_PLACE)
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]
    assert dialog.save_button.isEnabled()
    dialog.save(tmp_path / "talk.txt")
    driver.until(lambda: not shown())


def test_closing_while_a_file_is_written_lets_it_be_written_whole(
    driver: WindowDriver, dialog: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_in, release = threading.Event(), threading.Event()
    write_output = export_dialog.write_output

    def slow(path: Path, content: bytes) -> None:
        is_in.set()
        assert release.wait(10)
        write_output(path, content)

    monkeypatch.setattr(export_dialog, "write_output", slow)
    path = tmp_path / "talk.txt"
    dialog.save(path)
    assert is_in.wait(10)
    assert dialog.save_button.text() == "Saving…"
    timer = threading.Timer(0.2, release.set)
    timer.start()
    driver.window.close()
    assert driver.end()
    timer.join()
    assert path.read_text() == "rain on the roof\na slow walk\n"


def test_the_choices_of_a_file_are_remembered_though_the_dialog_is_gone(
    driver: WindowDriver, dialog: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    monkeypatch.setattr(export_dialog, "write_output", lambda *_: release.wait(10))
    dialog.choose("docx")
    dialog.digits.setChecked(False)
    dialog.save(tmp_path / "talk.docx")
    dialog.digits.setChecked(True)
    Shiboken.delete(dialog)
    release.set()
    ui_state = driver.window.ui_state
    driver.until(lambda: ui_state.value(export_dialog.FOLDER) == str(tmp_path))
    assert ui_state.value("export/digits", True, bool) is False


def test_a_dialog_that_is_closed_before_its_preview_came(
    driver: WindowDriver, dialog: ExportDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def slow(*_: object) -> str:
        assert release.wait(10)
        return "too late"

    monkeypatch.setattr(export_dialog, "preview", slow)
    dialog.choose("md")
    dialog.reject()
    driver.until(lambda: not shown())
    release.set()
    assert driver.application.background.join(10)
    driver.qtbot.wait(20)


def test_a_long_preview_is_cut(make_driver: Callable[[], WindowDriver]) -> None:
    driver = make_driver()
    session = driver.start()
    driver.say(session, *(final(n, 6.0 * n, "word " * 60) for n in range(1, 90)))
    dialog = open_export(driver)
    driver.until(lambda: dialog.preview.toPlainText().endswith("…"))
    assert len(dialog.preview.toPlainText()) < 21_000
    dialog.reject()
