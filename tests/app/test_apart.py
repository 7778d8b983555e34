"""Work in a process of its own: its results, its errors, its end."""

from __future__ import annotations

import multiprocessing
import threading

import pytest
from helpers.messages import sentence

from granite_live.app import subprocess_task
from granite_live.app.subprocess_task import ProcessDiedError, SubprocessTask, TaskStoppedError
from granite_live.messages.models import ModelMessage
from granite_live.messages.session import AppMessage
from granite_live.util.errors import BundleError


def hearing(work: object) -> object:
    """Return what the caller receives for the messages of `work`; both run in this process."""
    here, there = multiprocessing.Pipe(duplex=False)
    heard: list[object] = []
    with here, there:
        subprocess_task._run_and_send(there, work)  # type: ignore[arg-type]
        there.close()
        return (SubprocessTask(print, (), "a work")._receive_result(here, heard.append), heard)


def test_progress_and_an_answer() -> None:
    def work(tell: subprocess_task.SendProgress) -> list[int]:
        tell([1, 2])
        tell("half")
        return [7]

    assert hearing(work) == ([7], [[1, 2], "half"])


def test_trouble_is_a_sentence() -> None:
    def trouble(_tell: subprocess_task.SendProgress) -> None:
        raise BundleError("It is damaged.")

    with pytest.raises(BundleError, match="It is damaged"):
        hearing(trouble)

    def too_large(_tell: subprocess_task.SendProgress) -> None:
        raise MemoryError

    with pytest.raises(BundleError, match=sentence(ModelMessage.OUT_OF_MEMORY_CLOSE_PROGRAMS)):
        hearing(too_large)


def test_a_defect_goes_to_the_log_and_is_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    def defect(_tell: subprocess_task.SendProgress) -> None:
        raise ZeroDivisionError

    with pytest.raises(BundleError, match=sentence(AppMessage.DEFECT)):
        hearing(defect)
    assert "ZeroDivisionError" in caplog.text


def test_no_answer_is_told_from_an_end_that_was_wanted() -> None:
    for is_wanted, error in ((False, ProcessDiedError), (True, TaskStoppedError)):
        here, there = multiprocessing.Pipe(duplex=False)
        there.close()
        one = SubprocessTask(print, (), "a work")
        if is_wanted:
            one.stop()
        with here, pytest.raises(error):
            one._receive_result(here, print)


def test_an_answer_on_its_way_when_it_is_stopped_is_not_taken() -> None:
    here, there = multiprocessing.Pipe(duplex=False)
    one = SubprocessTask(print, (), "a work")
    with here, there:
        subprocess_task._run_and_send(there, lambda tell: tell("half"))
        with pytest.raises(TaskStoppedError):
            one._receive_result(here, lambda _half: one.stop())


def test_stopped_before_it_begins_nothing_is_started() -> None:
    one = SubprocessTask(print, (), "a work")
    one.stop()
    before = threading.active_count()
    with pytest.raises(TaskStoppedError):
        one.run(print)
    assert threading.active_count() == before
    assert multiprocessing.active_children() == []
