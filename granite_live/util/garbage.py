"""Make the garbage collector cost less at the start and the end of a process.

`granite_live/__init__.py` calls `collect_less_often` before any other module of the program runs.
"""

from __future__ import annotations

import atexit
import gc

_THRESHOLD = 10_000


def collect_less_often() -> None:
    """Look for reference cycles after more new objects, and not once more at the end.

    A start imports hundreds of modules, whose objects all stay: with the default of 700 objects it
    spends a tenth of its time on looking through them again and again. At the end the system takes
    the memory back anyway; what must be written or closed by then has been.
    """
    gc.set_threshold(_THRESHOLD)
    atexit.register(gc.freeze)
