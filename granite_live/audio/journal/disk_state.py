"""Describe the disk's state to the user: failure, loss and recovery."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import Enum

_MB = 1_000_000
# Ten minutes of audio: freed space must last for a while.
_AHEAD_BYTES = 20 * _MB
_IS_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class DiskState(Enum):
    """Whether the disk takes the recording."""

    WRITING = "writing"
    """Everything is on the disk."""
    REFUSING = "refusing"
    """The newest audio or records are in memory only. Nothing is lost yet."""
    LOSING = "losing"
    """Memory is full as well: the oldest unwritten audio has been dropped."""


@dataclass(frozen=True, slots=True)
class DiskNews:
    """The disk's state when it changes, and at intervals, with a sentence for the user.

    Attributes:
        state: The current state.
        detail: The sentence.
        unwritten_s: Seconds of audio in memory only.
        lost_s: Seconds of audio dropped so far.
        folder: The folder of the session.
        needed_bytes: Missing space for the waiting data and the next minutes; 0 if the disk
            takes everything, or has another fault than being full.
    """

    state: DiskState
    detail: str
    unwritten_s: float
    lost_s: float
    folder: str
    needed_bytes: int


def is_full(error: OSError) -> bool:
    """Return whether an error means that the disk is full rather than broken."""
    return error.errno in _IS_FULL


def words(error: OSError) -> str:
    """Return the system's reason for an error, for use in a sentence."""
    reason = error.strerror or str(error) or type(error).__name__
    reason = reason[:1].lower() + reason[1:]
    return f"the disk is full: {reason}" if is_full(error) else reason


def news(
    state: DiskState,
    error: OSError | None,
    folder: str,
    unwritten_bytes: int,
    unwritten_s: float,
    lost_s: float,
) -> DiskNews:
    """Return the report for `state`; `unwritten_bytes` counts audio and records."""
    needed_bytes = 0
    if state is not DiskState.WRITING and (error is None or is_full(error)):
        needed_bytes = -(-(unwritten_bytes + _AHEAD_BYTES) // _MB) * _MB
    detail = _sentence(state, error, folder, needed_bytes // _MB, unwritten_s, lost_s)
    return DiskNews(state, detail, unwritten_s, lost_s, folder, needed_bytes)


def _sentence(
    state: DiskState,
    error: OSError | None,
    folder: str,
    needed_mb: int,
    unwritten_s: float,
    lost_s: float,
) -> str:
    reason = words(error) if error else "unknown reason"
    if state is DiskState.REFUSING and needed_mb:
        return (
            f"The recording cannot be written to {folder} ({reason}); it goes on in memory, "
            f"where {unwritten_s:.1f} s are now: free {needed_mb} MB on that disk, by deleting "
            f"old sessions or other files"
        )
    if state is DiskState.REFUSING:
        return (
            f"The recording cannot be written to {folder} ({reason}); it goes on in memory, "
            f"where {unwritten_s:.1f} s are now: check that disk and your rights to the folder"
        )
    if state is DiskState.LOSING and needed_mb:
        return (
            f"The recording cannot be written to {folder} ({reason}) and memory for it is "
            f"used up: its oldest unwritten part is being dropped; free {needed_mb} MB on that "
            f"disk at once"
        )
    if state is DiskState.LOSING:
        return (
            f"The recording cannot be written to {folder} ({reason}) and memory for it is "
            f"used up: its oldest unwritten part is being dropped; check that disk and your "
            f"rights to the folder at once"
        )
    if lost_s:
        return (
            f"The recording is being written to {folder} again; {lost_s:.1f} s of sound were "
            f"lost, silence stands in their place"
        )
    return f"The recording is being written to {folder} again; nothing was lost"
