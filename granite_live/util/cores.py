"""The CPU cores that this process may use."""

from __future__ import annotations

import os


def default_threads() -> int:
    """Return the number of physical cores that this process may use, at least 1.

    Two threads on one core share its arithmetic units, so a second one does not speed up
    matrix products.
    """
    import psutil

    allowed = len(allowed_processors())
    physical = psutil.cpu_count(logical=False)
    return max(1, min(physical or allowed, allowed))


def allowed_processors() -> list[int]:
    """Return the numbers of the logical CPUs that this process may use; never empty."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))
