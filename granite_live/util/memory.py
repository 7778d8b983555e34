"""Return freed memory to the system."""

from __future__ import annotations

import ctypes
import sys


def trim_heap() -> None:
    """Return the memory to the system that the C library keeps after it was freed.

    Does something with glibc only. Other C libraries return it themselves or cannot be asked.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl does not have it
    if trim is not None:
        trim(0)
