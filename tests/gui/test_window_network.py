"""The window opens no connection until its user starts a download, then only to the hub."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.hub_server import FakeHub, serving, small_files, write_catalog
from helpers.network_watch import noted, watched

# end_to_end/test_nothing_leaves.py watches a window's system calls; here its menus are used, too.
pytestmark = pytest.mark.soak

SCRIPT = '''
"""A window that is used, without anybody in front of it."""

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

import granite_live.models.catalog as catalog
from granite_live.app.engine import Engine
from granite_live.gui.app import Application

SAMPLE = Path(os.environ["GRANITE_TEST_SAMPLE"])


def until(condition):
    """Run the program until a condition holds. (QTest.qWait would keep Python's lock meanwhile.)"""
    until_s = time.monotonic() + 240
    loop = QEventLoop()
    timer = QTimer()
    timer.timeout.connect(lambda: (condition() or time.monotonic() > until_s) and loop.quit())
    timer.start(20)
    loop.exec()
    if not condition():
        raise SystemExit("what is waited for does not happen")


def main():
    catalog.catalog_path = lambda: Path(os.environ["GRANITE_TEST_CATALOG"])
    app = QApplication([])
    app.setStyle("Fusion")
    application = Application(app, Engine())
    window, queue, models = application.window, application.queue, application.controller.models
    application.begin([SAMPLE])
    until(lambda: queue.jobs and all(job.is_over for job in queue.jobs))
    assert application.document.model.rowCount() > 0
    until(window.session_view.offer.isVisible)
    models.open()
    until(lambda: models.dialog.rows)
    models.dialog.accept()
    if "download" in sys.argv:
        window.session_view.offer.accept_button.click()
        until(lambda: not window.control_bar.model_link.isVisible() and not models.work.is_busy)
        print(window.session_view.notices.text.text())
        until(lambda: not window.session_view.offer.isVisible())
    window.close()
    print("ended" if application.end() else "something is left")


if __name__ == "__main__":
    main()
'''


@pytest.fixture
def hub(bundle_dir: Path) -> Iterator[FakeHub]:
    with serving(FakeHub(small_files(bundle_dir, "int8"))) as running:
        yield running


def use_window(folder: Path, hub: FakeHub, *arguments: str) -> tuple[str, list[str]]:
    """Run the window in a process; return its output and the recorded connections."""
    script = folder / "window.py"
    script.write_text(SCRIPT, encoding="utf-8")
    root = Path(__file__).parents[2]
    environment = {
        **watched(folder),
        "QT_QPA_PLATFORM": "offscreen",
        "HF_ENDPOINT": hub.url,
        "GRANITE_TEST_SAMPLE": str(root / "assets" / "samples" / "welcome.flac"),
        "GRANITE_TEST_CATALOG": str(write_catalog(folder / "catalog.toml")),
    }
    environment.pop("HF_TOKEN", None)
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env=environment, capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout, noted(environment)


def test_it_opens_no_connection_by_itself(tmp_path: Path, hub: FakeHub) -> None:
    printed, told = use_window(tmp_path, hub)
    assert printed.splitlines() == ["ended"]
    # The window, the worker process, and multiprocessing's own process.
    assert told.count("process") >= 2
    assert [line for line in told if line != "process"] == []
    assert hub.requests == []


def test_asked_to_it_fetches_from_the_hub_alone(tmp_path: Path, hub: FakeHub) -> None:
    printed, told = use_window(tmp_path, hub, "download")
    assert "is in use." in printed
    assert printed.splitlines()[-1] == "ended"
    connections = [line for line in told if line.startswith("socket.connect")]
    assert connections
    port = hub.url.rpartition(":")[2]
    assert [one for one in connections if "127.0.0.1" not in one or port not in one] == []
    assert hub.sent() > 100_000
