"""Describe the disk's state to the user: failure, loss and recovery."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import Enum

from granite_live.messages.journal import JournalMessage

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
class DiskStatus:
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


def disk_reason(error: OSError) -> str:
    """Return the system's reason for an error, for use in a sentence."""
    reason = error.strerror or str(error) or type(error).__name__
    reason = reason[:1].lower() + reason[1:]
    return JournalMessage.DISK_FULL(reason=reason) if is_full(error) else reason


def describe_disk(
    state: DiskState,
    error: OSError | None,
    folder: str,
    unwritten_bytes: int,
    unwritten_s: float,
    lost_s: float,
) -> DiskStatus:
    """Return the report for `state`; `unwritten_bytes` counts audio and records."""
    needed_bytes = 0
    if state is not DiskState.WRITING and (error is None or is_full(error)):
        needed_bytes = -(-(unwritten_bytes + _AHEAD_BYTES) // _MB) * _MB
    detail = _sentence(state, error, folder, needed_bytes // _MB, unwritten_s, lost_s)
    return DiskStatus(state, detail, unwritten_s, lost_s, folder, needed_bytes)


def _sentence(
    state: DiskState,
    error: OSError | None,
    folder: str,
    needed_mb: int,
    unwritten_s: float,
    lost_s: float,
) -> str:
    reason = disk_reason(error) if error else JournalMessage.UNKNOWN_REASON()
    if state is DiskState.REFUSING and needed_mb:
        return JournalMessage.DISK_FULL_KEPT_IN_MEMORY(
            folder=folder, reason=reason, unwritten_s=unwritten_s, needed_mb=needed_mb
        )
    if state is DiskState.REFUSING:
        return JournalMessage.UNWRITABLE_KEPT_IN_MEMORY(
            folder=folder, reason=reason, unwritten_s=unwritten_s
        )
    if state is DiskState.LOSING and needed_mb:
        return JournalMessage.DISK_FULL_DROPPING(folder=folder, reason=reason, needed_mb=needed_mb)
    if state is DiskState.LOSING:
        return JournalMessage.UNWRITABLE_DROPPING(folder=folder, reason=reason)
    if lost_s:
        return JournalMessage.WRITING_AGAIN_AFTER_LOSS(folder=folder, lost_s=lost_s)
    return JournalMessage.WRITING_AGAIN(folder=folder)
