"""The model dialog: every action works, also during a session."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.scripted_engine import INFO
from helpers.scripted_inventory import GRANITE, MODELS, installed
from helpers.window_driver import WindowDriver
from PySide6.QtWidgets import QAbstractButton, QLabel, QMessageBox

from granite_live.app.model_tasks import CheckResult, VerificationResult
from granite_live.gui.models.dialog import ModelsDialog
from granite_live.messages.models import FormMessage
from granite_live.messages.store import CheckMessage, StoreMessage
from granite_live.session import events
from granite_live.settings import load_settings


@pytest.fixture
def dialog(driver: WindowDriver) -> ModelsDialog:
    driver.engine.model_inventory.here = [installed(), installed("fp32", 9_800_000_000)]
    driver.window.actions_by_id["models"].trigger()
    found = driver.application.controller.models.dialog
    assert found is not None
    driver.until(lambda: len(found.rows) == 4)
    return found


def answer(driver: WindowDriver, dialog: ModelsDialog, text: str) -> None:
    """Click the button with this text in the dialog's question."""
    box = dialog.findChild(QMessageBox)
    assert box is not None
    button = next(one for one in box.buttons() if one.text() == text)
    button.click()
    driver.until(lambda: dialog.findChild(QMessageBox) is None)


def test_the_model_in_use_has_a_line_on_its_accuracy_and_speed(driver: WindowDriver) -> None:
    speed = FormMessage.FASTER(form=FormMessage.ACCURATE(), times=4.0)
    driver.engine.model_inventory.here = [replace(installed(), speed=speed)]
    driver.window.actions_by_id["models"].trigger()
    dialog = driver.application.controller.models.dialog
    assert dialog is not None
    driver.until(lambda: bool(dialog.rows))
    shown = [label.text() for label in dialog.rows[0].findChildren(QLabel)]
    assert "Accurate (8-bit), 4x faster than speech on this computer" in shown


def test_it_shows_what_is_here_what_can_be_had_and_what_is_in_use(dialog: ModelsDialog) -> None:
    names = [(one.tier.tier, one.tier.is_installed, one.tier.is_in_use) for one in dialog.rows]
    assert names == [
        ("int8", True, True),
        ("fp32", True, False),
        ("int8", True, False),
        ("fp16w", False, False),
    ]
    used, other, demo, wanted = dialog.rows
    assert not used.use.isVisible()
    assert used.check.isVisible()
    assert used.remove.isVisible()
    assert other.use.isVisible()
    assert demo.use.isVisible()
    assert not demo.remove.isVisible()
    assert wanted.download.isVisible()
    assert not wanted.check.isVisible()
    assert str(MODELS) in dialog.folder_label.text()
    assert "212.0 GB" in dialog.folder_label.text()
    assert not dialog.discard.isVisible()


def test_every_button_says_what_it_is_about(dialog: ModelsDialog) -> None:
    buttons = [one for one in dialog.findChildren(QAbstractButton) if one.isVisible()]
    assert len(buttons) > 8
    names = [one.accessibleName() or one.text() for one in buttons]
    assert all(names)
    assert len(set(names)) == len(names)


def test_another_model_takes_over_while_a_session_runs(
    driver: WindowDriver, dialog: ModelsDialog
) -> None:
    dialog.accept()
    session = driver.start()
    session.tell(events.ModelReady(1.0, INFO, 2, (), 1.0))
    driver.application.controller.models.open()
    again = driver.application.controller.models.dialog
    assert again is not None
    driver.until(lambda: again.rows)
    again.row(GRANITE, "fp32").use.click()
    driver.until(lambda: session.models)
    assert [(one.path, one.tier) for one in session.models] == [(MODELS / GRANITE, "fp32")]
    driver.until(lambda: "Switching to" in again.message.text())
    driver.until(lambda: load_settings().tier == "fp32")
    driver.until(lambda: again.row(GRANITE, "fp32").tier.is_in_use)


def test_without_a_session_it_is_for_the_next(driver: WindowDriver, dialog: ModelsDialog) -> None:
    dialog.row(GRANITE, "fp32").use.click()
    driver.until(lambda: dialog.message.text().endswith("full precision is in use."))


def test_a_check_ends_in_a_table(driver: WindowDriver, dialog: ModelsDialog) -> None:
    driver.engine.model_inventory.holds_checks = True
    dialog.row(GRANITE, "int8").check.click()
    driver.until(lambda: driver.engine.model_inventory.checks)
    check = driver.engine.model_inventory.checks[0]
    check.tell(3_000_000_000, 4_000_000_000)
    driver.until(lambda: dialog.task.bar.value() == 750)
    assert "3.0 GB / 4.0 GB" in dialog.task.text.text()
    assert not dialog.row(GRANITE, "fp32").remove.isEnabled()
    assert not dialog.import_button.isEnabled()
    check.end(driver.engine.model_inventory.verdict)
    driver.until(dialog.verdict.isVisible)
    assert dialog.verdict.sentence.text().endswith("no problems found.")
    table = dialog.verdict.table
    rows = [[table.item(row, place).text() for place in range(3)] for row in range(4)]
    assert rows[0] == ["files", "OK", CheckMessage.FILES_UNCHANGED(count=14)]
    assert rows[2][1] == "Not checked"
    assert not dialog.task.isVisible()
    assert dialog.import_button.isEnabled()


def test_what_is_wrong_is_in_the_table_with_what_to_do(
    driver: WindowDriver, dialog: ModelsDialog
) -> None:
    bad = CheckResult("int8/editor.onnx_data", False, "its SHA-256 is another one")
    driver.engine.model_inventory.verdict = VerificationResult((bad,))
    dialog.row(GRANITE, "int8").check.click()
    driver.until(dialog.verdict.isVisible)
    assert "1 of 1 checks failed. Remove this model" in dialog.verdict.sentence.text()
    assert dialog.verdict.table.item(0, 1).text() == "Failed"


def test_a_check_can_be_stopped(driver: WindowDriver, dialog: ModelsDialog) -> None:
    driver.engine.model_inventory.holds_checks = True
    dialog.row(GRANITE, "int8").check.click()
    driver.until(lambda: driver.engine.model_inventory.checks)
    dialog.task.cancel_button.click()
    driver.until(lambda: not dialog.task.isVisible())
    assert not dialog.verdict.isVisible()


def test_a_check_goes_on_when_the_list_is_closed(
    driver: WindowDriver, dialog: ModelsDialog
) -> None:
    driver.engine.model_inventory.holds_checks = True
    dialog.row(GRANITE, "int8").check.click()
    driver.until(lambda: driver.engine.model_inventory.checks)
    dialog.accept()
    driver.until(driver.page.offer.task.isVisible)
    driver.engine.model_inventory.checks[0].end(driver.engine.model_inventory.verdict)
    driver.until(lambda: driver.page.notices.text.text().endswith("no problems found."))
    driver.until(lambda: not driver.page.offer.isVisible())


def test_removing_asks_first(driver: WindowDriver, dialog: ModelsDialog) -> None:
    dialog.row(GRANITE, "fp32").remove.click()
    answer(driver, dialog, "Keep")
    assert driver.engine.model_inventory.removed == []
    dialog.row(GRANITE, "fp32").remove.click()
    answer(driver, dialog, "Remove")
    driver.until(lambda: driver.engine.model_inventory.removed == [(GRANITE, "fp32")])
    driver.until(lambda: dialog.message.text() == "Freed 9.8 GB.")
    driver.until(lambda: not dialog.row(GRANITE, "fp32").tier.is_installed)


def test_who_removes_what_was_chosen_chooses_nothing_any_more(
    driver: WindowDriver, dialog: ModelsDialog
) -> None:
    dialog.row(GRANITE, "fp32").use.click()
    driver.until(lambda: load_settings().tier == "fp32")
    session = driver.start()
    driver.until(lambda: dialog.row(GRANITE, "fp32").tier.is_in_use)
    dialog.row(GRANITE, "fp32").remove.click()
    answer(driver, dialog, "Remove")
    driver.until(lambda: (load_settings().model_path, load_settings().tier) == ("", ""))
    # Its files are deleted, so the session continues with the default model.
    driver.until(lambda: session.models)


def test_a_model_is_taken_in_or_not(driver: WindowDriver, dialog: ModelsDialog) -> None:
    driver.application.controller.models.work.import_model(Path("/media/stick/mine.zip"))
    driver.until(lambda: driver.engine.model_inventory.imported)
    driver.until(lambda: dialog.message.text() == "mine is installed.")
    driver.until(lambda: any(one.tier.model == "mine" for one in dialog.rows))
    driver.application.controller.models.work.import_model(Path("/media/stick/mine.broken"))
    driver.until(lambda: dialog.message.text() == "/media/stick/mine.broken is damaged.")
    assert dialog.import_button.isEnabled()


def test_a_download_from_the_list(driver: WindowDriver, dialog: ModelsDialog) -> None:
    dialog.row(GRANITE, "fp16w").download.click()
    driver.until(lambda: driver.engine.model_inventory.downloads)
    driver.until(dialog.task.isVisible)
    assert "for graphics cards" in dialog.task_label.text()
    assert not dialog.row(GRANITE, "fp16w").download.isEnabled()
    driver.engine.model_inventory.downloads[0].come()
    driver.until(lambda: dialog.message.text().endswith("is in use."))
    driver.until(lambda: dialog.row(GRANITE, "fp16w").tier.is_installed)


def test_what_was_begun_can_go(driver: WindowDriver, dialog: ModelsDialog) -> None:
    driver.engine.model_inventory.begun_bytes = 1_500_000_000
    driver.application.controller.models.refresh()
    driver.until(dialog.discard.isVisible)
    assert "1.5 GB" in dialog.discard.text()
    assert dialog.row(GRANITE, "fp16w").download.text() == "Resume"
    dialog.discard.click()
    driver.until(lambda: not dialog.discard.isVisible())
    driver.until(lambda: dialog.message.text() == "Freed 1.5 GB.")


def test_a_session_that_just_begins_gets_the_model_that_was_chosen_meanwhile(
    driver: WindowDriver,
) -> None:
    engine, live = driver.engine, driver.application.live
    engine.may_begin.clear()
    driver.control_bar.button.click()
    driver.until(lambda: engine.wanted)
    live.switch_model(engine.model_inventory.open_tier(MODELS / GRANITE, "fp32"))
    engine.may_begin.set()
    driver.until(lambda: engine.sessions and engine.sessions[0].models)
    assert engine.sessions[0].models[0].tier == "fp32"


def test_an_import_can_be_cancelled(driver: WindowDriver, dialog: ModelsDialog) -> None:
    driver.engine.model_inventory.holds_imports = True
    driver.application.controller.models.work.import_model(Path("/downloads/large.zip"))
    driver.until(lambda: "2.0 GB / 5.0 GB" in dialog.task.text.text())
    assert dialog.task.cancel_button.isVisible()
    dialog.task.cancel_button.click()
    driver.until(lambda: dialog.message.text() == StoreMessage.IMPORT_STOPPED())
    assert not dialog.task.isVisible()
    assert dialog.import_button.isEnabled()


def test_what_is_taken_in_is_prepared(driver: WindowDriver, dialog: ModelsDialog) -> None:
    driver.engine.model_inventory.holds_preparations = True
    driver.application.controller.models.work.import_model(Path("/downloads/model.zip"))
    driver.until(lambda: driver.engine.model_inventory.preparations)
    driver.until(lambda: dialog.task_label.text().startswith("Optimizing mine"))
    assert dialog.task.cancel_button.isVisible()
    dialog.task.cancel_button.click()
    driver.until(lambda: dialog.message.text() == "mine is installed.")


def test_what_failed_its_check_is_not_offered_for_use(
    driver: WindowDriver, dialog: ModelsDialog
) -> None:
    fault = "int8/editor.onnx_data: its SHA-256 is another one"
    driver.engine.model_inventory.here[1] = replace(
        driver.engine.model_inventory.here[1], fault=fault, is_downloadable=True
    )
    driver.application.controller.models.refresh()
    driver.until(lambda: dialog.row(GRANITE, "fp32").tier.fault)
    row = dialog.row(GRANITE, "fp32")
    driver.until(row.check.isVisible)
    assert not row.use.isVisible()
    assert row.download.isVisible()
    assert row.download.text() == "Download again"
    labels = [one.text() for one in row.findChildren(QLabel)]
    assert any(fault in text and "Check it again" in text for text in labels)
    assert "full precision failed its check, so" in dialog.message.text()
