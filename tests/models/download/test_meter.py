"""How far, how fast, how long still; and what other threads say to a download."""

from __future__ import annotations

import threading

import pytest

from granite_live.models.download.control import (
    DownloadCanceledError,
    DownloadControl,
    DownloadProgress,
    Event,
)
from granite_live.models.download.fetching import TransferMeter


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_the_rate_is_that_of_the_last_seconds() -> None:
    told: list[Event] = []
    clock = Clock()
    meter = TransferMeter(10_000, 1_000, told.append, clock)
    for _ in range(20):
        clock.now_s += 1.0
        meter.count_fetched("a", 100)
    last = told[-1]
    assert isinstance(last, DownloadProgress)
    assert (last.done_bytes, last.total_bytes, last.rate_bytes_s) == (3_000, 10_000, 100.0)
    assert last.left_s == 70.0
    clock.now_s += 50.0  # a pause
    meter.reset_rate()
    clock.now_s += 1.0
    meter.count_fetched("a", 300)
    last = told[-1]
    assert isinstance(last, DownloadProgress)
    assert last.rate_bytes_s == 300.0


def test_it_is_not_told_for_every_piece() -> None:
    told: list[Event] = []
    clock = Clock()
    meter = TransferMeter(1000, 0, told.append, clock)
    for _ in range(100):
        clock.now_s += 0.01
        meter.count_fetched("a", 1)
    assert 8 <= len(told) <= 10
    assert meter.fetched_bytes == 100
    assert all(isinstance(one, DownloadProgress) for one in told)


def test_a_total_that_nobody_knew_grows() -> None:
    told: list[Event] = []
    meter = TransferMeter(10, 0, told.append)
    meter.count_fetched("a", 50)
    meter.send_progress("a")
    assert isinstance(told[-1], DownloadProgress)
    assert (told[-1].done_bytes, told[-1].total_bytes) == (50, 50)


def test_an_end_is_for_good() -> None:
    control = DownloadControl()
    control.cancel()
    control.resume()
    control.pause()
    assert control.is_canceled()
    with pytest.raises(DownloadCanceledError):
        control.wait(0.0)


def test_a_change_interrupts_what_waits() -> None:
    control = DownloadControl()
    interrupted = threading.Event()
    with control.interrupt_on_change(interrupted.set):
        control.resume()
        assert not interrupted.is_set()
        control.pause()
        assert interrupted.is_set()
    interrupted.clear()
    control.cancel()
    assert not interrupted.is_set()
    with pytest.raises(DownloadCanceledError):
        control.wait_while_paused()


def test_a_pause_ends_a_wait() -> None:
    control = DownloadControl()
    threading.Timer(0.01, control.pause).start()
    control.wait(60.0)
    assert control.is_paused()
