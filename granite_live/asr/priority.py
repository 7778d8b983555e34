"""Lower the process's priority so that other programs stay responsive."""

from __future__ import annotations

import logging
import sys

NICENESS = 5
"""About a third of a core against a busy program, all of the core otherwise."""


def stand_back() -> None:
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
