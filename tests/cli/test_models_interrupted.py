"""A download interrupted by the user, and its progress in a terminal."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.hub_server import FakeHub, HubFault, serving, small_files, write_catalog
from rich.console import Console

from granite_live.cli.terminal import byte_progress
from granite_live.models.store import BundleStore
from granite_live.util import paths

_PROGRAM = (
    # A shell lets its background jobs ignore SIGINT, and children inherit that.
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "import sys; from pathlib import Path; from granite_live.models import catalog\n"
    "catalog.catalog_path = lambda: Path(sys.argv[1])\n"
    "from granite_live.cli.main import run\n"
    "sys.exit(run(['models', 'download', '--no-prepare', '--tier', 'int8']))"
)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a process otherwise there")
def test_ctrl_c_keeps_what_came_and_the_next_one_goes_on(bundle_dir: Path, tmp_path: Path) -> None:
    catalog = write_catalog(tmp_path / "catalog.toml")
    command = [sys.executable, "-c", _PROGRAM, str(catalog)]
    with serving(FakeHub(small_files(bundle_dir, "int8"))) as hub:
        hub.faults = [HubFault()] * 3 + [HubFault(stall=200_000)]
        mine = {**os.environ, "HF_ENDPOINT": hub.url}
        first = subprocess.Popen(command, env=mine, stderr=subprocess.PIPE, text=True)
        assert hub.stalled.wait(120)
        first.send_signal(signal.SIGINT)
        _out, err = first.communicate(timeout=60)
        assert first.returncode == 130
        assert "The downloaded part is kept; the same command continues there." in err
        assert "Interrupted." in err
        assert "Traceback" not in err
        assert BundleStore(paths.models_dir()).installed() == ()
        again = subprocess.run(command, env=mine, capture_output=True, text=True, check=False)
        assert again.returncode == 0, again.stderr
        assert "already here" in again.stderr
    assert [one.name for one in BundleStore(paths.models_dir()).installed()] == ["small"]


def test_a_terminal_shows_how_far_it_is() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=120)
    with byte_progress("asking", console) as bar:
        bar.show(500_000, 2_000_000, "int8/[x].onnx")
    assert "int8/[x].onnx" in stream.getvalue()
    assert "0.5/2.0 MB" in stream.getvalue()


def test_without_a_terminal_it_shows_nothing() -> None:
    stream = io.StringIO()
    with byte_progress("asking", Console(file=stream)) as bar:
        bar.show(1, 2, "file")
    assert stream.getvalue() == ""
