"""The dialog that compares models: what it asks for, what it shows, how it ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.scripted_engine import ScriptedComparison
from helpers.window_driver import WindowDriver

from granite_live.app.comparison import Candidate
from granite_live.app.comparison.measuring import HeardRecording, KnownRecording, Measurement
from granite_live.app.comparison.results import ComparedModel, sum_up
from granite_live.gui.models.comparison_dialog import ComparisonDialog
from granite_live.messages.models import ComparisonMessage
from granite_live.settings import load_settings


@pytest.fixture
def dialog(driver: WindowDriver) -> ComparisonDialog:
    models = driver.application.controller.models
    models.open()
    driver.until(lambda: models.dialog is not None and models.dialog.rows)
    assert models.dialog is not None
    models.dialog.compare_button.click()
    assert models.comparison is not None
    return models.comparison


def begun(driver: WindowDriver, dialog: ComparisonDialog) -> ScriptedComparison:
    count = len(driver.engine.comparisons)
    dialog.compare_button.click()
    running = driver.engine.comparisons[count]
    assert running.began.wait(30)
    return running


def rows(driver: WindowDriver) -> list[ComparedModel]:
    installed = next(one for one in driver.engine.model_inventory.here if one.path is not None)
    published = Candidate(str(installed.path), installed.title, installed.tier, "published")
    prepared = replace(published, graphs="prepared", editing_passes=2)
    right = [HeardRecording("one two", 10.0, (0.5,))] * 12
    wrong = [HeardRecording("one too", 10.0, (0.5,))] * 12
    said = [KnownRecording("/a.wav", "one two")] * 12
    return sum_up(
        {
            published: Measurement(1.0, 2500.0, ("CPU",), (), tuple(wrong)),
            prepared: Measurement(1.0, 2500.0, ("CPU",), (), tuple(right)),
        },
        said,
    )


def _message(driver: WindowDriver) -> str:
    models = driver.application.controller.models.dialog
    assert models is not None
    return models.message.text()


def texts(dialog: ComparisonDialog, row: int) -> list[str]:
    table = dialog.table
    items = [table.item(row, column) for column in range(table.columnCount())]
    return ["" if item is None else item.text() for item in items]


def test_it_asks_for_the_chosen_recordings_and_passes(
    driver: WindowDriver, dialog: ComparisonDialog, tmp_path: Path
) -> None:
    asked = begun(driver, dialog).request
    assert (asked.folder, asked.is_corrected, asked.editing_passes) == (None, False, (1,))
    dialog.compare_button.click()
    assert driver.engine.comparisons[0].is_stopped
    assert dialog.compare_button.text() == "Compare"
    dialog.source.setCurrentIndex(1)
    dialog.second_pass.setChecked(True)
    asked = begun(driver, dialog).request
    assert (asked.folder, asked.is_corrected, asked.editing_passes) == (None, True, (1, 2))
    dialog.compare_button.click()
    dialog.use_folder(tmp_path)
    assert begun(driver, dialog).request.folder == tmp_path


def test_the_results_are_a_table_a_chart_and_a_sentence(
    driver: WindowDriver, dialog: ComparisonDialog
) -> None:
    running = begun(driver, dialog)
    assert not dialog.use_button.isEnabled()
    found = rows(driver)
    running.report(found[0].candidate, 0.25)
    driver.until(lambda: dialog.progress.value() == 25)
    assert "as published" in dialog.status.text()
    running.end(found)
    driver.until(lambda: dialog.table.rowCount() == 2)
    assert texts(dialog, 0)[1:] == [
        "50.0% (50.0% to 50.0%)", "", "", "0.50 s", "20.0x", "2.5 GB"
    ]  # fmt: skip
    assert texts(dialog, 1)[1] == "0.0% (0.0% to 0.0%)"
    assert dialog.table.currentRow() == 1
    assert dialog.chart.isVisible()
    assert dialog.status.text().startswith("24 words in 12 recordings.")
    assert "prepared, 2 passes has the fewest wrong words." in dialog.status.text()
    assert "chance" not in dialog.status.text()


def test_the_best_form_is_used_with_its_passes_and_an_unused_form_cannot_be_chosen(
    driver: WindowDriver, dialog: ComparisonDialog
) -> None:
    found = rows(driver)
    once = [replace(one, candidate=replace(one.candidate, editing_passes=1)) for one in found]
    begun(driver, dialog).end([*found, once[1]])
    driver.until(lambda: dialog.table.rowCount() == 3)
    dialog.table.selectRow(0)  # published, although the prepared form exists
    assert not dialog.use_button.isEnabled()
    dialog.table.selectRow(1)
    dialog.use_button.click()
    driver.until(lambda: "is in use" in _message(driver))
    assert load_settings().editing_passes == 2
    assert "prepared, 2 passes" in dialog.status.text()


def test_a_problem_is_told_and_a_late_answer_is_not_shown(
    driver: WindowDriver, dialog: ComparisonDialog
) -> None:
    first = begun(driver, dialog)
    dialog.compare_button.click()
    second = begun(driver, dialog)
    first.end(rows(driver))
    second.fail(ComparisonMessage.NO_CORRECTED_LINES())
    driver.until(dialog.problem.isVisible)
    assert dialog.problem.text().startswith("No line of your sessions was corrected")
    assert dialog.table.rowCount() == 0


def test_closing_stops_it(driver: WindowDriver, dialog: ComparisonDialog) -> None:
    running = begun(driver, dialog)
    dialog.close_button.click()
    assert running.is_stopped
    assert driver.application.controller.models.comparison is None
