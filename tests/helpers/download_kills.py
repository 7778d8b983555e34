"""Kill downloads and check the result: a complete tier or none, and no file fetched twice."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from granite_live.models.opening import open_bundle
from granite_live.models.store import BundleStore
from granite_live.util.errors import BundleError
from helpers.download_runs import is_whole
from helpers.hub_server import FakeHub, HubFault


def download(root: Path, catalog: Path, kill_at: int) -> str:
    """Download in another process that dies at a moment; return its output, "" if it died."""
    script = Path(__file__).with_name("killed_download.py")
    done = subprocess.run(
        [sys.executable, script, root, catalog, "int8", str(kill_at)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == (0 if done.stdout else -9), done.stderr
    return done.stdout


def kill_and_go_on(
    hub: FakeHub, catalog: Path, kills: int, root: Path, pick: random.Random
) -> None:
    """Kill a download twice and resume it, `kills` times, over a connection that also fails."""
    moments = int(download(root / "first", catalog, 0))
    assert moments > 50
    one_file = max(map(len, hub.files.values()))
    wanted = sum(_size(hub, path) for path in hub.files)
    for turn in range(kills):
        store = BundleStore(root / str(turn))
        hub.requests.clear()
        hub.faults = [HubFault(cut=pick.randrange(one_file)) for _ in range(pick.randrange(8))]
        first, second = pick.randrange(1, moments), pick.randrange(1, moments)
        for kill_at in (first, second, 0):
            done = download(store.root, catalog, kill_at)
            _check_whole_or_none(store, hub)
            if done:
                break
        assert is_whole(store, hub), f"killed at {first} and {second}"
        assert hub.sent() <= wanted + one_file, f"killed at {first} and {second}"


def _check_whole_or_none(store: BundleStore, hub: FakeHub) -> None:
    here = store.installed()
    if here:
        assert [one.name for one in here] == ["small"]
        assert not here[0].problem
        assert is_whole(store, hub)
        assert open_bundle(here[0].path).tier == "int8"
    else:
        with pytest.raises(BundleError):
            store.find("small")


def _size(hub: FakeHub, path: str) -> int:
    return len(hub.files[path]) if path.startswith("int8/") or "/" not in path else 0
