"""The file that autostart consists of where it consists of a file."""

from __future__ import annotations

from pathlib import Path

from granite_live.autostart.protocol import AutostartError
from granite_live.whole_file import write_whole


def read(path: Path) -> bytes | None:
    """Return what the file holds; None if there is none.

    Raises:
        AutostartError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as trouble:
        msg = f"{path} cannot be read ({trouble.strerror}): look at its permissions."
        raise AutostartError(msg) from trouble


def write(path: Path, data: bytes) -> None:
    """Write the file, whole or not at all.

    Raises:
        AutostartError: It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as trouble:
        msg = f"{path} cannot be written ({trouble.strerror}): look at its folder's permissions."
        raise AutostartError(msg) from trouble


def remove(path: Path) -> None:
    """Remove the file, if there is one.

    Raises:
        AutostartError: It cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as trouble:
        msg = f"{path} cannot be removed ({trouble.strerror}): remove it by hand."
        raise AutostartError(msg) from trouble
