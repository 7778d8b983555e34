"""A failing thread is logged and reported, and a wait for it can be interrupted."""

from __future__ import annotations

import ast
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import granite_live
from granite_live.util.lifecycle import ReportingThread, summarize_error


def test_an_exception_is_logged_with_its_traceback_and_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[BaseException] = []

    def fail() -> None:
        raise ValueError("no such thing")

    thread = ReportingThread(fail, name="worker bee", on_failure=told.append)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert [str(error) for error in told] == ["no such thing"]
    assert "worker bee" in caplog.text
    assert "Traceback" in caplog.text
    assert "in fail" in caplog.text


def test_an_exit_in_a_thread_is_no_silent_end(caplog: pytest.LogCaptureFixture) -> None:
    told: list[BaseException] = []
    thread = ReportingThread(lambda: sys.exit(3), name="leaving", on_failure=told.append)
    thread.start()
    thread.join(10)
    assert isinstance(told[0], SystemExit)
    assert "leaving" in caplog.text


def test_a_report_that_fails_is_logged_too(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_error: object = None) -> None:
        raise RuntimeError("failed again")

    thread = ReportingThread(fail, name="bee", on_failure=fail)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert caplog.text.count("Traceback") >= 2


def test_an_ordinary_end_is_no_news(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    done = threading.Event()
    thread = ReportingThread(done.set, name="bee")
    thread.start()
    thread.join()
    assert done.is_set()
    assert caplog.text == ""


_INTERRUPTED = """
import os, signal, threading
from granite_live.util.lifecycle import ReportingThread

def interrupt():
    is_waiting.wait()
    os.kill(os.getpid(), signal.SIGINT)
    may_end.wait()

signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
is_waiting, may_end = threading.Event(), threading.Event()
thread = ReportingThread(interrupt, name="bee")
thread.start()
try:
    is_waiting.set()
    thread.join(60)
except KeyboardInterrupt:
    thread.join(0.05)
    print("alive" if thread.is_alive() else "taken for dead", flush=True)
may_end.set()
thread.join()
print("joined", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT can be sent to one process there")
def test_an_interrupted_wait_leaves_the_thread_alive() -> None:
    """bpo-46726: after an interrupted `join(timeout)` Python 3.11 and 3.12 consider it ended."""
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED],
        capture_output=True,
        text=True,
        check=True,
        timeout=90,
    )
    assert done.stdout.split("\n")[:2] == ["alive", "joined"]


def test_every_thread_of_the_program_reports_its_end() -> None:
    """A plain `Thread` would end without informing its owner."""
    package = Path(granite_live.__file__).parent
    found = [
        f"{path.relative_to(package)}:{node.lineno}"
        for path in package.rglob("*.py")
        if "Thread(" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("threading.Thread", "Thread")
    ]
    assert found == []


def test_an_exception_in_a_line() -> None:
    assert summarize_error(ValueError("first\nsecond")) == "ValueError: first"
    assert summarize_error(KeyError()) == "KeyError"
