"""Commands of other programs for the window."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from helpers.window_driver import WindowDriver

from granite_live.app.control import ControlAnswer, ControlRequest, Status, Verb, send_request
from granite_live.gui.dictation.dictation import DictationState
from granite_live.gui.live_session import SessionActivity
from granite_live.gui.single_instance import SingleInstance
from granite_live.util import paths


@pytest.fixture
def instance(driver: WindowDriver) -> Iterator[SingleInstance]:
    made = SingleInstance(paths.data_dir())
    assert made.is_first([])
    made.request_received.connect(driver.application.remote_control.handle)
    yield made
    made.close()


class Asker:
    """Asks the window through its socket, in a thread, while the window goes on."""

    def __init__(self, driver: WindowDriver) -> None:
        self._studio = driver

    def __call__(self, verb: Verb, action: str = "") -> ControlAnswer:
        answers: list[ControlAnswer | None] = []
        thread = threading.Thread(
            target=lambda: answers.append(send_request(ControlRequest(verb, action)))
        )
        thread.start()
        self._studio.until(lambda: answers)
        thread.join()
        (answer,) = answers
        assert answer is not None
        return answer

    def done(self, verb: Verb, action: str = "") -> Status:
        answer = self(verb, action)
        assert answer.status is not None, answer.message
        return answer.status


@pytest.fixture
def ask(driver: WindowDriver, instance: SingleInstance) -> Asker:
    return Asker(driver)


def test_start_pause_and_stop_are_done_when_they_are_answered(
    driver: WindowDriver, ask: Asker
) -> None:
    live = driver.application.live
    assert ask.done(Verb.STATUS).state == "idle"
    assert ask.done(Verb.START).state == "listening"
    assert live.activity is SessionActivity.RUNNING
    assert ask.done(Verb.START).state == "listening"
    assert len(driver.engine.sessions) == 1
    assert ask.done(Verb.PAUSE).state == "paused"
    assert live.activity is SessionActivity.PAUSED
    assert ask.done(Verb.START).state == "listening"
    assert ask.done(Verb.STOP).state in {"stopping", "idle"}
    driver.until(lambda: not live.is_active)
    assert ask.done(Verb.STOP).state == "idle"


def test_toggle_starts_and_stops(driver: WindowDriver, ask: Asker) -> None:
    assert ask.done(Verb.TOGGLE).state == "listening"
    assert ask.done(Verb.TOGGLE).state in {"stopping", "idle"}
    driver.until(lambda: not driver.application.live.is_active)


def test_why_it_cannot_start_is_the_answer(driver: WindowDriver, ask: Asker) -> None:
    driver.engine.refusal = "The microphone is used by another program."
    answer = ask(Verb.START)
    assert answer.error == "not_started"
    assert answer.message == "The microphone is used by another program."
    assert ask(Verb.PAUSE).error == "no_session"


def test_captions_are_shown_and_hidden(driver: WindowDriver, ask: Asker) -> None:
    captions = driver.application.controller.captions
    assert ask.done(Verb.CAPTIONS).captions
    assert captions.is_shown
    assert ask.done(Verb.CAPTIONS, "show").captions
    assert not ask.done(Verb.CAPTIONS, "hide").captions
    assert not captions.is_shown
    assert not ask.done(Verb.CAPTIONS, "hide").captions


def test_a_key_that_other_programs_watch_can_be_held_and_released(
    driver: WindowDriver, ask: Asker
) -> None:
    dictation = driver.application.auxiliary.dictation.dictation
    assert ask.done(Verb.DICTATE, "hold").dictates
    driver.until(lambda: dictation.state is DictationState.LISTENING)
    assert not ask.done(Verb.DICTATE, "release").dictates
    assert ask.done(Verb.DICTATE).dictates
    assert not ask.done(Verb.CANCEL).dictates
    assert ask(Verb.CANCEL).error == "no_dictation"
