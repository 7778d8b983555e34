"""Wait for the effects of another process, woken by events rather than a clock."""

from __future__ import annotations

import ctypes
import os
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_S = 120.0
"""Far longer than anything takes: only a failing test waits this long."""

_LOOK_AGAIN_S = 0.5
"""A change can be visible only after its event: SQLite writes its log, then says in shared memory,
which has no events, how much of it counts."""
_IN_MODIFY, _IN_MOVED_TO, _IN_DELETE, _IN_NONBLOCK = 0x2, 0x80, 0x200, os.O_NONBLOCK
# An atomically replaced file is written under another name first and renamed then: a check between
# the two sees the old file, so the renaming must wake it, too.
_CHANGES = _IN_MODIFY | _IN_MOVED_TO | _IN_DELETE


@contextmanager
def changes_in(folder: Path) -> Iterator[int]:
    """Yield a descriptor that is readable when a file in the folder is written or replaced."""
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
    """Wait until a condition is true, checking it after every event and twice a second.

    Args:
        condition: The condition.
        what: Its name in the error message.
        news: A descriptor that is readable when the condition may have changed.
        process: A process whose end also ends the wait.
        timeout_s: The time limit.
    """
    give_up_s = time.monotonic() + timeout_s
    end = os.pidfd_open(process) if process is not None else None
    try:
        while not condition():
            left_s = give_up_s - time.monotonic()
            assert left_s > 0, f"{what} does not happen in {timeout_s:.0f} s"
            watched = [news] if end is None else [news, end]
            ready = select.select(watched, [], [], min(left_s, _LOOK_AGAIN_S))[0]
            if news in ready:
                os.read(news, 1 << 16)
            elif ready and not condition():
                raise AssertionError(f"{what} does not happen: the process has ended")
    finally:
        if end is not None:
            os.close(end)
