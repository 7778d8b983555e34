"""A worker's unexpected failures are logged with a traceback and reported with a reason.

The processes are real; a fake fails in them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import wait
from pathlib import Path

import pytest
from helpers.scripted_recognizers import CRASH, DEFECT
from helpers.supervisor_rig import SupervisorRig

from granite_live.messages.session import WorkerMessage
from granite_live.util import logs, paths


@pytest.fixture
def log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path / "home"))
    return paths.log_dir()


def test_a_defect_over_a_task_fails_the_task_and_keeps_the_worker(
    start_rig: Callable[..., SupervisorRig], caplog: pytest.LogCaptureFixture
) -> None:
    b = start_rig()
    b.sound[16000 + 5] = DEFECT
    b.say(1, 1, 2)
    b.say(2, 2, 3)
    b.log.next("loaded")
    pid = b.supervisor.worker_pid
    _, utterance, attempts, reason = b.log.next("utterance_given_up")
    assert (utterance, attempts) == (1, 3)
    assert "ZeroDivisionError: an injected defect" in reason
    assert "SIG" not in reason
    assert b.log.next("result")[2].text == "W1002"
    assert b.supervisor.worker_pid == pid
    assert b.supervisor.restarts == 0
    assert "Traceback" in caplog.text
    assert "in _misbehave" in caplog.text


def test_a_defect_in_loading_is_tried_again_and_its_reason_told(
    start_rig: Callable[..., SupervisorRig], caplog: pytest.LogCaptureFixture
) -> None:
    b = start_rig("load_badly")
    for _ in range(3):
        assert b.log.next("restarted")[1] == (
            WorkerMessage.LOADING_FAILED(reason="ValueError: no such graph")
        )
    assert "ValueError: no such graph" in b.log.next("worker_unavailable")[1]
    assert "in load_badly" in caplog.text
    b.end()


def test_a_worker_that_cannot_be_imported_says_so(
    start_rig: Callable[..., SupervisorRig],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As if the program is updated while it runs. The child gets its parent's path."""
    (tmp_path / "numpy.py").write_text("raise ImportError('numpy is of another version')\n")
    monkeypatch.syspath_prepend(tmp_path)
    b = start_rig()
    assert "numpy is of another version" in b.log.next("restarted")[1]
    assert "Traceback" in caplog.text
    assert b.abandon() < 3.0


def test_a_crash_in_native_code_is_in_the_workers_log(
    start_rig: Callable[..., SupervisorRig], log_folder: Path
) -> None:
    b = start_rig(deaths=1)
    b.sound[16000 + 5] = CRASH
    b.log.next("loaded")
    b.say(1, 1, 2)
    assert "SIGSEGV" in b.log.next("restarted")[1]
    b.log.next("loaded")
    b.log.next("result")
    b.end()
    log = (log_folder / logs.WORKER_LOG_NAME).read_text()
    assert "Segmentation fault" in log
    assert "_misbehave" in log


def test_what_a_worker_prints_goes_to_its_log(
    start_rig: Callable[..., SupervisorRig], log_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    b = start_rig("load_loudly")
    b.log.next("loaded")
    b.end()
    assert "a library prints this" in (log_folder / logs.WORKER_LOG_NAME).read_text()
    assert capfd.readouterr().err == ""


_PARENT = """
import sys
from pathlib import Path
from helpers.supervisor_rig import QUICK, SupervisorRig

if __name__ == "__main__":
    b = SupervisorRig(Path(sys.argv[1]), sys.argv[2], None, QUICK)
    b.supervisor.start()
    (Path(sys.argv[1]) / "loading").read_text()
    print(b.supervisor.worker_pid, flush=True)
    sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="waits for a stranger's process by a pidfd")
@pytest.mark.parametrize("factory", ["load_forever", "load_with_the_interpreter_locked"])
def test_a_worker_ends_with_its_killed_parent(tmp_path: Path, factory: str) -> None:
    os.mkfifo(tmp_path / "loading")
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    here = os.pathsep.join(map(str, Path(__file__).parents[:2]))
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path), factory],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": here},
    ) as parent:
        assert parent.stdout is not None
        # There is no other way to wait for the end of another process's child.
        worker = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
        has_ended = wait([worker], 1.0)
        os.close(worker)
        assert has_ended, "the worker outlived its parent"
    assert parent.returncode == -signal.SIGKILL
