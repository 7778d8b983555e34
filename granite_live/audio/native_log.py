"""Redirect the messages of the sound system's C libraries from the terminal to a file.

PortAudio and ALSA write to C's `stderr`, partly from threads of their own, whenever a device or the
sound server disappears; the program reports that itself. Python's output still reaches the
terminal, because it uses the file descriptor rather than C's `stderr`.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path
from typing import Self

LOG_NAME = "sound-system.log"
_MAX_BYTES = 1_000_000
_LINE_BUFFERED = 1


class NativeLog:
    """The log file of the C libraries. Private, truncated at every start of the program."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def begin(cls, folder: Path) -> Self | None:
        """Make C libraries write to a file in `folder` until the program ends.

        Only with glibc, whose manual allows assigning `stderr`. Elsewhere, and if the file cannot
        be created, nothing changes and None is returned.
        """
        path = folder / LOG_NAME
        try:
            os.confstr("CS_GNU_LIBC_VERSION")
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        except (AttributeError, ValueError, OSError):
            return None
        libc = ctypes.CDLL(None)
        libc.fopen.restype = ctypes.c_void_p
        # Append mode, so that no zeros are written after `keep_short` truncates the file.
        file = libc.fopen(os.fsencode(path), b"ae")
        if file is None:
            return None
        libc.setvbuf(ctypes.c_void_p(file), None, _LINE_BUFFERED, 0)
        ctypes.c_void_p.in_dll(libc, "stderr").value = file
        return cls(path)

    def keep_short(self) -> None:
        """Truncate the file if it has become long, as after hours of failing devices."""
        with contextlib.suppress(OSError):  # the file was deleted
            if self._path.stat().st_size > _MAX_BYTES:
                os.truncate(self._path, 0)
