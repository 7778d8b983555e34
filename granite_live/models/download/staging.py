"""The staging folder of a download: complete files and partial files."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from granite_live.models.download.failures import disk_trouble
from granite_live.models.files import FileFacts, FileRecord
from granite_live.models.store.disk import write_json
from granite_live.models.store.hashing import prove


class Staging:
    """The folder of one download. Files in `bundle` were complete when they were put there."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder = folder
        self.bundle = folder / "bundle"
        self.parts = folder / "parts"
        self._done_path = folder / "done.json"
        self._origin = origin
        self._done = self._read_done()

    def keep_only(self, files: tuple[FileFacts, ...]) -> dict[str, FileRecord]:
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
                record = self._sound(file, wanted[path]) if path in wanted else None
                if record is None:
                    file.unlink()
                else:
                    kept[path] = record
            for folder in (
                one for one in reversed(here) if one.is_dir() and not any(one.iterdir())
            ):
                folder.rmdir()
        except OSError as error:
            raise disk_trouble(error, self.folder) from error
        return kept

    def copy_in(self, facts: FileFacts, installed: Path) -> FileRecord | None:
        """Copy a file from an installed tier if it is the wanted file.

        Raises:
            DownloadError: It cannot be copied.
        """
        target = self.bundle / facts.path
        try:
            if not facts.can_be_proved or not installed.is_file():
                return None
            proof = prove(installed, facts)
            if proof.fault():
                return None
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(installed, target)
        except OSError as error:
            raise disk_trouble(error, self.folder) from error
        return proof.record()

    def came(self, record: FileRecord) -> None:
        """Record a file that is complete now.

        Raises:
            DownloadError: The record cannot be written.
        """
        self._done[record.path] = record.sha256
        try:
            write_json(self._done_path, {"origin": self._origin, "files": self._done})
        except OSError as error:
            raise disk_trouble(error, self.folder) from error

    def part_bytes(self) -> int:
        """Return the total size of the partial files."""
        if not self.parts.exists():
            return 0
        return sum(file.stat().st_size for file in self.parts.glob("*.part"))

    def clear(self) -> None:
        """Remove the folder; errors are ignored, and the next download retries."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _sound(self, file: Path, facts: FileFacts) -> FileRecord | None:
        """Return the record of the file if it is the wanted file."""
        if file.is_symlink() or not file.is_file():
            return None
        if not facts.can_be_proved:
            # Without a published checksum, compare with the checksum recorded on arrival.
            facts = FileFacts(facts.path, facts.size_bytes, self._done.get(facts.path))
            if facts.sha256 is None:
                return None
        proof = prove(file, facts)
        return None if proof.fault() else proof.record()

    def _read_done(self) -> dict[str, str]:
        # An unreadable record counts as empty: its files are fetched again.
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            stated = json.loads(self._done_path.read_text(encoding="utf-8"))
            if stated["origin"] == self._origin and isinstance(stated["files"], Mapping):
                return {str(path): str(sha256) for path, sha256 in stated["files"].items()}
        return {}
