"""A power cut at a few moments; tests/soak has many."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from helpers.download_kills import kill_and_go_on
from helpers.hub_server import FakeHub


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
def test_killed_at_a_few_moments(hub: FakeHub, catalog: Path, tmp_path: Path) -> None:
    kill_and_go_on(hub, catalog, 2, tmp_path, random.Random(3))
    assert len(list(tmp_path.glob("*/small/int8"))) == 3
