"""Fixtures of the tests of sessions and of the supervisor."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.session_fakes import FakeSession
from helpers.supervisor_rig import QUICK, SupervisorRig
from helpers.worker_processes import workers_of

from granite_live.session.supervisor import WorkerTimeouts


@pytest.fixture
def start_rig(tmp_path: Path) -> Iterator[Callable[..., SupervisorRig]]:
    made: list[SupervisorRig] = []

    def make(
        factory: str = "load",
        deaths: int | None = None,
        timeouts: WorkerTimeouts = QUICK,
        **more: Any,
    ) -> SupervisorRig:
        made.append(SupervisorRig(tmp_path, factory, deaths, timeouts, **more))
        made[-1].supervisor.start()
        return made[-1]

    yield make
    for one in made:
        one.supervisor.abandon()
        assert one.supervisor.join(30)
    assert workers_of() == [], "a worker was left behind"


@pytest.fixture
def start_session(tmp_path: Path) -> Iterator[Callable[..., FakeSession]]:
    made: list[FakeSession] = []

    def make(**arguments: Any) -> FakeSession:
        made.append(FakeSession(tmp_path, **arguments))
        made[-1].session.start()
        return made[-1]

    yield make
    for one in made:
        one.session.stop(keep_unfinished=True)
        assert one.session.join(30)
    for thread in threading.enumerate():
        if thread.name in {"pump", "supervisor", "packer", "events"}:
            # The test may have let a listener go only a moment ago.
            thread.join(30)
            assert not thread.is_alive(), thread.name
