"""Import a bundle from a folder or an archive: copy, check, then make it visible."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from granite_live.messages.store import StoreMessage
from granite_live.models.disk import (
    CHUNK_BYTES,
    free_bytes,
    size_text,
    task_lock,
    translate_disk_errors,
)
from granite_live.models.layout import TIERS, FileInfo, FileRecord, find_tiers, is_name, is_size
from granite_live.models.metadata import ModelMetadata
from granite_live.models.opening import open_bundle
from granite_live.models.store.packages import DAMAGE, Entry, Package, open_package
from granite_live.models.store.store import (
    BundleStore,
    InstalledBundle,
    TierRecord,
    now_text,
    write_record,
)
from granite_live.models.store.verification import FileHasher, name_origin_in_errors
from granite_live.util.errors import BundleError

_REMEDY = StoreMessage.NOTHING_INSTALLED()
_KEPT_FREE_BYTES = 200 << 20  # other programs fail on a full disk
# Bytes between two reports of the progress.
_TELLS_EVERY_BYTES = 16 << 20


class ImportStoppedError(BundleError):
    """The user stopped the import. Nothing of it is kept."""


def import_bundle(
    store: BundleStore,
    path: Path,
    name: str | None = None,
    report: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> InstalledBundle:
    """Copy the bundle at `path`, check it, and install it.

    Args:
        store: The store to install into.
        path: A folder, or an archive (zip, tar, tar.gz).
        name: The bundle's name; None uses the name that the model states.
        report: Receives the bytes copied so far and the total.
        is_stopped: Returns whether to stop; it is called often until the model is complete.

    Raises:
        ImportStoppedError: `is_stopped` returned True.
        BundleError: The package is unsafe, incomplete or not a bundle, or the disk has no room.
    """
    if name is not None and not is_name(name):
        raise BundleError(StoreMessage.BAD_NAME(name=name))

    def proceed() -> None:
        if is_stopped():
            raise ImportStoppedError(StoreMessage.IMPORT_STOPPED())

    with open_package(path, proceed) as package, _staging(store) as staged:
        entries = package.entries()
        _check_room(store, path, entries)
        tell = _ProgressReporter(sum(one.size_bytes for one in entries), report, proceed)
        files = _copy_all(package, entries, staged, path, tell)
        with name_origin_in_errors(staged, str(path), _REMEDY):
            name = name or _own_name(staged, path)
        with name_origin_in_errors(staged, str(path), _REMEDY):
            tiers = find_tiers(staged)
            for tier in tiers:
                open_bundle(staged, tier).tokenizer_file.read()
        for tier in tiers:
            with translate_disk_errors(store.root):
                write_record(staged, _record(name, tier, path, files))
        proceed()
        store.install_tier(staged, name)
    return store.find(name)


class _ProgressReporter:
    """Reports progress at intervals, and raises if the user stopped the import."""

    def __init__(
        self,
        total_bytes: int,
        report: Callable[[int, int], None] | None,
        proceed: Callable[[], None],
    ) -> None:
        self._total_bytes, self._report, self._proceed = total_bytes, report, proceed
        self._done_bytes = self._told_bytes = 0

    def add(self, count: int) -> None:
        """Add `count` bytes to the progress."""
        self._proceed()
        self._done_bytes += count
        is_due = self._done_bytes - self._told_bytes >= _TELLS_EVERY_BYTES
        if self._report is not None and (is_due or self._done_bytes == self._total_bytes):
            self._told_bytes = self._done_bytes
            self._report(self._done_bytes, self._total_bytes)


@contextmanager
def _staging(store: BundleStore) -> Iterator[Path]:
    """Yield a staging folder of this import's own, and remove it afterwards."""
    task = store.incoming / "import"
    busy = StoreMessage.BUSY_IMPORTING()
    with task_lock(store.root, store.incoming / "import.lock", busy):
        shutil.rmtree(task, ignore_errors=True)  # left by an import that was killed
        try:
            yield task / "bundle"
        finally:
            shutil.rmtree(task, ignore_errors=True)


def _check_room(store: BundleStore, path: Path, entries: list[Entry]) -> None:
    if not all(is_size(one.size_bytes) for one in entries):
        raise BundleError(StoreMessage.FILES_TOO_LARGE(path=path))
    needed = sum(one.size_bytes for one in entries) + _KEPT_FREE_BYTES
    with translate_disk_errors(store.root):
        free = free_bytes(store.root)
    if needed > free:
        raise BundleError(
            StoreMessage.NO_ROOM(
                folder=store.root, path=path, needed=size_text(needed), free=size_text(free)
            )
        )


def _copy_all(
    package: Package,
    entries: list[Entry],
    staged: Path,
    path: Path,
    tell: _ProgressReporter,
) -> list[FileRecord]:
    records = []
    with translate_disk_errors(staged):
        staged.mkdir(parents=True, exist_ok=True)
    for entry in entries:
        target = staged / entry.path
        with translate_disk_errors(staged):
            target.parent.mkdir(exist_ok=True)
        with package.open(entry) as source:
            records.append(_copy(source, target, entry, path, tell))
    return records


def _copy(
    source: IO[bytes], target: Path, entry: Entry, path: Path, tell: _ProgressReporter
) -> FileRecord:
    proof = FileHasher(FileInfo(entry.path, entry.size_bytes))
    with translate_disk_errors(target.parent), target.open("xb") as file:
        while True:
            try:
                chunk = source.read(CHUNK_BYTES)
            except DAMAGE as error:
                raise BundleError(
                    StoreMessage.PACKED_FILE_UNREADABLE(path=path, file=entry.path)
                ) from error
            proof.add(chunk)
            if not chunk or proof.size_bytes > entry.size_bytes:
                break
            file.write(chunk)
            tell.add(len(chunk))
        file.flush()
        os.fsync(file.fileno())
    if fault := proof.fault():
        raise BundleError(StoreMessage.PACKED_FILE_WRONG(path=path, file=entry.path, reason=fault))
    return proof.record()


def _record(name: str, tier: str, path: Path, files: list[FileRecord]) -> TierRecord:
    mine = tuple(
        one
        for one in files
        if one.path.split("/")[0] == tier or one.path.split("/")[0] not in TIERS
    )
    return TierRecord(
        bundle=name,
        tier=tier,
        origin=f"imported from {path.absolute()}",
        revision=None,
        licence="",
        checked=now_text(),
        files=mine,
    )


def _own_name(staged: Path, path: Path) -> str:
    stated = ModelMetadata(staged).model
    for candidate in (stated, path.absolute().name.split(".")[0]):
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", candidate or "").strip("-._")[:80]
        if is_name(name):
            return name
    return "imported"
