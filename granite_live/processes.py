"""What the processes that this program starts have in common."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import wait

from granite_live.threads import ReportingThread

_PR_SET_PDEATHSIG = 1  # of sys/prctl.h


def ignore_terminal() -> None:
    """Leave Ctrl-C, and the terminal's end, to the parent: they reach the whole group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def end_with_parent(*, by_kernel: bool = True) -> None:
    """Let this process end as soon as its parent has, however that ended.

    A thread waits for the parent's end. On Linux the kernel does as well (`by_kernel`), which ends
    the process even while native code keeps the interpreter from running any thread.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if by_kernel and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent.pid:  # it ended before that
            os._exit(1)
    sentinel = parent.sentinel

    def watch() -> None:
        wait([sentinel])
        os._exit(1)

    ReportingThread(watch, name="parent", daemon=True).start()
