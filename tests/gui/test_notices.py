"""Notices stay as long as they are true, and no longer."""

from __future__ import annotations

import pytest
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver

from granite_live.messages.audio import AudioMessage
from granite_live.session import events

LOST = events.DeviceLost(1.0, "Headset", "Headset was unplugged.")
SILENT = events.DeviceLost(1.0, "Virtual", AudioMessage.ONLY_ZEROS(name="Virtual"))
PAUSED = events.StateChanged(2.0, "paused", "Paused: nothing is recorded.")


def test_a_warning_about_the_input_ends_with_the_session(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "the first words"))
    session.tell(LOST)
    driver.until(driver.page.notices.isVisible)
    driver.stop()
    assert not driver.page.notices.isVisible()


def test_a_warning_about_the_input_ends_when_it_is_back(driver: WindowDriver) -> None:
    session, notices = driver.start(), driver.page.notices
    session.tell(LOST)
    driver.until(lambda: "unplugged" in notices.text.text())
    session.tell(events.DeviceRecovered(2.0, "Headset"))
    driver.until(lambda: notices.text.text() == "Headset is back.")
    notices.dismiss()
    assert not notices.isVisible()


def test_silence_is_no_problem_while_nothing_is_recorded(driver: WindowDriver) -> None:
    session = driver.start()
    session.tell(PAUSED, SILENT)
    session.tell(events.BacklogChanged(3.0, 3, 7.0))
    driver.until(lambda: driver.control_bar.lag.text().startswith("7"))
    assert not driver.page.notices.isVisible()


def test_a_warning_about_silence_ends_with_a_pause(driver: WindowDriver) -> None:
    session = driver.start()
    session.tell(SILENT)
    driver.until(driver.page.notices.isVisible)
    session.tell(PAUSED)
    driver.until(lambda: not driver.page.notices.isVisible())


def test_the_hint_to_click_through_ends_with_it(driver: WindowDriver) -> None:
    captions, notices = driver.application.controller.captions, driver.page.notices
    captions.toggle_click_through()
    assert notices.isVisible()
    captions.toggle_click_through()
    assert not notices.isVisible()


def test_a_message_only_covers_an_unanswered_offer(driver: WindowDriver) -> None:
    notices, answers = driver.page.notices, []
    notices.offer("A session was interrupted.", "Recover", lambda: answers.append(1))
    session = driver.start()
    session.tell(LOST)
    driver.until(lambda: "unplugged" in notices.text.text())
    assert not notices.action.isVisible()
    driver.stop()
    assert notices.text.text() == "A session was interrupted."
    notices.action.click()
    assert answers == [1]
    assert not notices.isVisible()


def test_a_problem_of_one_session_is_not_told_over_another(driver: WindowDriver) -> None:
    first, notices = driver.hear(final(1, 0.0, "the first words")), driver.page.notices
    notices.show_message("This line is being saved.", is_problem=True)
    driver.sidebar.opened.emit(first, "")
    assert not notices.isVisible()


@pytest.mark.parametrize("count", [20])
def test_notices_are_bounded(driver: WindowDriver, count: int) -> None:
    notices = driver.page.notices
    for number in range(count):
        notices.offer(f"Offer {number}.", "Do", lambda: None)
    shown = []
    while notices.isVisible():
        shown.append(notices.text.text())
        notices.dismiss()
    assert shown == [f"Offer {number}." for number in range(count - 1, count - 9, -1)]
