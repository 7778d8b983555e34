"""Events reach their listener in order; one that hangs or raises blocks nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from granite_live.session import events
from granite_live.session.reporter import EventQueue


def final(number: int) -> events.FinalText:
    return events.FinalText(float(number), number, 0.0, 1.0, f"text {number}", (), 0.9, "")


class Gate:
    """A listener that can be made to wait or raise."""

    def __init__(self) -> None:
        self.heard: list[events.SessionEvent] = []
        self.waits = threading.Event()
        self.may_go = threading.Event()
        self.error: Exception | None = None

    def __call__(self, event: events.SessionEvent) -> None:
        self.waits.set()
        assert self.may_go.wait(30)
        if self.error is not None:
            raise self.error
        self.heard.append(event)


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.may_go.set()


@pytest.fixture
def queue(gate: Gate) -> Iterator[Callable[..., EventQueue]]:
    made: list[EventQueue] = []

    def make(**arguments: int) -> EventQueue:
        made.append(EventQueue(gate, **arguments))
        made[-1].start()
        return made[-1]

    yield make
    gate.may_go.set()
    for one in made:
        one.close()
        assert one.join(30)


def test_a_listener_that_hangs_delays_nobody_and_gets_everything_later(
    gate: Gate, queue: Callable[..., EventQueue]
) -> None:
    q = queue()
    q.put(final(0))
    assert gate.waits.wait(30)
    for n in range(1, 500):
        q.put(final(n))
    gate.may_go.set()
    q.close()
    assert q.join(30)
    assert gate.heard == [final(n) for n in range(500)]


def test_of_levels_and_drafts_only_the_newest_waits_at_its_place_in_time(
    gate: Gate, queue: Callable[..., EventQueue]
) -> None:
    q = queue()
    q.put(final(0))
    assert gate.waits.wait(30)
    for n in range(1, 100):
        q.put(events.LevelMeasured(n, -20.0, -10.0, False))
        q.put(events.DraftText(n, 1, 0.0, f"word {n}", 0))
        q.put(events.BacklogChanged(n, n, 1.0))
    q.put(events.DraftText(100, 2, 0.0, "other", 0))
    q.put(final(101))
    gate.may_go.set()
    q.close()
    assert q.join(30)
    assert [event.t for event in gate.heard] == [0, 99, 99, 99, 100, 101]


def test_what_waits_is_bounded_counted_and_the_last_event_still_comes(
    gate: Gate, queue: Callable[..., EventQueue], caplog: pytest.LogCaptureFixture
) -> None:
    q = queue(max_waiting=10)
    q.put(final(0))
    assert gate.waits.wait(30)
    for n in range(1, 16):
        q.put(final(n))
    last = events.SessionClosed(99, 15, 0, 0, 0, 0)
    q.put(last)
    assert q.undelivered == 5
    gate.may_go.set()
    q.close()
    assert q.join(30)
    assert gate.heard == [*(final(n) for n in range(11)), last]
    assert "5 events" in caplog.text


def test_a_listener_that_raises_is_logged_once_and_called_again(
    gate: Gate, queue: Callable[..., EventQueue], caplog: pytest.LogCaptureFixture
) -> None:
    gate.may_go.set()
    gate.error = OSError(28, "No space left on device")
    q = queue()
    for n in range(20):
        q.put(final(n))
    q.close()
    assert q.join(30)
    assert q.failure is gate.error
    assert q.undelivered == 20
    assert caplog.text.count("Traceback") == 1
    assert "20 events" in caplog.text


def test_a_listener_that_hangs_for_ever_is_left_behind(
    gate: Gate, queue: Callable[..., EventQueue]
) -> None:
    q = queue()
    q.put(final(0))
    assert gate.waits.wait(30)
    q.close()
    assert not q.join(0.01)
    q.give_up_after(0.1)
    assert q.join()
    assert gate.heard == []


def test_the_time_for_the_listener_counts_from_the_ending(
    gate: Gate, queue: Callable[..., EventQueue]
) -> None:
    q = queue()
    q.give_up_after(0.1)
    assert not q.join(0.3)  # the ending takes longer than that: its last event is still to come
    q.put(final(0))
    assert gate.waits.wait(30)
    q.close()
    assert q.join()
    assert gate.heard == []


def test_an_ending_that_takes_long_is_told_before_join_returns(
    gate: Gate, queue: Callable[..., EventQueue]
) -> None:
    q = queue()
    q.give_up_after(30.0)
    gate.may_go.set()
    assert not q.join(0.1)
    q.put(final(7))
    q.close()
    assert q.join()
    assert gate.heard == [final(7)]
