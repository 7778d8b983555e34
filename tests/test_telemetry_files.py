"""The files of onnxruntime's telemetry are removed once, and only if no other program uses them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from granite_live.util.telemetry_files import TelemetryPaths, remove_once

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")

DAY_S = 24 * 3600.0
SESSION = "1795922426467\n247e0337-9188-91a9-93df-9adb036e1106\n"


@pytest.fixture
def places(tmp_path: Path) -> TelemetryPaths:
    folder = tmp_path / "cache" / "Microsoft" / "DeveloperTools" / ".onnxruntime"
    return TelemetryPaths(
        folder, tmp_path / "tmp" / ".ses", tmp_path / "data", tmp_path / "venv" / "bin"
    )


def leave(places: TelemetryPaths, senders: Sequence[str]) -> None:
    """Create the files as onnxruntime 1.32 does, with an event from each sender in the queue."""
    places.folder.mkdir(parents=True)
    (places.folder / "deviceid").write_text("247e0337-9188-91a9-93df-9adb036e1106")
    with closing(sqlite3.connect(places.folder / "onnxruntime.db")) as queue:
        queue.execute("PRAGMA journal_mode=WAL")
        queue.execute("CREATE TABLE events (record_id TEXT, payload BLOB)")
        for sender in senders:
            payload = b")\x033.0I\x0bProcessInfo\xa9\x1e" + os.fsencode(sender) + b"\xc9\x08"
            queue.execute("INSERT INTO events VALUES ('', ?)", (payload,))
        queue.commit()
    places.session.parent.mkdir()
    places.session.write_text(SESSION)


def test_files_of_this_installation_are_removed(places: TelemetryPaths, tmp_path: Path) -> None:
    leave(places, [f"{places.python}/python", f"{places.python}/python3"])
    removed = remove_once(places)
    assert {file.name for file in removed} >= {"deviceid", "onnxruntime.db", ".ses"}
    assert list((tmp_path / "cache").iterdir()) == []
    assert not places.session.exists()


def test_it_is_done_once(places: TelemetryPaths) -> None:
    leave(places, [f"{places.python}/python"])
    assert remove_once(places)
    places.session.parent.rmdir()
    leave(places, [f"{places.python}/python"])  # by whomever
    assert remove_once(places) == ()
    assert (places.folder / "deviceid").exists()


@pytest.mark.parametrize("other", ["/usr/bin/python3", "python", "/opt/editor/editor"])
def test_files_that_another_program_uses_stay(places: TelemetryPaths, other: str) -> None:
    leave(places, [f"{places.python}/python", other])
    assert remove_once(places) == ()
    assert (places.folder / "deviceid").exists()
    assert places.session.exists()


@pytest.mark.parametrize(("days", "is_removed"), [(8, True), (6, False)])
def test_an_empty_queue_must_be_unused_for_a_week(
    places: TelemetryPaths, days: int, is_removed: bool
) -> None:
    places.own.mkdir()
    leave(places, [])
    assert bool(remove_once(places, now_s=time.time() + days * DAY_S)) is is_removed


def test_an_identifier_older_than_the_program_stays(places: TelemetryPaths) -> None:
    leave(places, [])
    old = time.time() - 30 * DAY_S
    for file in places.folder.iterdir():
        os.utime(file, (old, old))
    places.own.mkdir()
    assert remove_once(places) == ()


@pytest.mark.parametrize("kind", ["link", "unknown", "damaged"])
def test_what_is_not_as_expected_stays(places: TelemetryPaths, tmp_path: Path, kind: str) -> None:
    leave(places, [f"{places.python}/python"])
    if kind == "unknown":
        (places.folder / "notes.txt").write_text("mine")
    elif kind == "damaged":
        (places.folder / "onnxruntime.db").write_bytes(b"nothing that SQLite knows" * 100)
    else:
        (places.folder / "deviceid").unlink()
        (tmp_path / "mine").write_text("mine")
        (places.folder / "deviceid").symlink_to(tmp_path / "mine")
    assert remove_once(places) == ()
    assert (places.folder / "onnxruntime.db").exists()


def test_the_program_does_it_when_it_starts(places: TelemetryPaths, tmp_path: Path) -> None:
    python = str(Path(sys.executable).parent / "python")
    leave(places, [python])
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "TMPDIR": str(places.session.parent),
        "GRANITE_LIVE_HOME": str(places.own),
    }
    if sys.platform == "darwin":
        base = tmp_path / "Library" / "Application Support"
        base.parent.mkdir()
        (tmp_path / "cache").rename(base)
    command = [sys.executable, "-m", "granite_live", "--version"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert not places.folder.exists()
    assert not places.session.exists()
