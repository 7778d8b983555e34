"""Fixtures of the supervisor's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from bench import QUICK, Bench

from granite_live.live.supervisor import Patience


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(
        factory: str = "load", deaths: int | None = None, patience: Patience = QUICK, **more: Any
    ) -> Bench:
        made.append(Bench(tmp_path, factory, deaths, patience, **more))
        made[-1].supervisor.start()
        return made[-1]

    yield make
    for one in made:
        one.supervisor.abandon()
        assert one.supervisor.join(30)
    # (multiprocessing keeps a resource tracker process.)
    children = [" ".join(child.cmdline()) for child in psutil.Process().children()]
    assert not [line for line in children if "spawn_main" in line], "a worker was left behind"
