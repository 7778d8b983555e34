"""Switching the model during a session loses nothing, whether it succeeds or fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from helpers.scripted_recognizers import KILL
from helpers.session_fakes import RATE, FakeSession, said
from helpers.worker_processes import workers_of

from granite_live.audio.source import NoticeKind
from granite_live.session import events
from granite_live.session.messages import ModelSpec


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., FakeSession]]:
    made: list[FakeSession] = []

    def start_session(**arguments: object) -> FakeSession:
        made.append(FakeSession(tmp_path, factory="load_named", **arguments))
        made[-1].session.start()
        made[-1].source.notify(NoticeKind.ACTIVE)
        return made[-1]

    yield start_session
    for one in made:
        one.session.stop(keep_unfinished=True)
        assert one.session.join(30)
    assert workers_of() == []


@pytest.fixture
def s(make: Callable[..., FakeSession]) -> FakeSession:
    start_session = make()
    start_session.until(events.ModelReady)
    return start_session


def spec(folder: Path, name: str) -> ModelSpec:
    return ModelSpec(str(folder), provider=name)


def texts(start_session: FakeSession) -> list[str]:
    return [one.text for one in start_session.all(events.FinalText)]


def test_the_old_one_works_until_the_new_one_is_loaded(s: FakeSession, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    old = s.session.worker_pid
    s.session.switch_model(spec(tmp_path, "gated"))
    s.source.play(said([200]))
    s.until(events.FinalText, text="auto:w200")
    (tmp_path / "gate").write_text("open")
    assert s.until(events.ModelReady).model.tier == "gated"
    assert not psutil.pid_exists(old)
    s.source.play(said([300]))
    s.until(events.FinalText, text="gated:w300")
    s.end()
    assert texts(s) == ["auto:w200", "gated:w300"]
    assert s.events[-1].worker_restarts == 0
    models = [one["tier"] for one in s.journal.records if one["event"] == "model"]
    assert models == ["auto", "gated"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("missing", "There is no such model."), ("dying", "SIGKILL")],
)
def test_one_that_cannot_be_loaded_changes_nothing(
    s: FakeSession, tmp_path: Path, name: str, reason: str
) -> None:
    old = s.session.worker_pid
    s.session.switch_model(spec(tmp_path, name))
    told = s.until(events.ModelRejected)
    assert reason in told.reason
    assert events.to_json(told)["event"] == "model_refused"
    s.source.play(said([200]))
    s.until(events.FinalText, text="auto:w200")
    assert s.session.worker_pid == old
    assert len(workers_of()) == 1


def test_the_last_wish_counts(s: FakeSession, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    s.session.switch_model(spec(tmp_path, "gated"))
    s.session.switch_model(spec(tmp_path, "third"))
    assert s.until(events.ModelReady).model.tier == "third"
    s.source.play(said([200]))
    s.until(events.FinalText, text="third:w200")
    assert len(workers_of()) == 1


def test_a_model_replaces_one_that_could_not_be_loaded(tmp_path: Path) -> None:
    start_session = FakeSession(tmp_path, factory="load_nothing")
    start_session.session.start()
    start_session.until(events.StateChanged, state="recording_only")
    start_session.session.switch_model(spec(tmp_path, "any"))
    assert "There is no model" in start_session.until(events.ModelRejected).reason
    start_session.session.stop()
    assert start_session.session.join(30)


def test_what_was_recorded_without_a_model_gets_its_text(
    make: Callable[..., FakeSession], tmp_path: Path
) -> None:
    # The first model is rejected; the audio and the end wait for the second.
    start_session = make(model=spec(tmp_path, "missing"))
    start_session.until(events.StateChanged, state="recording_only")
    start_session.source.play(said([200]))
    os.mkfifo(tmp_path / "gate")
    start_session.session.switch_model(spec(tmp_path, "gated"))
    start_session.session.stop()
    start_session.until(events.StateChanged, state="stopping")
    (tmp_path / "gate").write_text("open")
    assert start_session.session.join(30)
    assert texts(start_session) == ["gated:w200"]
    assert start_session.events[-1].failed == 0


def test_work_in_hand_is_done_before_and_a_backlog_after(s: FakeSession, tmp_path: Path) -> None:
    """The old worker hangs in an utterance while the new one is ready."""
    os.kill(s.session.worker_pid, signal.SIGSTOP)
    for word in range(200, 206):
        s.source.play(said([word]))
    s.session.switch_model(spec(tmp_path, "other"))
    s.end()
    # The utterance in progress was lost with the worker that hung, and sent to the new one.
    assert [one.removeprefix("other:") for one in texts(s)] == [f"w{n}" for n in range(200, 206)]
    assert s.events[-1].failed == 0


def test_a_restart_is_of_the_new_model(make: Callable[..., FakeSession], tmp_path: Path) -> None:
    start_session = make(deaths=1)
    start_session.until(events.ModelReady)
    start_session.session.switch_model(ModelSpec(str(tmp_path), "1", "other"))
    start_session.until(events.ModelReady)
    sound = said([200])
    sound[RATE // 4] = KILL
    start_session.source.play(sound)
    start_session.until(events.WorkerRestarted)
    assert start_session.until(events.ModelReady).model.tier == "other"
    start_session.end()
    assert texts(start_session)[0].startswith("other:")


def test_a_session_that_ends_does_not_wait_for_the_new_one(s: FakeSession, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    s.session.switch_model(spec(tmp_path, "gated"))
    s.source.play(np.concatenate([said([200]), said([201])]))
    s.end()
    assert texts(s) == ["auto:w200", "auto:w201"]
