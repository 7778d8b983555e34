"""The page of the first start: microphone, a try, the full model."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from helpers.clipped_widgets import clipped
from helpers.scripted_engine import HEADSET, ScriptedEngine, final
from helpers.scripted_inventory import MODELS
from helpers.window_driver import WindowDriver
from PySide6.QtWidgets import QMenu

from granite_live.app.model_inventory import ModelInventory
from granite_live.gui.dictation.dictation import DictationState
from granite_live.gui.first_start import FirstStartPage
from granite_live.session import events
from granite_live.settings import load_settings, save_settings

SPOKEN = events.LevelMeasured(0.1, -20.0, -9.0, False)


@pytest.fixture
def engine() -> ScriptedEngine:
    made = ScriptedEngine()
    made.is_demo = True
    return made


@pytest.fixture
def driver(make_driver: Callable[..., WindowDriver]) -> WindowDriver:
    made = make_driver(is_first_start=True)
    made.until(made.page.first_start.isVisible)
    made.until(made.page.offer.isVisible)
    return made


@pytest.fixture
def page(driver: WindowDriver) -> FirstStartPage:
    return driver.page.first_start


def test_one_page_has_all_three_steps(driver: WindowDriver, page: FirstStartPage) -> None:
    assert not driver.page.welcome.isVisible()
    assert page.isAncestorOf(driver.page.offer)
    told = driver.page.offer.text.text()
    for part in ("2.5 GB", str(MODELS), "minutes", "background", "English, French, German"):
        assert part in told
    assert " and " in told.split("understands")[1].split(".")[0]
    assert not clipped(page)
    assert driver.control_bar.button.hasFocus()  # Space starts, as before


def test_no_other_page_is_shown_before_it(
    make_driver: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    stack = make_driver(is_first_start=True).page.stack
    assert isinstance(stack.currentWidget(), FirstStartPage)  # before any answer of the library


def test_a_session_on_show_leaves_the_offer_its_title_and_buttons(
    driver: WindowDriver, page: FirstStartPage
) -> None:
    driver.hear(final(1, 0.0, "said before the model was there"))
    driver.until(driver.page.offer.isVisible)
    assert not driver.page.offer.text.isVisible()
    assert driver.page.offer.accept_button.isVisible()


def test_all_steps_have_their_places_before_the_models_are_known(
    make_driver: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    engine.model_inventory.may_read.clear()
    driver = make_driver(is_first_start=True)
    page = driver.page.first_start
    driver.until(page.isVisible)
    assert page.microphone.isVisible()
    assert page.trial.isVisible()
    assert page.model.isVisible()
    assert page.model.text.text() == "Looking for models…"
    top = page.model.y()
    engine.model_inventory.may_read.set()
    driver.until(driver.page.offer.isVisible)
    driver.until(lambda: driver.page.offer.y() == top)
    assert not page.model.isVisible()


def test_models_that_cannot_be_looked_for_leave_a_third_step(
    make_driver: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    engine.model_inventory.trouble = "The models cannot be read."
    driver = make_driver(is_first_start=True)
    driver.until(driver.page.first_start.isVisible)
    driver.until(lambda: "⋯" in driver.page.first_start.model.text.text())


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_needs_no_scrolling_in_the_usual_window(
    make_driver: Callable[..., WindowDriver], language: str
) -> None:
    save_settings(replace(load_settings(), language=language))
    driver = make_driver(is_first_start=True)
    page = driver.page.first_start
    driver.until(page.isVisible)
    driver.until(driver.page.offer.isVisible)
    driver.until(lambda: page.trial.text.text() and page.field.isVisible())
    driver.window.resize(1080, 720)
    driver.until(lambda: driver.window.size().height() == 720)
    inside = page.widget()
    driver.until(lambda: page.verticalScrollBar().maximum() == 0)
    assert page.viewport().height() >= inside.heightForWidth(inside.width())


def test_a_compact_window_shows_no_steps(driver: WindowDriver, page: FirstStartPage) -> None:
    driver.window.toggle_compact()
    driver.until(lambda: not page.isVisible())
    driver.window.toggle_compact()
    driver.until(page.isVisible)


def test_the_level_of_the_chosen_microphone_is_shown_and_nothing_recorded(
    driver: WindowDriver, page: FirstStartPage
) -> None:
    page.test_button.click()
    driver.until(lambda: driver.engine.monitors)
    (first,) = driver.engine.monitors
    first.tell(SPOKEN)
    driver.until(lambda: "-20" in page.meter.toolTip())
    menu = page.picker.menu()
    assert isinstance(menu, QMenu)
    next(one for one in menu.actions() if one.text() == HEADSET.name).trigger()
    driver.until(lambda: len(driver.engine.monitors) == 2)
    driver.until(lambda: first.is_stopped)
    assert driver.engine.monitors[1].input_id == HEADSET.id
    assert driver.application.preferences.settings.input_device == HEADSET.id
    page.test_button.click()
    driver.until(lambda: driver.engine.monitors[1].is_stopped)
    assert not driver.engine.sessions


def test_a_microphone_that_cannot_be_opened_is_told_beside_it(
    driver: WindowDriver, page: FirstStartPage
) -> None:
    driver.engine.refusal = "No microphone is connected."
    page.test_button.click()
    driver.until(page.problem.isVisible)
    assert page.problem.text() == "No microphone is connected."
    assert not page.test_button.isChecked()


def test_starting_ends_the_test_of_the_microphone(
    driver: WindowDriver, page: FirstStartPage
) -> None:
    page.test_button.click()
    driver.until(lambda: driver.engine.monitors)
    driver.start()
    driver.until(lambda: driver.engine.monitors[0].is_stopped)
    assert not page.isVisible()


def test_dictation_is_tried_on_the_page(driver: WindowDriver, page: FirstStartPage) -> None:
    dictation = driver.application.auxiliary.dictation
    driver.until(lambda: "Ctrl+Alt+Space" in page.trial.text.text())
    driver.window.activateWindow()
    driver.until(driver.window.isActiveWindow)
    dictation.toggle_dictation()
    driver.until(lambda: driver.engine.sessions and driver.application.live.session_id)
    session = driver.engine.sessions[-1]
    session.tell(events.StateChanged(0.3, "listening", "Listening to a script."))
    driver.until(lambda: dictation.dictation.state is DictationState.LISTENING)
    assert page.isVisible()
    session.tell(final(1, 1.0, "It works."))
    driver.until(lambda: page.field.text() == "It works.")
    assert page.done_button.text() == "Done"


def test_a_running_session_leaves_the_offer_its_title_and_buttons(
    driver: WindowDriver, page: FirstStartPage
) -> None:
    offer = driver.page.offer
    driver.start()
    driver.until(offer.isVisible)
    assert not offer.text.isVisible()
    assert offer.accept_button.isVisible()
    driver.stop()
    driver.window.actions_by_id["new"].trigger()
    driver.until(offer.text.isVisible)


def test_captions_are_tried_on_the_page(driver: WindowDriver, page: FirstStartPage) -> None:
    page.captions_button.click()
    driver.until(lambda: driver.application.controller.captions.window is not None)
    assert page.captions_button.isChecked()
    page.captions_button.click()
    driver.until(lambda: driver.application.controller.captions.window is None)
    assert not page.captions_button.isChecked()


def test_skipped_is_skipped_for_good(
    make_driver: Callable[..., WindowDriver], driver: WindowDriver, page: FirstStartPage
) -> None:
    page.done_button.click()
    driver.until(driver.page.welcome.isVisible)
    assert driver.control_bar.button.hasFocus()
    driver.until(driver.page.offer.isVisible)  # not answered yet
    assert driver.end()
    second = make_driver(is_first_start=True)
    second.until(second.page.offer.isVisible)
    assert second.page.welcome.isVisible()


def test_not_now_stays_answered_and_leaves_the_other_steps(
    driver: WindowDriver, page: FirstStartPage
) -> None:
    driver.page.offer.decline_button.click()
    driver.until(lambda: "⋯" in page.model.text.text())
    assert page.isVisible()
    assert not driver.page.notices.isVisible()
    driver.until(lambda: not load_settings().offer_model)


def test_a_download_goes_on_when_the_page_is_left(
    driver: WindowDriver, page: FirstStartPage
) -> None:
    driver.page.offer.accept_button.click()
    driver.until(lambda: driver.engine.model_inventory.downloads)
    driver.start()
    driver.until(driver.page.offer.isVisible)
    assert not page.isAncestorOf(driver.page.offer)
    assert driver.application.controller.models.work.downloader.is_running


def test_who_has_sessions_does_not_see_it(
    make_driver: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    engine.store("from an earlier version")
    driver = make_driver(is_first_start=True)
    driver.until(driver.page.offer.isVisible)
    driver.until(lambda: driver.window.ui_state.value("first_start/done", False, type=bool))
    assert not driver.page.first_start.isVisible()


@contextmanager
def silent_server() -> Iterator[str]:
    """A server that accepts connections and never answers."""
    kept: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                kept.append(server.accept()[0])
            except OSError:
                return

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    for one in kept:
        one.close()


def test_a_network_that_never_answers_is_told_within_8_s(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted, real = driver.engine.model_inventory, ModelInventory()
    # Only the download is real: the models of this computer stay scripted.
    monkeypatch.setattr(scripted, "download_task", real.download_task)
    offer = driver.page.offer
    with silent_server() as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        began_s = time.monotonic()
        offer.accept_button.click()
        driver.until(offer.problem.isVisible)
        assert time.monotonic() - began_s < 8.5
    assert "does not respond" in offer.problem.text()
    assert offer.accept_button.text() == "Retry"
    assert offer.archive_button.isVisible()
    assert driver.application.background.join(10)
