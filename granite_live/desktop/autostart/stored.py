"""Reads, writes and removes the autostart file of Linux and macOS."""

from __future__ import annotations

from pathlib import Path

from granite_live.desktop.autostart.protocol import AutostartError
from granite_live.util.whole_file import write_whole


def read(path: Path) -> bytes | None:
    """Return the file's content, None if it does not exist.

    Raises:
        AutostartError: The file cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as trouble:
        msg = f"{path} cannot be read ({trouble.strerror}): look at its permissions."
        raise AutostartError(msg) from trouble


def write(path: Path, data: bytes) -> None:
    """Write the file atomically.

    Raises:
        AutostartError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as trouble:
        msg = f"{path} cannot be written ({trouble.strerror}): look at its folder's permissions."
        raise AutostartError(msg) from trouble


def remove(path: Path) -> None:
    """Remove the file if it exists.

    Raises:
        AutostartError: The file cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as trouble:
        msg = f"{path} cannot be removed ({trouble.strerror}): remove it by hand."
        raise AutostartError(msg) from trouble
