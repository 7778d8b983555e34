"""The worker processes that a program has started."""

from __future__ import annotations

import os
import re

import psutil

# A stand-alone program starts its worker by an option.
_STARTED_BY = re.compile("spawn_main|--multiprocessing-fork")


def workers_of(program: int | None = None) -> list[psutil.Process]:
    """Return the running workers of a program and of its children, of this process without one.

    A process that has ended, but was not waited for, is none.
    """
    found = []
    for one in psutil.Process(os.getpid() if program is None else program).children(recursive=True):
        try:
            if _STARTED_BY.search(" ".join(one.cmdline())):
                found.append(one)
        except psutil.NoSuchProcess:  # also a zombie
            continue
    return found
