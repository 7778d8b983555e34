"""Unhandled exceptions are logged, and logging causes no failure."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from granite_live.util import logs, paths


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path))
    return paths.log_dir()


def test_nothing_to_tell_makes_no_file(folder: Path) -> None:
    with logs.log_to_file():
        logging.getLogger("x").info("too little")
    assert not folder.exists() or not list(folder.iterdir())


def test_threads_and_finalizers_that_fail_are_in_the_log(folder: Path) -> None:
    class Doomed:
        def __del__(self) -> None:
            raise ValueError("in a finalizer")

    def fail() -> None:
        raise KeyError("in a thread")

    before = threading.excepthook, sys.unraisablehook, sys.excepthook
    with logs.log_to_file():
        thread = threading.Thread(target=fail, name="of a library")
        thread.start()
        thread.join()
        doomed = Doomed()
        del doomed
        logging.getLogger("x").warning("a sentence")
    assert (threading.excepthook, sys.unraisablehook, sys.excepthook) == before
    text = (folder / logs.LOG_NAME).read_text()
    assert "of a library" in text
    assert "KeyError: 'in a thread'" in text
    assert "ValueError: in a finalizer" in text
    assert "a sentence" in text
    assert text.count("Traceback") == 2
    if os.name == "posix":
        assert (folder / logs.LOG_NAME).stat().st_mode & 0o077 == 0


def test_a_log_that_cannot_be_written_harms_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder can be here")
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path / "file"))
    with logs.log_to_file(crashes=True):
        logging.getLogger("x").error("nobody will read this")
    assert capfd.readouterr().err == ""


_CRASHING = """
import ctypes, logging
from granite_live.util import logs

def read_nothing():
    ctypes.string_at(0)

with logs.log_to_file(crashes=True):
    read_nothing()
"""


def test_a_crash_in_native_code_says_where_in_the_log(folder: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CRASHING], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert done.stderr == ""
    assert "read_nothing" in (folder / logs.LOG_NAME).read_text()


def test_what_goes_to_standard_error_can_go_to_a_log(folder: Path) -> None:
    code = """
import os
from granite_live.util import logs

logs.redirect_stderr("x.log")
os.write(2, b"hm")
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert (folder / "x.log").read_text() == "hm"
