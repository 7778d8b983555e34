"""What the program has stored for its user: where it lies, its size, and how to remove it."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from granite_live.app.alignment_tasks import drafts_dir
from granite_live.audio.journal import sessions_dir
from granite_live.audio.journal.folders import FLAC_NAMES, PEAKS_NAME, SessionLock, session_folders
from granite_live.audio.journal.retention import Deletion, DeletionScope, delete, stored_sessions
from granite_live.messages.session import AppMessage
from granite_live.models.disk import folder_bytes, os_error_text
from granite_live.settings import settings_path
from granite_live.settings.vocabulary import vocabulary_path
from granite_live.transcript.checkpoint import checkpoints_dir
from granite_live.util import data_use, paths
from granite_live.util.errors import DataInUseError


class DataKind(Enum):
    """A kind of stored data, which can be removed without the others."""

    SETTINGS = "settings"
    RECORDINGS = "recordings"
    """The sound of finished sessions; their texts stay."""
    SESSIONS = "sessions"
    """Sessions with their texts and recordings."""
    MODELS = "models"
    PREPARED = "prepared"
    """Graphs prepared for this computer, and what was measured on it."""
    LOGS = "logs"


@dataclass(frozen=True, slots=True)
class StoredData:
    """All data of one kind: its files and folders that exist, and their size together."""

    kind: DataKind
    paths: tuple[Path, ...]
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Removal:
    """The bytes that were freed, and a sentence for everything that could not be removed."""

    freed_bytes: int
    failures: tuple[str, ...]


def stored_data() -> tuple[StoredData, ...]:
    """Return what is stored, one entry for each kind, also for those without data.

    Raises:
        OSError: A folder cannot be read.
    """
    return tuple(_measured(kind, tuple(_existing(kind))) for kind in DataKind)


def remove(kinds: Iterable[DataKind], check: Callable[[], object] = lambda: None) -> Removal:
    """Remove all data of these kinds. `check` is called before each part, and may raise.

    Links are removed, not what they point to. What is not the program's own stays.

    Raises:
        DataInUseError: A window or a command uses the data; nothing was removed.
        OSError: The data folder cannot be read or written.
    """
    chosen = set(kinds)
    if not paths.data_dir().exists():
        return _remove(chosen, check)
    with data_use.claimed_data():
        _require_no_running_session()
        removal = _remove(chosen, check)
        # On Windows a file that is open cannot be removed; it is empty and does no harm.
        with contextlib.suppress(OSError):
            if _is_all_gone():
                data_use.remove_lock_file()
    for folder in (*_folders(), paths.log_dir(), paths.config_dir(), paths.data_dir()):
        with contextlib.suppress(OSError):
            folder.rmdir()  # only if it is empty
    return removal


def _folders() -> tuple[Path, ...]:
    data = paths.data_dir()
    models = paths.models_dir()
    emptied = (data / name for name in ("prepared", "coreml", "server"))
    return sessions_dir(), drafts_dir(), checkpoints_dir(), models, *emptied


def _remove(kinds: set[DataKind], check: Callable[[], object]) -> Removal:
    freed, failures = 0, []
    for kind in DataKind:
        if kind not in kinds:
            continue
        if kind is DataKind.RECORDINGS:
            if DataKind.SESSIONS in kinds:
                continue  # the recordings go with them
            check()
            before = folder_bytes(sessions_dir())
            failures += _remove_recordings()
            freed += before - folder_bytes(sessions_dir())
            continue
        for path in _existing(kind):
            check()
            size = _size(path)
            try:
                _remove_path(path)
            except OSError as error:
                reason = os_error_text(error)
                failures.append(AppMessage.DATA_NOT_REMOVED(path=path, reason=reason))
            else:
                freed += size
    return Removal(freed, tuple(failures))


def _remove_recordings() -> list[str]:
    finished = [one for one in stored_sessions(sessions_dir()) if one.is_finished and one.has_sound]
    result = delete(Deletion(one.path, DeletionScope.AUDIO) for one in finished)
    return list(result.failures)


def _require_no_running_session() -> None:
    """Raise if a session is running. Programs before 0.1.0 hold only the session's own lock."""
    for folder in session_folders(sessions_dir()):
        lock = SessionLock.acquire(folder)
        if lock is None:
            raise DataInUseError(AppMessage.DATA_IN_USE(folder=paths.data_dir()))
        lock.release()


def _existing(kind: DataKind) -> Iterator[Path]:
    """Yield the files and folders of a kind that exist, in the order of their removal."""
    data, config = paths.data_dir(), paths.config_dir()
    match kind:
        case DataKind.SETTINGS:
            yield from sorted(config.glob(f"{settings_path().stem}.*json"))
            yield from (one for one in [vocabulary_path()] if one.exists())
            yield from sorted(config.glob("window.ini*"))
            yield from config.glob("server-token")
            yield from config.glob("shortcut-permission")
            yield from config.glob("typing-permission")
        case DataKind.RECORDINGS:
            for folder in session_folders(sessions_dir()):
                yield from (one for one in _sounds(folder) if one.exists())
        case DataKind.SESSIONS:
            yield from session_folders(sessions_dir())
            yield from _children(checkpoints_dir())
            yield from _children(data / "server")  # recordings that a killed service left
            yield from _children(drafts_dir())
            # The list goes last: if this is interrupted, it still shows what is there.
            yield from sorted(data.glob("library.*"))
        case DataKind.MODELS:
            yield from _children(paths.models_dir())
        case DataKind.PREPARED:
            yield from _children(data / "prepared")
            yield from _children(data / "coreml")
            yield from sorted(data.glob("threads.*json"))
            yield from sorted(data.glob("accelerators.*json"))
            yield from data.glob("telemetry-removed")
        case DataKind.LOGS:
            yield from sorted(paths.log_dir().glob("*.log*"))


def _sounds(folder: Path) -> tuple[Path, ...]:
    return tuple(folder / name for name in (*FLAC_NAMES, PEAKS_NAME))


def _children(folder: Path) -> list[Path]:
    """Return what is in a folder, also one that is a link to another disk."""
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _measured(kind: DataKind, found: tuple[Path, ...]) -> StoredData:
    return StoredData(kind, found, sum(map(_size, found)))


def _size(path: Path) -> int:
    return folder_bytes(path) if path.is_dir() and not path.is_symlink() else path.lstat().st_size


def _remove_path(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_all_gone() -> bool:
    return not any(one.paths for one in stored_data())
