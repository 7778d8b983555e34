"""The folder of installed models. Entry point: `BundleStore`.

Each bundle has a folder; each tier has a folder with a record of its files.
"""

from __future__ import annotations

import contextlib
import filecmp
import json
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from granite_live.messages.store import StoreMessage
from granite_live.models.disk import (
    folder_bytes,
    free_bytes,
    move,
    store_lock,
    task_lock,
    translate_disk_errors,
    write_json,
)
from granite_live.models.layout import (
    TIERS,
    FileRecord,
    find_tiers,
    is_safe_path,
    is_sha256,
    is_size,
)
from granite_live.util.errors import BundleError

RECORD_NAME = ".granite-live.json"
"""File name of a tier's record. It lies in the tier's folder, so both appear by one rename."""

_FORMAT = 1
_MAX_RECORD_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class TierRecord:
    """Record of an installed tier.

    `files` are those of the tier and those that all tiers share. `origin` is the source, `revision`
    its revision (None if unknown), `checked` the time when all bytes were last verified.
    """

    bundle: str
    tier: str
    origin: str
    revision: str | None
    licence: str
    checked: str
    files: tuple[FileRecord, ...]

    @property
    def size_bytes(self) -> int:
        """The total size of the files, shared ones included."""
        return sum(one.size_bytes for one in self.files)


def now_text() -> str:
    """Return the current time in the format of the records."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_record(bundle: Path, record: TierRecord) -> None:
    """Write the record of a tier into the bundle's folder.

    Raises:
        OSError: It cannot be written.
    """
    write_json(bundle / record.tier / RECORD_NAME, {"format": _FORMAT, **asdict(record)})


def read_record(bundle: Path, tier: str) -> TierRecord | None:
    """Return the record of a tier; None if this program did not install the tier.

    Raises:
        BundleError: The record cannot be used.
    """
    path = bundle / tier / RECORD_NAME
    try:
        if path.stat().st_size > _MAX_RECORD_BYTES:
            raise ValueError("it is far too large")
        return _record(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleError(StoreMessage.RECORD_DAMAGED(path=path, reason=str(error)[:80])) from error


def _record(stated: Any) -> TierRecord:
    if stated["format"] != _FORMAT:
        raise ValueError("it is of another version of Granite Live")
    files = tuple(
        FileRecord(one["path"], one["size_bytes"], one["sha256"]) for one in stated["files"]
    )
    for one in files:
        if not (is_safe_path(one.path) and is_size(one.size_bytes) and is_sha256(one.sha256)):
            raise ValueError(f"{str(one.path)[:40]!r} is no file of a bundle")
    texts = {name: stated[name] for name in ("bundle", "tier", "origin", "licence", "checked")}
    revision = stated["revision"]
    if not all(isinstance(one, str) for one in (*texts.values(), revision or "")):
        raise ValueError("a text is none")
    return TierRecord(**texts, revision=revision, files=files)


@dataclass(frozen=True, slots=True)
class InstalledTier:
    """A tier on the disk. `record` is None if the user copied it there."""

    name: str
    size_bytes: int
    record: TierRecord | None


@dataclass(frozen=True, slots=True)
class InstalledBundle:
    """A bundle in the folder of models; `problem` is a sentence that says why it cannot be used."""

    name: str
    path: Path
    tiers: tuple[InstalledTier, ...]
    size_bytes: int
    problem: str = ""

    def tier(self, name: str) -> InstalledTier | None:
        """Return the tier of that name, None if it is not installed."""
        return next((tier for tier in self.tiers if tier.name == name), None)


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Bytes of the folder of models: in staging, and free on that disk."""

    incoming_bytes: int
    free_bytes: int


class BundleStore:
    """The installed models below `root`. The folder need not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / ".incoming"
        """Staging folder of unfinished downloads and imports."""
        self._trash = root / ".trash"

    def installed(self) -> tuple[InstalledBundle, ...]:
        """Return the installed bundles by name. Folders that hold no valid model have a `problem`.

        Raises:
            BundleError: The folder cannot be read.
        """
        with translate_disk_errors(self.root):
            if not self.root.exists():
                return ()
            folders = sorted(
                one for one in self.root.iterdir() if one.is_dir() and not one.name.startswith(".")
            )
            return tuple(_look(folder) for folder in folders)

    def find(self, name: str) -> InstalledBundle:
        """Return the bundle called `name`.

        Raises:
            BundleError: It is not installed, or the folder cannot be read.
        """
        here = self.installed()
        for one in here:
            if one.name == name:
                return one
        names = ", ".join(one.name for one in here) or "none"
        raise BundleError(StoreMessage.NOT_INSTALLED(name=name, known=names))

    def install_tier(self, staged: Path, name: str, proved: frozenset[str] = frozenset()) -> Path:
        """Install a complete, checked folder below `incoming` and return its final folder.

        If a bundle of that name is installed, it gets the new tiers. Shared files whose paths are
        in `proved` replace installed ones that differ.

        Raises:
            BundleError: The tier is installed already, the bundle is of another version, or the
                disk refuses.
        """
        target = self.root / name
        with store_lock(self.root), translate_disk_errors(self.root):
            if target.exists():
                _join(staged, target, proved)
            else:
                move(staged, target)
        return target

    def move_tier_out(self, name: str, tier: str, target: Path) -> None:
        """Move a tier to `target`, a folder below `incoming`, so that it can be repaired there.

        Shared files are copied as long as other tiers need them.

        Raises:
            BundleError: The tier is not installed, or cannot be moved.
        """
        with store_lock(self.root), translate_disk_errors(self.root):
            bundle = self.root / name
            if find_tiers(bundle) == (tier,):
                shutil.rmtree(target, ignore_errors=True)
                target.parent.mkdir(parents=True, exist_ok=True)
                move(bundle, target)
                return
            shutil.rmtree(target / tier, ignore_errors=True)
            target.mkdir(parents=True, exist_ok=True)
            move(bundle / tier, target / tier)
            for file in _shared_files(bundle):
                copy = target / file.relative_to(bundle)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)

    def remove(self, name: str, tier: str | None = None) -> int:
        """Remove a bundle, or one of its tiers; return the number of bytes freed.

        Raises:
            BundleError: It is not installed, or it is in use.
        """
        with store_lock(self.root), translate_disk_errors(self.root):
            here = self.find(name)
            path = here.path
            if tier is not None:
                if here.tier(tier) is None:
                    have = ", ".join(one.name for one in here.tiers) or "none"
                    raise BundleError(
                        StoreMessage.TIER_NOT_INSTALLED(name=name, tier=tier, present=have)
                    )
                if len(here.tiers) > 1:
                    path = here.path / tier
            freed = folder_bytes(path)
            self._trash.mkdir(exist_ok=True)
            move(path, self._trash / secrets.token_hex(8))
            self._empty_trash()
        return freed

    def download_folder(self, name: str, tier: str) -> Path:
        """Return the staging folder of a tier's download."""
        return self.incoming / f"{name}-{tier}"

    def fetched_bytes(self, name: str, tier: str) -> int:
        """Return the number of bytes that an unfinished download has fetched."""
        folder = self.download_folder(name, tier)
        return folder_bytes(folder / "bundle") + folder_bytes(folder / "parts")

    def remove_leftovers(self) -> None:
        """Remove what a killed program left of an import or a removal.

        Interrupted downloads are kept, because they resume. What cannot be removed now is left for
        the next call.
        """
        with contextlib.suppress(BundleError, OSError):
            if (self.incoming / "import").is_dir():
                self._discard(self.incoming / "import")
            if self._trash.is_dir():
                with store_lock(self.root, 0.0):
                    self._empty_trash()

    def discard_incoming(self) -> int:
        """Remove all staging folders that no program uses; return the number of bytes freed.

        Raises:
            BundleError: The folder cannot be read.
        """
        freed = 0
        with translate_disk_errors(self.root):
            tasks = [one for one in self.incoming.glob("*") if one.is_dir()]
            for task in tasks:
                with contextlib.suppress(BundleError):
                    freed += self._discard(task)
        return freed

    def disk_use(self) -> DiskUse:
        """Return the bytes of unfinished downloads and the free bytes of the disk.

        Raises:
            BundleError: The disk cannot be asked.
        """
        with translate_disk_errors(self.root):
            incoming = folder_bytes(self.incoming) + folder_bytes(self._trash)
            return DiskUse(incoming, free_bytes(self.root))

    def _discard(self, task: Path) -> int:
        """Remove a staging folder; return the number of bytes freed.

        Raises:
            BundleError: A program uses it.
        """
        lock = task.with_name(f"{task.name}.lock")
        with task_lock(self.root, lock, StoreMessage.BUSY_WITH_IT()):
            freed = folder_bytes(task)
            shutil.rmtree(task, ignore_errors=True)
        return freed

    def _empty_trash(self) -> None:
        # Files that another program has open are removed by the next call.
        shutil.rmtree(self._trash, ignore_errors=True)


def _look(folder: Path) -> InstalledBundle:
    size_bytes = folder_bytes(folder)
    tiers: tuple[InstalledTier, ...] = ()
    problem = ""
    try:
        tiers = tuple(InstalledTier(t, folder_bytes(folder / t), None) for t in find_tiers(folder))
        tiers = tuple(
            InstalledTier(one.name, one.size_bytes, read_record(folder, one.name)) for one in tiers
        )
    except BundleError as error:
        problem = str(error)
    return InstalledBundle(folder.name, folder, tiers, size_bytes, problem)


def _join(staged: Path, target: Path, proved: frozenset[str]) -> None:
    """Add the staged tiers to an installed bundle."""
    tiers = [tier for tier in TIERS if (staged / tier).is_dir()]
    for tier in tiers:
        if (target / tier).exists():
            raise BundleError(StoreMessage.TIER_INSTALLED(model=target.name, tier=tier))
    wanted = []
    for file in _shared_files(staged):
        path = file.relative_to(staged)
        known = target / path
        if known.exists() and filecmp.cmp(file, known, shallow=False):
            continue
        if known.exists() and path.as_posix() not in proved:
            raise BundleError(StoreMessage.VERSIONS_DIFFER(file=known, name=target.name))
        wanted.append((file, known))
    for file, known in wanted:
        known.parent.mkdir(parents=True, exist_ok=True)
        file.replace(known)
    for tier in tiers:
        move(staged / tier, target / tier)
    with contextlib.suppress(OSError):
        shutil.rmtree(staged)


def _shared_files(bundle: Path) -> list[Path]:
    return sorted(
        file
        for file in bundle.rglob("*")
        if file.is_file() and file.relative_to(bundle).parts[0] not in TIERS
    )
