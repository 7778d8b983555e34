"""What a journal tells about the disk: trouble, worse trouble, and its end."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import Enum

_IS_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class DiskState(Enum):
    """How the disk takes what is said."""

    WRITING = "writing"
    """Everything is on the disk."""
    REFUSING = "refusing"
    """The newest sound or records are in memory only. Nothing is lost yet."""
    LOSING = "losing"
    """Memory is used up as well: the oldest unwritten sound has been dropped."""


@dataclass(frozen=True, slots=True)
class DiskNews:
    """A change of the disk's state, with a sentence for the user."""

    state: DiskState
    detail: str
    unwritten_s: float
    lost_s: float


def words(error: OSError) -> str:
    """Return the system's reason for an error, to go into a sentence."""
    reason = error.strerror or str(error) or type(error).__name__
    reason = reason[:1].lower() + reason[1:]
    return f"the disk is full: {reason}" if error.errno in _IS_FULL else reason


def sentence(
    state: DiskState, error: OSError | None, folder: str, unwritten_s: float, lost_s: float
) -> str:
    """Return what to tell the user on a change to `state`."""
    reason = words(error) if error else "unknown reason"
    if state is DiskState.REFUSING:
        return (
            f"The recording cannot be written to {folder} ({reason}); it goes on in memory, "
            f"where {unwritten_s:.1f} s are now: free some space on that disk"
        )
    if state is DiskState.LOSING:
        return (
            f"The recording cannot be written to {folder} ({reason}) and memory for it is "
            f"used up: its oldest unwritten part is being dropped; free some space at once"
        )
    if lost_s:
        return (
            f"The recording is being written to {folder} again; {lost_s:.1f} s of sound were "
            f"lost, silence stands in their place"
        )
    return f"The recording is being written to {folder} again; nothing was lost"
