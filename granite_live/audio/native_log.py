"""Keeps what the sound system's C libraries print off the user's terminal.

PortAudio and ALSA write to C's `stderr`, partly from threads of their own, whenever a device or
the sound server goes; what that means is told by our own sentences. Whatever Python prints goes
to the terminal as ever: it does not use C's `stderr`, but the descriptor behind it.
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
    """The file that has what C libraries print. Private, begun anew by every program."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def begin(cls, folder: Path) -> Self | None:
        """Let C libraries print into a file in `folder` from now on, until the program ends.

        Only with glibc, whose manual says that `stderr` may be assigned to. Elsewhere, and where
        the file cannot be made, nothing is changed and None returned.
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
        # Appending, so that what `keep_short` cuts off is not filled up with zeros.
        file = libc.fopen(os.fsencode(path), b"ae")
        if file is None:
            return None
        libc.setvbuf(ctypes.c_void_p(file), None, _LINE_BUFFERED, 0)
        ctypes.c_void_p.in_dll(libc, "stderr").value = file
        return cls(path)

    def keep_short(self) -> None:
        """Empty the file if it has become long, as where a device is tried for hours."""
        with contextlib.suppress(OSError):  # it was deleted, and costs nobody any room
            if self._path.stat().st_size > _MAX_BYTES:
                os.truncate(self._path, 0)
