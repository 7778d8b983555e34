"""Make a finished session unfinished again, so that the rest of its recording can be read."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from granite_live.audio.journal import filesystem
from granite_live.audio.journal.disk_state import disk_reason
from granite_live.audio.journal.folders import (
    FLAC_NAME,
    PEAKS_NAME,
    SessionLock,
    started_by_name,
)
from granite_live.audio.journal.records import Header
from granite_live.audio.journal.sound import PCM_NAME, FlacReader
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError, OutputError

_BLOCK_S = 10


def reopen_session(folder: Path) -> None:
    """Restore the PCM of a finished session; `open_for_recovery` opens it then.

    The FLAC stays until the session is finished again. Does nothing if the session is unfinished.
    Takes some seconds for an hour of sound.

    Raises:
        AudioError: The recording is deleted or unreadable, or another program uses the session.
        OutputError: The disk does not take the PCM; the session stays finished.
    """
    try:
        lock = SessionLock.acquire(folder)
    except OSError as error:
        raise AudioError(
            JournalMessage.UNOPENABLE(path=folder, reason=disk_reason(error))
        ) from error
    if lock is None:
        raise AudioError(JournalMessage.RUNNING_ELSEWHERE(path=folder))
    try:
        if not os.path.lexists(folder / PCM_NAME):
            _restore(folder)
    finally:
        lock.release()


def _restore(folder: Path) -> None:
    part = folder / f"{PCM_NAME}.part"
    try:
        with FlacReader(folder / FLAC_NAME) as sound:
            _write(sound, part, started_by_name(folder) or datetime.now(UTC))
        filesystem.rename(part, folder / PCM_NAME)
        filesystem.remove(folder / PEAKS_NAME)  # of a recording that was shorter
        filesystem.sync_folder(folder)
    except FileNotFoundError as error:
        raise AudioError(JournalMessage.SOUND_NOT_KEPT(folder=folder)) from error
    except OSError as error:
        filesystem.remove(part)
        raise OutputError(
            JournalMessage.REST_NOT_WRITTEN(path=folder, reason=disk_reason(error))
        ) from error


def _write(sound: FlacReader, part: Path, started: datetime) -> None:
    filesystem.remove(part)  # after a kill
    fd = filesystem.open_file(part, create=True)
    try:
        filesystem.write_all(filesystem, fd, Header(sound.sample_rate_hz, started).pack())
        block = _BLOCK_S * sound.sample_rate_hz
        for start in range(0, sound.samples, block):
            samples = sound.read(start, min(start + block, sound.samples))
            filesystem.write_all(filesystem, fd, samples.astype("<i2").tobytes())
        filesystem.sync(fd)
    finally:
        os.close(fd)
