"""Waiting for what another process does, woken by what it does and not by a clock."""

from __future__ import annotations

import ctypes
import os
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_S = 120.0
"""Far longer than anything takes: only what never comes is waited for so long."""

_IN_MODIFY, _IN_MOVED_TO, _IN_DELETE, _IN_NONBLOCK = 0x2, 0x80, 0x200, os.O_NONBLOCK
# A file that is replaced whole is written under another name first and renamed then: who looked
# between the two saw the old one, and must hear of the renaming.
_CHANGES = _IN_MODIFY | _IN_MOVED_TO | _IN_DELETE


@contextmanager
def changes_in(folder: Path) -> Iterator[int]:
    """Give a descriptor that can be read whenever a file in the folder is written or replaced."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(_IN_NONBLOCK)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "no folder can be watched here")
    try:
        if libc.inotify_add_watch(descriptor, os.fsencode(folder), _CHANGES) < 0:
            raise OSError(ctypes.get_errno(), f"{folder} cannot be watched")
        yield descriptor
    finally:
        os.close(descriptor)


def until(
    condition: Callable[[], object],
    what: str,
    news: int,
    *,
    process: int | None = None,
    timeout_s: float = WAIT_S,
) -> None:
    """Wait until something is so, looking whenever there is news.

    Args:
        condition: What shall be so.
        what: How that is called where it does not come.
        news: A descriptor that can be read when there is something new to look at.
        process: Whose end is the end of all hope.
        timeout_s: How long at most.
    """
    give_up_s = time.monotonic() + timeout_s
    end = os.pidfd_open(process) if process is not None else None
    try:
        while not condition():
            left_s = give_up_s - time.monotonic()
            watched = [news] if end is None else [news, end]
            ready = select.select(watched, [], [], max(0.0, left_s))[0]
            # To look may itself be news: the time counts whatever there is.
            is_late = not ready or left_s <= 0
            assert not is_late, f"{what} does not happen in {timeout_s:.0f} s"
            if news in ready:
                os.read(news, 1 << 16)
            elif not condition():
                raise AssertionError(f"{what} does not happen: the process has ended")
    finally:
        if end is not None:
            os.close(end)
