"""The page of the first start: microphone, a try, the full model."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from conftest import WindowDriver
from helpers.clipped_widgets import clipped
from helpers.scripted_engine import HEADSET, ScriptedEngine, final
from helpers.scripted_inventory import MODELS
from PySide6.QtWidgets import QMenu

from granite_live.app.model_inventory import ModelInventory
from granite_live.gui.dictation.dictation import DictationState
from granite_live.gui.first_start import FirstStartPage
from granite_live.session import events
from granite_live.settings import load_settings

SPOKEN = events.LevelMeasured(0.1, -20.0, -9.0, False)


@pytest.fixture
def engine() -> ScriptedEngine:
    made = ScriptedEngine()
    made.is_demo = True
    return made


@pytest.fixture
def studio(make_studio: Callable[..., WindowDriver]) -> WindowDriver:
    made = make_studio(is_first_start=True)
    made.until(made.page.first_start.isVisible)
    made.until(made.page.offer.isVisible)
    return made


@pytest.fixture
def page(studio: WindowDriver) -> FirstStartPage:
    return studio.page.first_start


def test_one_page_has_all_three_steps(studio: WindowDriver, page: FirstStartPage) -> None:
    assert not studio.page.welcome.isVisible()
    assert page.isAncestorOf(studio.page.offer)
    told = studio.page.offer.text.text()
    for part in ("2.5 GB", str(MODELS), "minutes", "background", "English, French, German"):
        assert part in told
    assert " and " in told.split("understands")[1].split(".")[0]
    assert not clipped(page)
    assert studio.dock.button.hasFocus()  # Space starts, as before


def test_a_compact_window_shows_no_steps(studio: WindowDriver, page: FirstStartPage) -> None:
    studio.window.toggle_compact()
    studio.until(lambda: not page.isVisible())
    studio.window.toggle_compact()
    studio.until(page.isVisible)


def test_the_level_of_the_chosen_microphone_is_shown_and_nothing_recorded(
    studio: WindowDriver, page: FirstStartPage
) -> None:
    page.test_button.click()
    studio.until(lambda: studio.engine.monitors)
    (first,) = studio.engine.monitors
    first.tell(SPOKEN)
    studio.until(lambda: "-20" in page.meter.toolTip())
    menu = page.picker.menu()
    assert isinstance(menu, QMenu)
    next(one for one in menu.actions() if one.text() == HEADSET.name).trigger()
    studio.until(lambda: len(studio.engine.monitors) == 2)
    studio.until(lambda: first.is_stopped)
    assert studio.engine.monitors[1].input_id == HEADSET.id
    assert studio.application.preferences.settings.input_device == HEADSET.id
    page.test_button.click()
    studio.until(lambda: studio.engine.monitors[1].is_stopped)
    assert not studio.engine.sessions


def test_a_microphone_that_cannot_be_opened_is_told_beside_it(
    studio: WindowDriver, page: FirstStartPage
) -> None:
    studio.engine.refusal = "No microphone is connected."
    page.test_button.click()
    studio.until(page.problem.isVisible)
    assert page.problem.text() == "No microphone is connected."
    assert not page.test_button.isChecked()


def test_starting_ends_the_test_of_the_microphone(
    studio: WindowDriver, page: FirstStartPage
) -> None:
    page.test_button.click()
    studio.until(lambda: studio.engine.monitors)
    studio.start()
    studio.until(lambda: studio.engine.monitors[0].is_stopped)
    assert not page.isVisible()


def test_dictation_is_tried_on_the_page(studio: WindowDriver, page: FirstStartPage) -> None:
    dictation = studio.application.auxiliary.dictation
    studio.until(lambda: "Ctrl+Alt+Space" in page.trial.text.text())
    studio.window.activateWindow()
    studio.until(studio.window.isActiveWindow)
    dictation.toggle_dictation()
    studio.until(lambda: studio.engine.sessions and studio.application.live.session_id)
    session = studio.engine.sessions[-1]
    session.tell(events.StateChanged(0.3, "listening", "Listening to a script."))
    studio.until(lambda: dictation.dictation.state is DictationState.LISTENING)
    assert page.isVisible()
    session.tell(final(1, 1.0, "It works."))
    studio.until(lambda: page.field.text() == "It works.")
    assert page.done_button.text() == "Done"


def test_a_running_session_leaves_the_offer_its_title_and_buttons(
    studio: WindowDriver, page: FirstStartPage
) -> None:
    offer = studio.page.offer
    studio.start()
    studio.until(offer.isVisible)
    assert not offer.text.isVisible()
    assert offer.accept_button.isVisible()
    studio.stop()
    studio.page.new_session_requested.emit()
    studio.until(offer.text.isVisible)


def test_captions_are_tried_on_the_page(studio: WindowDriver, page: FirstStartPage) -> None:
    page.captions_button.click()
    studio.until(lambda: studio.application.controller.captions.window is not None)
    assert page.captions_button.isChecked()
    page.captions_button.click()
    studio.until(lambda: studio.application.controller.captions.window is None)
    assert not page.captions_button.isChecked()


def test_skipped_is_skipped_for_good(
    make_studio: Callable[..., WindowDriver], studio: WindowDriver, page: FirstStartPage
) -> None:
    page.done_button.click()
    studio.until(studio.page.welcome.isVisible)
    assert studio.dock.button.hasFocus()
    studio.until(studio.page.offer.isVisible)  # not answered yet
    assert studio.end()
    second = make_studio(is_first_start=True)
    second.until(second.page.offer.isVisible)
    assert second.page.welcome.isVisible()


def test_not_now_stays_answered_and_leaves_the_other_steps(
    studio: WindowDriver, page: FirstStartPage
) -> None:
    studio.page.offer.decline_button.click()
    studio.until(lambda: "⋯" in page.model.text.text())
    assert page.isVisible()
    assert not studio.page.notices.isVisible()
    studio.until(lambda: not load_settings().offer_model)


def test_a_download_goes_on_when_the_page_is_left(
    studio: WindowDriver, page: FirstStartPage
) -> None:
    studio.page.offer.accept_button.click()
    studio.until(lambda: studio.engine.model_inventory.downloads)
    studio.start()
    studio.until(studio.page.offer.isVisible)
    assert not page.isAncestorOf(studio.page.offer)
    assert studio.application.controller.models.work.downloader.is_running


def test_who_has_sessions_does_not_see_it(
    make_studio: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    engine.store("from an earlier version")
    studio = make_studio(is_first_start=True)
    studio.until(studio.page.offer.isVisible)
    studio.until(lambda: studio.window.ui_state.value("first_start/done", False, type=bool))
    assert not studio.page.first_start.isVisible()


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
    studio: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted, real = studio.engine.model_inventory, ModelInventory()
    # Only the download is real: the models of this computer stay scripted.
    monkeypatch.setattr(scripted, "download_task", real.download_task)
    offer = studio.page.offer
    with silent_server() as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        began_s = time.monotonic()
        offer.accept_button.click()
        studio.until(offer.problem.isVisible)
        assert time.monotonic() - began_s < 8.5
    assert "does not respond" in offer.problem.text()
    assert offer.accept_button.text() == "Retry"
    assert offer.archive_button.isVisible()
    assert studio.application.background.join(10)
