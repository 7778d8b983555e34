"""A signal ends a command whichever thread the system delivers it to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")

SCRIPT = """
import os, signal, threading, time
from granite_live.cli.signals import run_stoppable

def work(request):
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    stopped = threading.Event()
    request.notify(stopped.set)
    time.sleep(0.5)  # the main thread waits by then; sooner, nothing would be tried
    os.kill(os.getpid(), signal.SIGTERM)
    return stopped.wait(20)

# The main thread waits, and the system has to give the signal to the other.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
print(run_stoppable(work))
"""


def test_a_signal_that_reaches_another_thread_stops_the_work() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True, text=True, check=False, timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr


def test_ctrl_c_ends_a_command_whose_standard_input_never_ends() -> None:
    reading, writing = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "granite_live", "transcribe", "-"],
        stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:  # fmt: skip
        os.close(reading)
        with os.fdopen(writing, "wb", buffering=0) as pipe:
            # More than a pipe holds: when it is written, the program reads.
            pipe.write(b"RIFF" + bytes(1 << 20))
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (128 + signal.SIGINT, "", "Interrupted.\n")


BLOCKED = """
import os, signal, threading
from granite_live.cli.signals import run_stoppable

def work(request):
    request.notify(lambda: print("stopping", flush=True), lambda: print("abandoning", flush=True))
    print("working", flush=True)
    threading.Event().wait()  # as for a device or a disk that never answers

run_stoppable(work)
"""


def test_the_second_signal_waits_for_no_work_that_is_blocked_for_good() -> None:
    """Not even where giving up the work does not end it. The limit is timed in the soak tests."""
    with subprocess.Popen(
        [sys.executable, "-c", BLOCKED], stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "stopping\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "abandoning\n"
        assert process.wait(60) == 128 + signal.SIGINT
