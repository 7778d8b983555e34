"""Background jobs deliver their results to the GUI thread."""

from __future__ import annotations

import logging
import threading

import pytest
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from granite_live.gui.background import Background, SerialExecutor
from granite_live.util.errors import AudioError


def test_answers_come_to_this_thread(qtbot: QtBot, background: Background) -> None:
    answers: list[object] = []
    background.run(
        threading.current_thread, lambda at: answers.append((at, threading.current_thread()))
    )
    qtbot.waitUntil(lambda: bool(answers))
    worked, answered = answers[0]
    assert worked is not answered
    assert answered is threading.current_thread()


def test_what_a_user_can_mend_is_told(qtbot: QtBot, background: Background) -> None:
    told: list[str] = []

    def work() -> None:
        raise AudioError("no microphone")

    background.run(work, None, told.append)
    qtbot.waitUntil(lambda: told == ["no microphone"])


def test_a_defect_goes_to_the_log_and_is_told_in_a_sentence(
    qtbot: QtBot, background: Background, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    with caplog.at_level(logging.ERROR):
        background.run(lambda: 1 // 0, None, told.append)
        qtbot.waitUntil(lambda: bool(told))
    assert "log" in told[0]
    assert "ZeroDivisionError" in caplog.text


def test_join_waits_no_longer_than_it_may(qtbot: QtBot) -> None:
    background, go = Background(), threading.Event()
    background.run(go.wait)
    assert not background.join(0.05)
    go.set()
    assert background.join(5)


def test_a_lane_does_one_thing_after_the_other_and_all_before_it_closes(qtbot: QtBot) -> None:
    lane, done = SerialExecutor("test"), []
    for number in range(50):
        lane.run(lambda number=number: done.append(number))
    assert lane.close(5)
    assert done == list(range(50))


def test_an_answer_that_is_on_its_way_at_the_end_reaches_nobody(driver: WindowDriver) -> None:
    answers: list[object] = []
    driver.application.background.run(lambda: None, answers.append)
    driver.application.store.run(lambda _library: None, answers.append)
    assert driver.end()
    QCoreApplication.processEvents()
    assert answers == []
