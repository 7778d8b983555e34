"""Lets other programs go first where the model takes every core."""

from __future__ import annotations

import logging
import sys

NICENESS = 5
"""A third of a core against a program that wants all of it; all of it against none."""


def stand_back() -> None:
    """Lower this process's priority, for good: use it in a process that computes and nothing else.

    Windows, the sound card's callback and what the user works with come first. Where the
    system does not allow it, nothing happens.
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
