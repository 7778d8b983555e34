"""A worker that is stopped, swapped out or corrupted, and a disk that fails, block nothing else.

Processes, pipes and signals are real.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import shows
from helpers.supervisor_rig import RATE, SupervisorRig

from granite_live.messages.session import WorkerMessage
from granite_live.session.scheduler import Scheduler
from granite_live.session.supervisor import WorkerTimeouts
from granite_live.util.errors import AudioError

WATCHFUL = WorkerTimeouts(heartbeat_s=2.5, task_s=60.0, restart_delays_s=(0.0, 0.0, 0.0))
LONG_S = 20  # its audio has 640 kB, ten times the capacity of a pipe


def test_a_worker_that_froze_is_replaced_whatever_is_being_sent(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    b = start_rig(timeouts=WATCHFUL)
    b.log.next("loaded")
    frozen = b.supervisor.worker_pid
    os.kill(frozen, signal.SIGSTOP)
    began_s = time.monotonic()
    b.say(1, 0, LONG_S)
    assert shows(b.log.next("restarted")[1], WorkerMessage.NO_SIGN_OF_LIFE)
    assert time.monotonic() - began_s < 10.0
    b.log.next("loaded")
    assert b.supervisor.worker_pid != frozen
    _, job, transcript, last = b.log.next("result")
    assert (job.utterance, last) == (1, True)
    assert len(transcript.words) == LONG_S
    b.end()


def test_leaving_waits_for_no_frozen_worker(start_rig: Callable[..., SupervisorRig]) -> None:
    b = start_rig()
    b.log.next("loaded")
    os.kill(b.supervisor.worker_pid, signal.SIGSTOP)
    b.say(1, 0, LONG_S)
    assert b.abandon() < 3.0
    assert b.supervisor.unfinished() == (1,)


def test_a_frozen_worker_without_work_is_not_waited_for_either(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    b = start_rig()
    b.log.next("loaded")
    os.kill(b.supervisor.worker_pid, signal.SIGSTOP)
    began_s = time.monotonic()
    b.end()
    assert time.monotonic() - began_s < 3.0


def test_a_worker_that_freezes_in_the_middle_of_a_message_is_replaced(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    b = start_rig(
        "stop_in_a_message", timeouts=WorkerTimeouts(start_s=8.0, restart_delays_s=(60.0,))
    )
    assert shows(b.log.next("restarted")[1], WorkerMessage.NO_SIGN_OF_LIFE)
    assert b.abandon() < 3.0


def test_a_worker_that_sends_garbage_is_replaced_and_that_is_the_reason(
    start_rig: Callable[..., SupervisorRig],
) -> None:
    b = start_rig("send_garbage")
    assert shows(b.log.next("restarted")[1], WorkerMessage.BAD_MESSAGE)
    b.log.next("loaded")
    b.say(1, 1, 2)
    assert b.log.next("result")[2].text == "W1001"
    b.end()


class FaultyDisk:
    """Returns second k as the word w<1000 + k>; one second fails or hangs."""

    def __init__(self, error: Exception | None, times: int, second: int = 1) -> None:
        self._error, self._left, self._at = error, times, second * RATE
        self.may_go_on = threading.Event()
        self.is_read = threading.Event()
        self.sound = np.repeat(np.arange(1000, 1060, dtype=np.int16), RATE)

    def read(self, start: int, stop: int) -> np.ndarray:
        if start <= self._at < stop and self._left:
            self._left -= 1
            self.is_read.set()
            if self._error is None:
                assert self.may_go_on.wait(60)
            else:
                raise self._error
        return self.sound[start:stop]


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EIO, "Input/output error"),
        AudioError("The sound in 'x' cannot be read: check the disk."),
        ZeroDivisionError("Unhandled exception."),
    ],
)
def test_sound_that_cannot_be_read_is_told_once_and_read_again(
    start_rig: Callable[..., SupervisorRig], error: Exception
) -> None:
    b = start_rig(read=FaultyDisk(error, 2).read)
    b.log.next("loaded")
    b.say(1, 1, 2)
    b.say(2, 2, 3)
    b.say(3, 3, 4)
    said = b.log.next("unreadable")[1]
    assert (str(error).rstrip(".") in said) or "ZeroDivisionError" in said
    finals = [b.log.next("result")[2].text for _ in range(3)]
    assert finals[:2] == ["W1002", "W1003"]  # the others do not wait
    assert finals[2] == "W1001"
    b.end()
    assert b.log.rest() == []
    assert b.supervisor.restarts == 0


def test_what_can_never_be_read_is_given_up_in_the_end() -> None:
    scheduler = Scheduler(RATE)
    scheduler.closed(1, 0, RATE)
    scheduler.closed(2, RATE, 2 * RATE)
    now_s, tries = 100.0, []
    while True:
        job = scheduler.next_job(now_s)
        if job is None or job.utterance == 2:
            retry_s = scheduler.next_retry_s()
            assert retry_s is not None
            now_s = retry_s
            continue
        tries.append(now_s)
        if scheduler.read_failed(job, now_s):
            break
    assert tries[-1] - tries[0] > 30.0  # as long as a disk needs to wake up or be mounted again
    assert scheduler.unfinished() == (2,)
    assert scheduler.next_retry_s() is None


def test_company_that_cannot_be_read_stays_behind(start_rig: Callable[..., SupervisorRig]) -> None:
    b = start_rig("load_batching", read=FaultyDisk(OSError(errno.EIO, "broken"), 1, second=2).read)
    for n in range(1, 5):
        b.say(n, n, n + 1)
    b.end()
    finals = [item[2].text for item in b.log.rest() if item[0] == "result"]
    assert finals == [f"W{1000 + n}" for n in range(1, 5)]


def test_a_disk_that_hangs_blinds_nobody(start_rig: Callable[..., SupervisorRig]) -> None:
    disk = FaultyDisk(None, 1)
    b = start_rig(read=disk.read)
    b.log.next("loaded")
    b.say(1, 1, 2)
    assert disk.is_read.wait(30)
    os.kill(b.supervisor.worker_pid, signal.SIGKILL)
    assert "SIGKILL" in b.log.next("restarted")[1]  # still detected
    b.log.next("loaded")
    disk.may_go_on.set()
    assert b.log.next("result")[2].text == "W1001"
    b.end()


def test_leaving_waits_for_no_disk(start_rig: Callable[..., SupervisorRig]) -> None:
    disk = FaultyDisk(None, 1)
    b = start_rig(read=disk.read)
    b.log.next("loaded")
    b.say(1, 1, 2)
    assert disk.is_read.wait(30)
    try:
        assert b.abandon() < 3.0
    finally:
        disk.may_go_on.set()


_SUSPENDED = """
import sys
from pathlib import Path
from helpers.supervisor_rig import SupervisorRig
from granite_live.session.supervisor import WorkerTimeouts

if __name__ == "__main__":
    b = SupervisorRig(Path(sys.argv[1]), "load", None, WorkerTimeouts(heartbeat_s=2.0))
    b.supervisor.start()
    b.log.next("loaded")
    print("loaded", flush=True)
    sys.stdin.readline()
    b.say(1, 1, 2)
    print(b.log.until("result")[2].text, b.supervisor.restarts, flush=True)
    b.end()
"""


def test_a_program_that_was_suspended_blames_no_worker_for_it(tmp_path: Path) -> None:
    script = tmp_path / "suspended.py"
    script.write_text(_SUSPENDED)
    here = os.pathsep.join(map(str, Path(__file__).parents[:2]))
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": here},
    ) as program:
        try:
            assert program.stdout is not None
            assert program.stdin is not None
            assert program.stdout.readline() == "loaded\n"
            os.killpg(program.pid, signal.SIGSTOP)
            time.sleep(5.0)  # longer than the time limit, which is what this tests
            os.killpg(program.pid, signal.SIGCONT)
            program.stdin.write("\n")
            program.stdin.flush()
            assert program.stdout.readline() == "W1001 0\n"
            assert program.wait(30) == 0
        finally:
            os.killpg(program.pid, signal.SIGKILL)
