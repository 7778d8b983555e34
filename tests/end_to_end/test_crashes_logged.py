"""A crash in native code of any process leaves where it happened in the log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from granite_live.util import logs, paths
from granite_live.util.paths import assets_dir

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_of_transcribe_is_in_the_log(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "granite_live", "transcribe", "-"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    # More than a pipe holds: when it has all been taken, the command is at work.
    data = (assets_dir() / "samples" / "welcome.flac").read_bytes()
    assert len(data) > 1 << 17
    process.stdin.write(data)
    process.send_signal(number)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == -number
    assert b"Traceback" not in err
    log = (paths.log_dir() / logs.LOG_NAME).read_text(encoding="utf-8")
    assert "Fatal Python error" in log
    assert "granite_live" in log
