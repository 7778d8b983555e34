"""Make standard input seekable, as most containers need it."""

from __future__ import annotations

import io
import os
import stat
import tempfile
from typing import BinaryIO

from granite_live.util.errors import AudioError

_COPY_BYTES = 1 << 20


def spooled(stream: BinaryIO) -> BinaryIO:
    """Return a seekable file at position 0 with everything that `stream` delivers.

    A stream that is a regular file (`< talk.wav`) is used directly. Everything else is copied to
    a temporary file that only this user can read. The file has no name (POSIX) or is deleted when
    it is closed (Windows), so nothing of it outlives the program.

    Raises:
        AudioError: The stream is empty or cannot be read, or the disk is full.
    """
    ordinary = _ordinary_file(stream)
    if ordinary is not None:
        return ordinary
    file: BinaryIO | None = None
    try:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        _copy(stream, file)
        size = file.tell()
        file.seek(0)
    except BaseException as error:
        if file is not None:
            file.close()
        if isinstance(error, OSError):
            raise AudioError(
                f"Standard input cannot be kept in the folder '{tempfile.gettempdir()}' "
                f"({(error.strerror or str(error)).lower()}): free space there, or name another "
                f"folder with TMPDIR."
            ) from error
        raise
    if not size:
        file.close()
        raise AudioError("Standard input is empty: send a recording to it.")
    return file


def _ordinary_file(stream: BinaryIO) -> BinaryIO | None:
    """Return another handle of the stream's file if that is a regular file at its start."""
    try:
        descriptor = stream.fileno()
        if not stat.S_ISREG(os.fstat(descriptor).st_mode) or stream.tell() != 0:
            return None
        if os.fstat(descriptor).st_size == 0:
            raise AudioError("Standard input is empty: send a recording to it.")
        return os.fdopen(os.dup(descriptor), "rb", buffering=0)
    except (OSError, io.UnsupportedOperation, AttributeError):
        return None


def _copy(stream: BinaryIO, file: BinaryIO) -> None:
    try:
        read = stream.read1  # type: ignore[attr-defined]  # returns the available bytes
    except AttributeError:
        read = stream.read
    while True:
        try:
            piece = read(_COPY_BYTES)
        except OSError as error:
            raise AudioError(
                f"Standard input cannot be read ({(error.strerror or str(error)).lower()})."
            ) from error
        if not piece:
            return
        view = memoryview(piece)
        while view:  # an unbuffered file may take fewer bytes
            view = view[file.write(view) :]
