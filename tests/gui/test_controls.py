"""The level meter and the delay of final texts."""

from __future__ import annotations

import pytest
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from pytestqt.qtbot import QtBot

from granite_live.gui import level_meters as meters
from granite_live.gui.level_meters import FLOOR_DBFS, LevelBar
from granite_live.gui.live_session import DelayTracker
from granite_live.gui.theme import Theme
from granite_live.session import events


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(meters, "time", made)
    return made


@pytest.fixture
def meter(qtbot: QtBot, theme: Theme, clock: Clock) -> LevelBar:
    made = LevelBar()
    qtbot.addWidget(made)
    made.set_active(True)
    return made


def level(
    peak_dbfs: float, rms_dbfs: float = -30.0, *, clipped: bool = False
) -> events.LevelMeasured:
    return events.LevelMeasured(1.0, rms_dbfs, peak_dbfs, clipped)


def test_the_peak_is_held_for_a_moment(meter: LevelBar, clock: Clock) -> None:
    meter.show_level(level(-6.0))
    clock.now_s += 1.0
    meter.show_level(level(-20.0))
    assert meter._peak_dbfs == -6.0
    clock.now_s += 0.3
    meter.show_level(level(-20.0))
    assert meter._peak_dbfs == -20.0


def test_clipping_is_told_for_two_seconds(meter: LevelBar, clock: Clock) -> None:
    meter.show_level(level(0.0, clipped=True))
    clock.now_s += 1.9
    meter.show_level(level(-20.0))
    assert meter.warning == "Too loud (clipping)"
    clock.now_s += 0.2
    meter.show_level(level(-20.0))
    assert meter.warning == ""


def test_silence_is_no_signal_after_two_seconds(meter: LevelBar, clock: Clock) -> None:
    clock.now_s += 1.9
    meter.show_level(level(-120.0, -120.0))
    assert meter.warning == ""
    clock.now_s += 0.2
    meter.show_level(level(-120.0, -120.0))
    assert meter.warning == "No signal"
    meter.show_level(level(-20.0))
    assert meter.warning == ""


def test_an_input_that_is_gone_shows_no_level(driver: WindowDriver) -> None:
    session, meter = driver.start(), driver.control_bar.meter.microphone
    session.tell(events.LevelMeasured(1.0, -12.0, -6.0, False))
    driver.until(lambda: meter._rms_dbfs == -12.0)
    session.tell(events.DeviceLost(2.0, "Headset", "Headset was unplugged."))
    driver.until(lambda: meter.warning == "No signal")
    assert meter._rms_dbfs == meter._peak_dbfs == FLOOR_DBFS
    session.tell(
        events.DeviceRecovered(3.0, "Headset"), events.LevelMeasured(3.1, -12.0, -6.0, False)
    )
    driver.until(lambda: meter.warning == "")


# -- delay ---------------------------------------------------------------------------------


def levels(delay: DelayTracker, start_s: float, count: int) -> float:
    """Apply `count` levels from `start_s` on; return the time of the last."""
    for number in range(1, count + 1):
        delay.apply(events.LevelMeasured(start_s + number * 0.1, -20.0, -10.0, False))
    return start_s + count * 0.1


def test_the_delay_counts_from_what_is_recorded_not_from_the_beginning() -> None:
    delay = DelayTracker()
    # Opening the device takes 1.5 s; 10 s are recorded; the text arrives 0.8 s later.
    end_s = levels(delay, 1.5, 100)
    assert delay.apply(final(1, 8.73, "a b c d e", lag_s=0.0)) == 0.0
    told = events.FinalText(end_s + 0.8, 2, 9.0, 10.0, "text", (), 0.9, "text")
    assert delay.apply(told) == pytest.approx(0.8)


def test_a_pause_and_a_lost_device_are_no_delay() -> None:
    delay = DelayTracker()
    levels(delay, 0.0, 50)
    end_s = levels(delay, 65.0, 50)  # a pause of a minute
    told = events.FinalText(end_s + 0.5, 1, 9.0, 10.0, "text", (), 0.9, "text")
    assert delay.apply(told) == pytest.approx(0.5)


def test_the_recording_goes_on_while_a_device_is_away() -> None:
    delay = DelayTracker()
    levels(delay, 0.0, 50)
    delay.apply(events.DeviceLost(6.0, "Headset", "It was unplugged."))
    delay.apply(events.DeviceRecovered(65.0, "Headset"))
    end_s = levels(delay, 65.0, 50)
    # 5 s, 60 s of silence and 5 s are recorded.
    told = events.FinalText(end_s + 0.5, 1, 69.0, 70.0, "text", (), 0.9, "text")
    assert delay.apply(told) == pytest.approx(0.5)


def test_the_clock_has_the_time_in_which_the_device_was_away(driver: WindowDriver) -> None:
    session, clock = driver.start(), driver.control_bar.clock
    session.tell(
        events.StateChanged(1.0, "listening", "Listening."),
        events.LevelMeasured(1.1, -20.0, -10.0, False),
        events.DeviceLost(2.0, "Headset", "It was unplugged."),
        events.StateChanged(2.0, "waiting", "Waiting."),
        events.DeviceRecovered(75.0, "Headset"),
        events.StateChanged(75.0, "listening", "Listening."),
    )
    driver.until(lambda: clock.text().startswith("1:1"))
    session.tell(
        events.DeviceLost(80.0, "Headset", "It was unplugged."),
        events.StateChanged(81.0, "paused", "Paused."),
        events.DeviceRecovered(200.0, "Headset"),
        events.StateChanged(201.0, "listening", "Listening."),
        events.LevelMeasured(201.1, -20.0, -10.0, False),
    )
    driver.until(lambda: driver.control_bar.state.text().startswith("Listening"))
    assert clock.text().startswith("1:1")


def test_levels_that_come_unevenly_change_nothing() -> None:
    delay = DelayTracker()
    for t in (0.1, 0.35, 0.36, 0.4, 0.7, 0.75, 0.8, 1.0):
        delay.apply(events.LevelMeasured(t, -20.0, -10.0, False))
    told = events.FinalText(1.6, 1, 0.0, 1.0, "text", (), 0.9, "text")
    assert delay.apply(told) == pytest.approx(0.6)
    assert delay.apply(events.StateChanged(2.0, "listening")) is None


def test_a_backlog_is_shown_while_there_is_one(driver: WindowDriver) -> None:
    session, lag = driver.start(), driver.control_bar.lag
    session.tell(events.BacklogChanged(1.0, 1, 4.0), final(1, 0.0, "first", lag_s=0.7))
    driver.until(lambda: lag.text() == "Delay 0.7 s")
    session.tell(events.BacklogChanged(9.0, 3, 12.4), final(2, 6.0, "second", lag_s=3.0))
    driver.until(lambda: driver.model.rowCount() == 2)
    assert lag.text() == "12 s behind"
    session.tell(events.BacklogChanged(10.0, 0, 0.0))
    driver.until(lambda: lag.text() == "Delay 3.0 s")
