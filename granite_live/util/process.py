"""The processor's cores that this process may use, its priority, and its freed memory."""

from __future__ import annotations

import ctypes
import logging
import os
import sys


def physical_core_count() -> int:
    """Return the number of physical cores that this process may use, at least 1.

    Two threads on one core share its arithmetic units, so a second one does not speed up
    matrix products.
    """
    import psutil

    allowed = len(allowed_cpus())
    physical = psutil.cpu_count(logical=False)
    return max(1, min(physical or allowed, allowed))


def allowed_cpus() -> list[int]:
    """Return the numbers of the logical CPUs that this process may use; never empty."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


NICENESS = 5
"""About a third of a core against a busy program, all of the core otherwise."""


def lower_priority() -> None:
    """Lower this process's priority permanently. For worker processes that only compute.

    Windows, the audio callback and the user's programs come first. If the system refuses, only a
    warning is logged.
    """
    import psutil

    process = psutil.Process()
    try:
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        elif process.nice() < NICENESS:
            process.nice(NICENESS)
    except (psutil.Error, OSError) as error:
        logging.getLogger(__name__).warning("the priority stays as it is: %s", error)


def trim_heap() -> None:
    """Return the memory to the system that the C library keeps after it was freed.

    Does something with glibc only. Other C libraries return it themselves or cannot be asked.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl does not have it
    if trim is not None:
        trim(0)
