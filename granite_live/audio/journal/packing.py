"""The last step of a session: from growing PCM to FLAC, with the sound whole at any moment."""

from __future__ import annotations

import contextlib
from pathlib import Path

from granite_live.audio.journal import disk
from granite_live.audio.journal.disk import FileSystem
from granite_live.audio.journal.folder import FLAC_NAME
from granite_live.audio.journal.sound import SOUND_NAME, SoundReader
from granite_live.audio.journal.trouble import words
from granite_live.errors import GraniteError, OutputError

PART_NAME = "sound.part.flac"
"""A FLAC file that is being written, or was when the program was killed."""


def pack(folder: Path, files: FileSystem = disk) -> Path | None:
    """Turn the session's PCM into FLAC and return its path, None if nothing was heard.

    In this order: the FLAC is written beside the PCM under another name, decoded and
    compared with it sample for sample, made safe from a power cut, renamed; only then
    is the PCM removed. Whatever interrupts this, the PCM or the FLAC is whole, and
    while the PCM is there the session counts as unfinished and can be packed again.

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
        # If a power cut brings the PCM back, it is packed once more.
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
    """Remove the session's PCM, and with it its sound; the texts stay.

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
    # Imported here: the decoder takes long to load, and a session needs it at its end only.
    from granite_live.audio.journal.flac import encode, verify

    encode(sound, part, files)
    verify(sound, part)


def _remove_quietly(part: Path, files: FileSystem) -> None:
    # If it cannot even be removed it does no harm: the next attempt writes over it.
    with contextlib.suppress(OSError):
        files.remove(part)
