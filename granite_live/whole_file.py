"""Small private files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that its owner alone may read, replacing one of that name in one step.

    Raises:
        OSError: It cannot be written; the old file stays, and nothing half-written.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        part.touch(mode=0o600, exist_ok=False)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:  # whatever ends it leaves nothing behind, an interruption too
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
