"""Chooses and checks the files for results."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from granite_live.cli.recordings import Recording
from granite_live.transcript.files import cannot_write
from granite_live.util.errors import OutputError


class TargetExistsError(OutputError):
    """The result's file exists already."""


def check_target(path: Path, *, overwrite: bool) -> None:
    """Raise if a result cannot be written to `path`.

    Raises:
        TargetExistsError: The file exists and must not be replaced.
        OutputError: The name is too long or a folder, or the file is write-protected.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise cannot_write(path, error) from error
    if stat.S_ISDIR(mode):
        raise cannot_write(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    if not overwrite:
        raise TargetExistsError(f"'{path}' exists already.")
    if not mode & 0o222:
        raise OutputError(
            f"'{path}' is write-protected and is not replaced: take the protection away, or "
            f"choose another name."
        )


def check_folder(folder: Path, *, create: bool = False) -> None:
    """Try to create a file in `folder`, before hours of work depend on it.

    Args:
        folder: The folder.
        create: Create it if it is missing.

    Raises:
        OutputError: Files cannot be created.
    """
    probe = folder / f".{secrets.token_hex(8)}.part"
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except (OSError, ValueError) as error:
        code = error.errno if isinstance(error, OSError) else None
        if code in (errno.EEXIST, errno.ENOTDIR):
            why = "a file is in the way; choose another folder"
        elif code in (errno.EACCES, errno.EPERM):
            why = "it may not be written to; choose another folder"
        elif code == errno.ENOENT:
            why = "it does not exist; create it or choose another"
        else:
            why = (getattr(error, "strerror", None) or str(error)).lower()
        raise OutputError(f"The folder '{folder}' cannot be used for results: {why}.") from error


def result_names(
    recordings: Sequence[Recording], format_name: str, folder: Path
) -> Mapping[Recording, str]:
    """Return the file name of each recording's result in `folder`.

    The name is `<stem>.<format>`, with a number if two recordings would share it (ignoring case) or
    if it is a recording itself.
    """
    inputs = {os.path.realpath(one.path) for one in recordings if not one.is_standard_input}
    wanted = {one.stem.casefold() for one in recordings}
    names: dict[Recording, str] = {}
    taken: set[str] = set()
    for recording in recordings:
        stem, number = recording.stem, 1
        while (
            stem.casefold() in taken
            or (number > 1 and stem.casefold() in wanted)
            or os.path.realpath(folder / f"{stem}.{format_name}") in inputs
        ):
            number += 1
            stem = f"{recording.stem}-{number}"
        taken.add(stem.casefold())
        names[recording] = f"{stem}.{format_name}"
    return names
