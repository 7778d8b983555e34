"""Downloads that are killed at fifty moments."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.download_kills import kill_and_go_on
from helpers.hub_server import FakeHub, serving, small_files, write_catalog


@pytest.mark.soak
def test_killed_at_fifty_moments(
    bundle_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scale: float,
    say: Callable[[str], None],
) -> None:
    seed = random.randrange(1 << 32)
    say(f"seed {seed}")
    turns = max(1, int(25 * scale))
    catalog = write_catalog(tmp_path / "catalog.toml")
    with serving(FakeHub(small_files(bundle_dir, "int8"))) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        kill_and_go_on(hub, catalog, turns, tmp_path, random.Random(seed))
    assert len(list(tmp_path.glob("*/small/int8"))) == turns + 1
    say(f"{2 * turns} kills: whole or nothing each time, at most one file too many")
