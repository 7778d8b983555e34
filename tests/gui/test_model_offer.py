"""The model offer: one click downloads, checks and uses the real model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.scripted_engine import DEMO, ScriptedEngine
from helpers.scripted_inventory import GRANITE, MODELS, ORIGIN, REASON, ScriptedDownload
from helpers.window_driver import WindowDriver
from PySide6.QtWidgets import QFileDialog

from granite_live.app.model_tasks import (
    CheckResult,
    DownloadPhase,
    DownloadStatus,
    PreparationResult,
    VerificationResult,
)
from granite_live.gui.models import words
from granite_live.gui.models.widgets import ModelOffer
from granite_live.messages.download import DownloadMessage
from granite_live.messages.models import ModelMessage
from granite_live.session import events
from granite_live.settings import load_settings
from granite_live.util.errors import BundleError

HALF = DownloadStatus(DownloadPhase.DOWNLOADING, 1_250_000_000, 2_500_000_000, 10_000_000.0, 125.0)


@pytest.fixture
def engine() -> ScriptedEngine:
    made = ScriptedEngine()
    made.is_demo = True
    return made


@pytest.fixture
def offer(driver: WindowDriver) -> ModelOffer:
    driver.until(driver.page.offer.isVisible)
    return driver.page.offer


def begin(driver: WindowDriver) -> ScriptedDownload:
    """Accept the offer; return the download."""
    driver.page.offer.accept_button.click()
    driver.until(lambda: driver.engine.model_inventory.downloads)
    return driver.engine.model_inventory.downloads[-1]


def test_it_says_what_how_large_where_to_and_why_in_plain_words(offer: ModelOffer) -> None:
    text = offer.text.text()
    for part in ("2.5 GB", ORIGIN, str(MODELS), "German", "demo model"):
        assert part in text
    assert "int8" not in offer.title.text() + text
    assert REASON in offer.reason.text()
    assert "compact (int8)" in offer.reason.text()
    assert offer.accept_button.text() == "Download"
    assert not offer.task.isVisible()
    assert not offer.problem.isVisible()


def test_the_demo_listens_all_the_same(driver: WindowDriver, offer: ModelOffer) -> None:
    driver.start()
    assert offer.isVisible()
    assert driver.control_bar.model_link.isVisible()


def test_with_a_real_model_nothing_is_offered(driver: WindowDriver, offer: ModelOffer) -> None:
    driver.engine.is_demo = False
    driver.application.controller.models.refresh()
    driver.until(lambda: not offer.isVisible())


def test_not_now_is_remembered(make_driver: Callable[[], WindowDriver]) -> None:
    first = make_driver()
    first.until(first.page.offer.isVisible)
    first.page.offer.decline_button.click()
    assert not first.page.offer.isVisible()
    first.until(lambda: not load_settings().offer_model)
    assert first.end()
    second = make_driver()
    desk = second.application.controller.models
    second.until(lambda: desk._shelf is not None)
    assert not second.page.offer.isVisible()


def test_after_download_space_starts(driver: WindowDriver, offer: ModelOffer) -> None:
    offer.accept_button.setFocus()
    download = begin(driver)
    driver.until(lambda: not offer.accept_button.isVisible())
    assert driver.control_bar.button.hasFocus()
    download.come()
    driver.until(lambda: not offer.isVisible())


def test_one_click_fetches_checks_and_uses_it(driver: WindowDriver, offer: ModelOffer) -> None:
    download = begin(driver)
    assert "Checking availability" in offer.task.text.text()
    download.tell(HALF)
    driver.until(lambda: "1.3 GB of 2.5 GB" in offer.task.text.text())
    assert "10.0 MB/s" in offer.task.text.text()
    assert "about 2 minutes left" in offer.task.text.text()
    assert offer.task.bar.value() == 500
    assert not offer.accept_button.isVisible()
    driver.engine.model_inventory.holds_checks = True
    download.come()
    driver.until(lambda: driver.engine.model_inventory.checks)
    check = driver.engine.model_inventory.checks[0]
    assert (check.path, check.tier) == (MODELS / GRANITE, "int8")
    assert "Checking" in offer.title.text()
    check.tell(3_000_000_000, 4_000_000_000)  # exceeds the 32-bit int of a signal
    driver.until(lambda: offer.task.bar.value() == 750)
    driver.engine.model_inventory.holds_preparations = True
    check.end(driver.engine.model_inventory.verdict)
    driver.until(lambda: driver.engine.model_inventory.preparations)
    driver.until(lambda: offer.title.text().endswith("for this computer"))
    driver.engine.model_inventory.preparations[0].end(PreparationResult(is_ready=True))
    driver.until(lambda: not offer.isVisible())
    driver.until(lambda: driver.page.notices.text.text().endswith("compact is in use."))
    driver.until(lambda: load_settings().model_path == str(MODELS / GRANITE))
    driver.until(lambda: not driver.control_bar.model_link.isVisible())


def test_a_session_that_runs_goes_on_with_what_came(
    driver: WindowDriver, offer: ModelOffer
) -> None:
    session = driver.start()
    session.tell(events.ModelReady(1.0, DEMO, 2, (), 1.0))
    begin(driver).come()
    driver.until(lambda: session.models)
    assert [one.path for one in session.models] == [MODELS / GRANITE]
    driver.until(lambda: "Switching to" in driver.page.notices.text.text())
    session.tell(events.ModelRejected(9.0, "It does not fit into the memory."))
    driver.until(lambda: "The current model stays in use." in driver.page.notices.text.text())
    assert "It does not fit" in driver.page.notices.text.text()


def test_it_pauses_and_goes_on(driver: WindowDriver, offer: ModelOffer) -> None:
    download = begin(driver)
    download.tell(HALF)
    driver.until(lambda: "left" in offer.task.text.text())
    offer.task.pause_button.click()
    driver.until(lambda: "paused" in offer.task.text.text())
    assert offer.task.pause_button.accessibleName() == "Resume"
    offer.task.pause_button.click()
    driver.until(lambda: "paused" not in offer.task.text.text())
    assert download.asked == ["pause", "resume"]
    assert offer.task.pause_button.accessibleName() == "Pause"


def test_cancelled_the_rest_is_offered(driver: WindowDriver, offer: ModelOffer) -> None:
    begin(driver).tell(HALF)
    driver.engine.model_inventory.begun_bytes = 1_250_000_000
    offer.task.cancel_button.click()
    driver.until(offer.accept_button.isVisible)
    driver.until(lambda: offer.accept_button.text() == "Resume")
    assert "1.3 GB of 2.5 GB already downloaded" in offer.text.text()
    driver.until(lambda: "can resume it later" in driver.page.notices.text.text())


def test_what_was_interrupted_is_offered_at_the_next_start(
    engine: ScriptedEngine, make_driver: Callable[[], WindowDriver]
) -> None:
    engine.model_inventory.begun_bytes = 2_000_000_000
    driver = make_driver()
    driver.until(driver.page.offer.isVisible)
    assert driver.page.offer.title.text().startswith("Resume downloading")
    begin(driver)
    assert engine.model_inventory.downloads[0].tier == "int8"


def test_why_it_did_not_come_is_one_sentence_with_another_try(
    driver: WindowDriver, offer: ModelOffer
) -> None:
    download = begin(driver)
    download.tell(
        DownloadStatus(
            DownloadPhase.WAITING, 5, 10, sentence="The server is busy; trying again in 4 s."
        )
    )
    driver.until(
        lambda: (
            offer.task.text.text()
            == DownloadMessage.RETRYING(reason="The server is busy", wait_s=4)
        )
    )
    download.fail("There is no connection to the hub: connect this computer, then go on.")
    driver.until(offer.problem.isVisible)
    assert offer.problem.text().startswith("There is no connection")
    assert offer.accept_button.isVisible()
    begin(driver)
    driver.until(lambda: len(driver.engine.model_inventory.downloads) == 2)
    assert not offer.problem.isVisible()


@pytest.mark.parametrize(
    "ended",
    [
        VerificationResult((CheckResult("transcript", False, "it wrote: nothing"),)),
        BundleError("The check ended without an answer."),
    ],
)
def test_what_is_not_as_its_makers_recorded_is_told_and_not_taken(
    driver: WindowDriver, offer: ModelOffer, ended: VerificationResult | BundleError
) -> None:
    session = driver.start()
    driver.engine.model_inventory.holds_checks = True
    begin(driver).come()
    driver.until(lambda: driver.engine.model_inventory.checks)
    driver.engine.model_inventory.checks[0].end(ended)
    wanted = (
        "1 of 1 checks failed" if isinstance(ended, VerificationResult) else "without an answer"
    )
    driver.until(lambda: wanted in driver.page.notices.text.text())
    assert session.models == []
    assert load_settings().model_path == ""


def test_who_does_not_wait_for_the_check_has_the_model(
    driver: WindowDriver, offer: ModelOffer
) -> None:
    driver.engine.model_inventory.holds_checks = True
    begin(driver).come()
    driver.until(lambda: driver.engine.model_inventory.checks)
    offer.task.cancel_button.click()
    driver.until(lambda: driver.page.notices.text.text().endswith("is in use."))


def test_closing_ends_the_download(driver: WindowDriver, offer: ModelOffer) -> None:
    download = begin(driver)
    assert driver.end()
    assert download.asked == ["cancel"]


def test_closing_ends_the_check(driver: WindowDriver, offer: ModelOffer) -> None:
    driver.engine.model_inventory.holds_checks = True
    begin(driver).come()
    driver.until(lambda: driver.engine.model_inventory.checks)
    assert driver.end()


def test_trouble_with_the_folder_is_a_notice(make_driver: Callable[[], WindowDriver]) -> None:
    driver = make_driver()
    driver.engine.model_inventory.trouble = ModelMessage.MODELS_FOLDER_UNREADABLE(
        models="/models", reason="no permission", remedy=ModelMessage.FIX_RIGHTS()
    )
    driver.application.controller.models.refresh()
    driver.until(lambda: shows(driver.page.notices.text.text(), ModelMessage.FIX_RIGHTS))
    assert not driver.page.offer.isVisible()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (20.0, "less than a minute left"),
        (70.0, "about a minute left"),
        (185.0, "about 3 minutes left"),
        (4000.0, "about an hour left"),
        (9000.0, "about 2 hours left"),
    ],
)
def test_how_long_it_takes(seconds: float, text: str) -> None:
    assert words.time_left(seconds) == text


@pytest.mark.parametrize("ended", ["cancelled", "failed"])
def test_what_cannot_be_prepared_is_used_all_the_same(
    driver: WindowDriver, offer: ModelOffer, ended: str
) -> None:
    driver.engine.model_inventory.holds_preparations = True
    begin(driver).come()
    driver.until(lambda: driver.engine.model_inventory.preparations)
    told: list[str] = []
    driver.application.controller.models.work.message_posted.connect(
        lambda text, _bad: told.append(text)
    )
    if ended == "cancelled":
        offer.task.cancel_button.click()
    else:
        driver.engine.model_inventory.preparations[0].end(
            PreparationResult(False, "There is no room.")
        )
    driver.until(lambda: any(text.endswith("is in use.") for text in told))
    assert any("There is no room." in text for text in told) is (ended == "failed")
    driver.until(lambda: load_settings().model_path == str(MODELS / GRANITE))


def test_closing_ends_the_preparing(driver: WindowDriver, offer: ModelOffer) -> None:
    driver.engine.model_inventory.holds_preparations = True
    begin(driver).come()
    driver.until(lambda: driver.engine.model_inventory.preparations)
    assert driver.end()


def test_a_failed_download_offers_to_retry_and_a_file(
    driver: WindowDriver, offer: ModelOffer
) -> None:
    assert not offer.archive_button.isVisible()
    begin(driver).fail("There is no connection.")
    driver.until(offer.problem.isVisible)
    assert offer.accept_button.text() == "Retry"
    assert offer.archive_button.isVisible()
    offer.archive_button.click()
    dialog = driver.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit("/downloads/model.zip")
    driver.until(lambda: driver.engine.model_inventory.imported)
    assert driver.engine.model_inventory.imported == [Path("/downloads/model.zip")]
    dialog.close()


def test_not_now_is_remembered_after_a_failed_download(
    driver: WindowDriver, offer: ModelOffer
) -> None:
    offer.decline_button.click()
    models = driver.application.controller.models
    models.open()
    driver.until(lambda: models.dialog is not None and models.dialog.rows)
    row = next(one for one in models.dialog.rows if one.download.isVisible())
    row.download.click()
    driver.until(lambda: driver.engine.model_inventory.downloads)
    driver.engine.model_inventory.downloads[-1].fail("There is no connection.")
    driver.until(lambda: not models.work.is_busy)
    assert not load_settings().offer_model
    driver.until(lambda: not offer.isVisible())
