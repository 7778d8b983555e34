"""Partial downloads on the disk, and the revisions and checksums that were seen first."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from granite_live.messages.download import DownloadMessage
from granite_live.models.catalog import CatalogBundle
from granite_live.models.disk import store_lock, translate_disk_errors, write_json
from granite_live.models.download.http import Listing
from granite_live.models.download.retries import write_error
from granite_live.models.layout import FileInfo, FileRecord, is_safe_path, is_sha256, is_size
from granite_live.models.store.verification import hash_file
from granite_live.util.errors import DownloadError


class StagingFolder:
    """The folder of one download. Files in `bundle` were complete when they were put there."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder = folder
        self.bundle = folder / "bundle"
        self.parts = folder / "parts"
        self._done_path = folder / "done.json"
        self._origin = origin
        self._done = self._read_done()

    def discard_all_but(self, files: tuple[FileInfo, ...]) -> dict[str, FileRecord]:
        """Remove invalid and unwanted files of an earlier attempt; return the rest.

        Raises:
            DownloadError: The folder cannot be used.
        """
        wanted = {one.path: one for one in files}
        kept: dict[str, FileRecord] = {}
        try:
            here = sorted(self.bundle.rglob("*")) if self.bundle.exists() else []
            for file in here:
                if file.is_dir() and not file.is_symlink():
                    continue
                path = file.relative_to(self.bundle).as_posix()
                record = self._verified_record(file, wanted[path]) if path in wanted else None
                if record is None:
                    file.unlink()
                else:
                    kept[path] = record
            for folder in (
                one for one in reversed(here) if one.is_dir() and not any(one.iterdir())
            ):
                folder.rmdir()
        except OSError as error:
            raise write_error(error, self.folder) from error
        return kept

    def copy_installed(self, facts: FileInfo, installed: Path) -> FileRecord | None:
        """Copy a file from an installed tier if it is the wanted file.

        Raises:
            DownloadError: It cannot be copied.
        """
        target = self.bundle / facts.path
        try:
            if not facts.has_checksum or not installed.is_file():
                return None
            proof = hash_file(installed, facts)
            if proof.fault():
                return None
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(installed, target)
        except OSError as error:
            raise write_error(error, self.folder) from error
        return proof.record()

    def record_complete(self, record: FileRecord) -> None:
        """Record a file that is complete now.

        Raises:
            DownloadError: The record cannot be written.
        """
        self._done[record.path] = record.sha256
        try:
            write_json(self._done_path, {"origin": self._origin, "files": self._done})
        except OSError as error:
            raise write_error(error, self.folder) from error

    def part_bytes(self) -> int:
        """Return the total size of the partial files."""
        if not self.parts.exists():
            return 0
        return sum(file.stat().st_size for file in self.parts.glob("*.part"))

    def clear(self) -> None:
        """Remove the folder; errors are ignored, and the next download retries."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _verified_record(self, file: Path, facts: FileInfo) -> FileRecord | None:
        """Return the record of the file if it is the wanted file."""
        if file.is_symlink() or not file.is_file():
            return None
        if not facts.has_checksum:
            # Without a published checksum, compare with the checksum recorded on arrival.
            facts = FileInfo(facts.path, facts.size_bytes, self._done.get(facts.path))
            if facts.sha256 is None:
                return None
        proof = hash_file(file, facts)
        return None if proof.fault() else proof.record()

    def _read_done(self) -> dict[str, str]:
        # An unreadable record counts as empty: its files are fetched again.
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            stated = json.loads(self._done_path.read_text(encoding="utf-8"))
            if stated["origin"] == self._origin and isinstance(stated["files"], Mapping):
                return {str(path): str(sha256) for path, sha256 in stated["files"].items()}
        return {}


_FORMAT = 1


class PinnedRevisions:
    """The first-seen revisions and checksums, in a file of the models' folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / ".remembered.json"

    def pinned_listing(self, bundle: CatalogBundle) -> Listing | None:
        """Return the recorded listing of a bundle; None if there is none for this catalog entry.

        Raises:
            DownloadError: The file is damaged.
        """
        stated = self._read().get(bundle.id)
        if stated is None or stated["asked"] != f"{bundle.repository}@{bundle.revision}":
            return None
        return Listing(stated["revision"], tuple(_facts(one) for one in stated["files"]))

    def pin(self, bundle: CatalogBundle, listing: Listing) -> Listing:
        """Add a listing to the record and return the merged listing.

        Raises:
            DownloadError: The listing contradicts the record for the same revision.
            BundleError: The file cannot be written.
        """
        with store_lock(self._root), translate_disk_errors(self._root):
            known = self.pinned_listing(bundle)
            files: dict[str, FileInfo] = {}
            if known is not None and known.revision == listing.revision:
                files = {one.path: one for one in known.files}
            for one in listing.files:
                if files.setdefault(one.path, one) != one:
                    raise DownloadError(
                        DownloadMessage.FILE_CHANGED_WITHIN_REVISION(
                            file=one.path, revision=listing.revision
                        )
                    )
            merged = Listing(listing.revision, tuple(files.values()))
            everything = dict(self._read())
            everything[bundle.id] = {
                "asked": f"{bundle.repository}@{bundle.revision}",
                "revision": merged.revision,
                "files": [asdict(one) for one in merged.files],
            }
            write_json(self._path, {"format": _FORMAT, "bundles": everything})
        return merged

    def _read(self) -> Mapping[str, Any]:
        try:
            text = self._path.read_text(encoding="utf-8")
            stated = json.loads(text)
            if stated["format"] != _FORMAT:
                raise ValueError("it is of another version of Granite Live")
            bundles: Mapping[str, Any] = stated["bundles"]
            for one in bundles.values():
                if not isinstance(one["asked"], str) or not isinstance(one["revision"], str):
                    raise ValueError(DownloadMessage.NO_REVISION())
                for file in one["files"]:
                    _facts(file)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DownloadError(
                DownloadMessage.PINS_UNUSABLE(path=self._path, reason=str(error)[:60])
            ) from error
        return bundles


def _facts(stated: Mapping[str, Any]) -> FileInfo:
    facts = FileInfo(stated["path"], stated["size_bytes"], stated["sha256"], stated["git_sha1"])
    good = (
        is_safe_path(facts.path)
        and is_size(facts.size_bytes)
        and (facts.sha256 is None or is_sha256(facts.sha256))
        and (facts.git_sha1 is None or isinstance(facts.git_sha1, str))
    )
    if not good:
        raise ValueError(f"{str(facts.path)[:40]!r} is no file of a bundle")
    return facts
