"""Write small private files atomically."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, atomically replacing an existing one.

    Raises:
        OSError: It cannot be written; the old file is unchanged and no partial file remains.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        part.touch(mode=0o600, exist_ok=False)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:  # nothing must remain, also after an interruption
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
