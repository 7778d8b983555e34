"""Convert a finished session's PCM to FLAC without ever risking the audio."""

from __future__ import annotations

import contextlib
from pathlib import Path

from granite_live.audio.journal import disk
from granite_live.audio.journal.disk import FileSystem
from granite_live.audio.journal.folder import FLAC_NAME
from granite_live.audio.journal.sound import SOUND_NAME, SoundReader
from granite_live.audio.journal.trouble import words
from granite_live.util.errors import GraniteError, OutputError

PART_NAME = "sound.part.flac"
"""The FLAC file while it is being written, or after the program was killed then."""


def pack(folder: Path, files: FileSystem = disk) -> Path | None:
    """Convert the session's PCM to FLAC and return its path, None if there are no samples.

    In this order: write the FLAC under another name, decode and compare it with the PCM sample for
    sample, sync and rename it; only then remove the PCM. Whatever interrupts this, the PCM or the
    FLAC is complete, and while the PCM exists the session counts as unfinished and can be packed
    again.

    Raises:
        OutputError: The disk does not take it, or the copy is not exact. The PCM stays.
        AudioError: The PCM cannot be read.
    """
    pcm, part, flac = (folder / name for name in (SOUND_NAME, PART_NAME, FLAC_NAME))
    try:
        with SoundReader.open(pcm) as sound:
            has_sound = sound.samples > 0
            if has_sound:
                _write_and_verify(sound, part, files)
        if has_sound:
            files.rename(part, flac)
            files.sync_folder(folder)
        else:
            files.remove(part)
        files.remove(pcm)
        # If a power failure restores the PCM, it is packed once more.
        with contextlib.suppress(OSError):
            files.sync_folder(folder)
    except OSError as error:
        _remove_quietly(part, files)
        raise OutputError(
            f"The recording in '{folder}' cannot be turned into FLAC ({words(error)}): it "
            f"stays as it is; free some space on that disk, then recover the session"
        ) from error
    except GraniteError:
        _remove_quietly(part, files)
        raise
    return flac if has_sound else None


def discard(folder: Path, files: FileSystem = disk) -> None:
    """Delete the session's PCM, and with it the recording; the texts stay.

    Raises:
        OutputError: It cannot be removed.
    """
    try:
        files.remove(folder / PART_NAME)
        files.remove(folder / SOUND_NAME)
        files.sync_folder(folder)
    except OSError as error:
        raise OutputError(
            f"The recording in '{folder}' cannot be removed ({words(error)}): check your rights "
            f"to that folder, or delete it yourself"
        ) from error


def _write_and_verify(sound: SoundReader, part: Path, files: FileSystem) -> None:
    # Imported here because the decoder loads slowly, and is needed only at the end of a session.
    from granite_live.audio.journal.flac import encode, verify

    encode(sound, part, files)
    verify(sound, part)


def _remove_quietly(part: Path, files: FileSystem) -> None:
    # If this fails it does no harm: the next attempt overwrites the file.
    with contextlib.suppress(OSError):
        files.remove(part)
