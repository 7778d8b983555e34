"""Remove the texts from a finished session's records; its audio and bounds stay."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from granite_live.audio.journal import disk
from granite_live.audio.journal.disk import FileSystem
from granite_live.audio.journal.folder import FLAC_NAME
from granite_live.audio.journal.lock import LOCK_NAME, SessionLock
from granite_live.audio.journal.records import RECORDS_NAME, line, read_records
from granite_live.audio.journal.reserve import RESERVE_NAME
from granite_live.audio.journal.sound import SOUND_NAME
from granite_live.audio.journal.trouble import words
from granite_live.util.errors import OutputError

_TEXTS = frozenset(("final", "failed", "provisional"))


def forget_texts(folder: Path, files: FileSystem = disk) -> bool:
    """Remove every text from the records of the session in `folder`, and the folder if nothing
    remains; return False if the session is unfinished or in use.

    The new records are written to a second file that atomically replaces the old one.

    Raises:
        OutputError: The disk does not take the change; the texts may still exist.
    """
    if not folder.is_dir():
        return True
    try:
        lock = SessionLock.take(folder, files)
        if lock is None:
            return False
        try:
            if (folder / SOUND_NAME).exists():
                return False
            has_sound = (folder / FLAC_NAME).exists()
            if has_sound:
                _rewrite(folder, files)
        finally:
            lock.release()
        if not has_sound:
            for name in (RESERVE_NAME, LOCK_NAME, RECORDS_NAME):
                files.remove(folder / name)
            files.remove_folder(folder)
    except OSError as error:
        raise OutputError(
            f"The texts of the session in '{folder}' cannot be deleted ({words(error)}): check "
            f"your rights to that folder, or delete it yourself."
        ) from error
    return True


def _rewrite(folder: Path, files: FileSystem) -> None:
    path = folder / RECORDS_NAME
    kept = [one for one in read_records(path).records if one.get("event") not in _TEXTS]
    part = folder / f"{RECORDS_NAME}.part"
    try:
        fd = files.open_file(part, create=True)
        try:
            disk.write_all(files, fd, b"".join(map(line, kept)))
            files.sync(fd)
        finally:
            os.close(fd)
        files.rename(part, path)
    except OSError:
        with contextlib.suppress(OSError):
            files.remove(part)
        raise
    files.sync_folder(folder)
