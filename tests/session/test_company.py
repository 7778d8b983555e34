"""The choice of utterances for a worker that transcribes batches."""

from __future__ import annotations

import pytest

from granite_live.session.planning import BatchPlanner
from granite_live.session.scheduler import Job, Scheduler

RATE = 100


def final(number: int, seconds: float = 1.0, kind: str = "final") -> Job:
    start = 1000 * number
    return Job(kind, number, start, start + round(seconds * RATE))  # type: ignore[arg-type]


@pytest.fixture
def planner() -> BatchPlanner:
    made = BatchPlanner(RATE)
    made.worker_loaded(3.5)
    return made


def send(planner: BatchPlanner, job: Job, waiting: list[Job]) -> tuple[Job, ...]:
    """Send a job with its batch to the worker, and return the batch."""
    found = planner.choose(job, waiting)
    planner.sent(job, found)
    return found


def numbers(found: tuple[Job, ...]) -> list[int]:
    return [one.utterance for one in found]


def test_as_much_as_the_worker_likes_in_order(planner: BatchPlanner) -> None:
    assert numbers(planner.choose(final(1), [final(n) for n in range(2, 9)])) == [2, 3]


def test_one_that_is_too_long_ends_it_so_that_the_order_stays(planner: BatchPlanner) -> None:
    assert numbers(planner.choose(final(1), [final(2, 9.0), final(3)])) == []


def test_what_is_ready_brings_nobody(planner: BatchPlanner) -> None:
    waiting = [final(n) for n in range(2, 9)]
    send(planner, final(1), waiting)
    assert send(planner, final(2), waiting[1:]) == ()
    assert send(planner, final(3), waiting[2:]) == ()
    assert numbers(send(planner, final(4), waiting[3:])) == [5, 6]


@pytest.mark.parametrize(
    "kind", ["draft", "speculative_encode", "speculative_final", "provisional"]
)
def test_only_finals_have_company(planner: BatchPlanner, kind: str) -> None:
    assert send(planner, final(1, kind=kind), [final(2)]) == ()


def test_a_worker_that_likes_one_at_a_time_gets_that() -> None:
    planner = BatchPlanner(RATE)
    assert not planner.is_batching
    planner.worker_loaded(0.0)
    assert not planner.is_batching
    assert send(planner, final(1), [final(2)]) == ()


def test_after_a_worker_ended_over_several_each_goes_alone(planner: BatchPlanner) -> None:
    send(planner, final(1), [final(2)])
    planner.worker_lost()
    planner.worker_loaded(3.5)
    assert not planner.is_batching
    assert send(planner, final(1), [final(2)]) == ()


def test_what_could_not_be_sent_along_is_not_ready(planner: BatchPlanner) -> None:
    found = planner.choose(final(1), [final(2), final(3)])
    planner.sent(final(1), found[:1])  # the audio of the other could not be read
    assert send(planner, final(2), [final(3)]) == ()
    assert numbers(send(planner, final(3), [final(4)])) == [4]


def test_after_a_worker_ended_over_one_there_is_company_again(planner: BatchPlanner) -> None:
    send(planner, final(1), [])
    planner.worker_lost()
    assert not planner.is_batching
    planner.worker_loaded(3.5)
    assert numbers(send(planner, final(1), [final(2)])) == [2]


def test_another_worker_has_nothing_ready(planner: BatchPlanner) -> None:
    send(planner, final(1), [final(2), final(3)])
    planner.worker_loaded(3.5)
    assert numbers(send(planner, final(2), [final(3)])) == [3]


def test_the_scheduler_names_what_comes_after_but_what_failed() -> None:
    scheduler = Scheduler(RATE)
    for number in range(1, 6):
        scheduler.opened(number, 1000 * number)
        scheduler.closed(number, 1000 * number, 1000 * number + 100)
    scheduler.opened(6, 6000)
    scheduler.job_rejected(final(3))
    job = scheduler.next_job(0.0)
    assert job is not None
    assert [one.utterance for one in scheduler.following_finals(job)] == [2, 4, 5]
    assert {one.kind for one in scheduler.following_finals(job)} == {"final"}


@pytest.mark.parametrize("prefers", [True, False])
def test_far_behind_a_quick_worker_gives_finals_at_once(prefers: bool) -> None:
    scheduler = Scheduler(RATE)
    for number in range(1, 6):
        scheduler.closed(number, 1000 * number, 1000 * number + 900)
    scheduler.prefers_finals = prefers
    job = scheduler.next_job(0.0)
    assert job is not None
    assert job.kind == ("final" if prefers else "provisional")
