"""Remove, once, the telemetry files that onnxruntime created under earlier versions.

onnxruntime uses the same files for all programs. So they are removed only if no other program
seems to use them:

- The folder has no other content; folder and files belong to the user, and none is a link.
- Every event in the queue names the Python of this installation as its sender. If the queue is
  empty, it has not been written for a week, and the identifier is not older than this program's
  own folder.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path("Microsoft", "DeveloperTools", ".onnxruntime")
_IDENTIFIER = "deviceid"
_QUEUE = "onnxruntime.db"
_NAMES = (_IDENTIFIER, _QUEUE)
_ENDINGS = ("-wal", "-shm", "-journal")
_UNUSED_S = 7 * 24 * 3600.0
_SESSION_BYTES = 200


@dataclass(frozen=True, slots=True)
class TelemetryPaths:
    """The locations of the files."""

    folder: Path
    """The folder of the identifier and the queue."""
    session: Path
    """The file of the running session, which everybody can read."""
    own: Path
    """This program's data folder."""
    python: Path
    """The folder of the Python that runs this program."""


def default_telemetry_paths(own: Path) -> TelemetryPaths | None:
    """Return the locations on this system, None if onnxruntime writes no files."""
    if sys.platform == "win32":
        return None  # events go to the system's tracing
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    session = Path(tempfile.gettempdir(), ".ses")
    return TelemetryPaths(base / _FOLDER, session, own, Path(sys.executable).parent)


def remove_once(paths: TelemetryPaths, *, now_s: float | None = None) -> tuple[Path, ...]:
    """Remove the files unless that was done before; return what was removed.

    Files that cannot be read or removed stay.
    """
    marker = paths.own / "telemetry-removed"
    removed = []
    with contextlib.suppress(OSError):
        if marker.exists() or not paths.folder.is_dir():
            return ()
        files = tuple(_own_files(paths.folder))
        if not _is_ours(paths, files, time.time() if now_s is None else now_s):
            return ()
        # Listed again, because SQLite may have created files to read the queue.
        for file in (*_own_files(paths.folder), *_session(paths)):
            file.unlink()
            removed.append(file)
        paths.own.mkdir(mode=0o700, parents=True, exist_ok=True)
        marker.touch(mode=0o600)
        for folder in (paths.folder, *paths.folder.parents[:2]):
            folder.rmdir()  # up to the first that is not empty
    return tuple(removed)


def _own_files(folder: Path) -> Iterator[Path]:
    """Yield the folder's files; nothing if one is not a known regular file of this user."""
    files = sorted(folder.iterdir())
    modes = [file.lstat().st_mode for file in files]
    owners = {path.lstat().st_uid for path in (folder, *files)}
    if (
        stat.S_ISDIR(folder.lstat().st_mode)
        and owners == {os.getuid()}
        and all(stat.S_ISREG(mode) for mode in modes)
        and all(_is_named(file.name) for file in files)
    ):
        yield from files


def _is_named(name: str) -> bool:
    temporary = f"{_IDENTIFIER}.tmp."
    queues = tuple(_QUEUE + ending for ending in _ENDINGS)
    return name in _NAMES or name in queues or name.startswith(temporary)


def _is_ours(paths: TelemetryPaths, files: tuple[Path, ...], now_s: float) -> bool:
    by_name = {file.name: file for file in files}
    if _QUEUE not in by_name:
        return False
    senders = _events(by_name[_QUEUE])
    if senders is None:
        return False
    if senders:
        python = os.fsencode(paths.python) + b"/"
        return all(python in event for event in senders)
    if _IDENTIFIER not in by_name or not paths.own.is_dir():
        return False
    began_s = min(entry.lstat().st_mtime for entry in (paths.own, *paths.own.iterdir()))
    is_unused = all(now_s - file.lstat().st_mtime > _UNUSED_S for file in files)
    return is_unused and by_name[_IDENTIFIER].lstat().st_mtime >= began_s


def _events(queue: Path) -> list[bytes] | None:
    """Return the queued events, None if they cannot be read."""
    import sqlite3  # rarely needed, and this module is imported by every command

    try:
        with contextlib.closing(sqlite3.connect(f"{queue.as_uri()}?mode=ro", uri=True)) as events:
            return [bytes(payload) for (payload,) in events.execute("SELECT payload FROM events")]
    except (sqlite3.Error, TypeError):
        return None


def _session(paths: TelemetryPaths) -> Iterator[Path]:
    """Yield the session file if it is this user's and contains a time and a UUID."""
    with contextlib.suppress(OSError):
        facts = paths.session.lstat()
        is_file = stat.S_ISREG(facts.st_mode) and facts.st_size <= _SESSION_BYTES
        if is_file and facts.st_uid == os.getuid():
            lines = paths.session.read_text(encoding="ascii", errors="replace").split()
            if len(lines) == 2 and lines[0].isdigit() and len(lines[1]) == 36:
                yield paths.session
