"""Set up the child processes of this program."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import wait

from granite_live.util.threads import ReportingThread

_PR_SET_PDEATHSIG = 1  # of sys/prctl.h


def ignore_terminal() -> None:
    """Ignore Ctrl-C and the terminal's end, which the parent handles for the whole group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def end_with_parent(*, by_kernel: bool = True) -> None:
    """End this process as soon as its parent has ended in any way.
     A thread waits for the parent's end. On Linux the kernel does too (`by_kernel`), which works
    even while native code blocks the interpreter.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if by_kernel and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent.pid:  # it ended before the call
            os._exit(1)
    sentinel = parent.sentinel

    def watch() -> None:
        wait([sentinel])
        os._exit(1)

    ReportingThread(watch, name="parent", daemon=True).start()
