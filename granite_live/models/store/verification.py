"""Compare the files of an installed tier with its record, and remember the results of checks."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from granite_live.messages import decoded, encoded, replaced
from granite_live.messages.store import CheckMessage
from granite_live.models.disk import (
    CHUNK_BYTES,
    os_error_text,
    read_cache_file,
    set_damaged_aside,
    store_lock,
    write_json,
)
from granite_live.models.layout import REMEDY, FileInfo, FileRecord
from granite_live.models.store.store import (
    RECORD_NAME,
    TierRecord,
    now_text,
    read_record,
    write_record,
)
from granite_live.util.errors import BundleError
from granite_live.util.paths import models_dir


class FileHasher:
    """Checksum of a file that is read in chunks; `fault` compares it with the expected facts."""

    def __init__(self, facts: FileInfo) -> None:
        self._facts = facts
        self._sha256 = hashlib.sha256()
        self._git = None
        if facts.git_sha1 is not None and facts.size_bytes is not None:
            # Git's SHA-1 of a content has a header in front; it protects against accidents only.
            self._git = hashlib.sha1(b"blob %d\0" % facts.size_bytes, usedforsecurity=False)
        self.size_bytes = 0

    def add(self, chunk: bytes) -> None:
        """Add the next chunk."""
        self.size_bytes += len(chunk)
        self._sha256.update(chunk)
        if self._git is not None:
            self._git.update(chunk)

    def fault(self) -> str:
        """Return how the whole file differs from the expected facts, "" if it does not."""
        facts = self._facts
        if facts.size_bytes is not None and self.size_bytes != facts.size_bytes:
            return CheckMessage.WRONG_SIZE(size=self.size_bytes, expected=facts.size_bytes)
        if facts.sha256 is not None and self._sha256.hexdigest() != facts.sha256:
            return CheckMessage.SHA256_DIFFERS()
        if self._git is not None and self._git.hexdigest() != facts.git_sha1:
            return CheckMessage.CHECKSUM_DIFFERS()
        return ""

    def record(self) -> FileRecord:
        """Return the facts of the file that was read."""
        return FileRecord(self._facts.path, self.size_bytes, self._sha256.hexdigest())


def hash_file(
    file: Path, facts: FileInfo, report: Callable[[int], None] | None = None
) -> FileHasher:
    """Read `file` and return its proof; `report` receives the size of every chunk.

    Raises:
        OSError: It cannot be read.
    """
    proof = FileHasher(facts)
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            proof.add(chunk)
            if report is not None:
                report(len(chunk))
    return proof


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that differs from its record; `fault` says how."""

    path: str
    fault: str


def check_files(
    bundle: Path,
    record: TierRecord,
    *,
    sizes_only: bool = False,
    report: Callable[[int], None] | None = None,
) -> list[FileProblem]:
    """Return the recorded files that differ. Reads all of them, unless `sizes_only`.

    Args:
        bundle: The bundle's folder.
        record: The expected files.
        sizes_only: Compare the sizes only, which takes no time.
        report: Receives the size of every chunk that was read.
    """
    problems = []
    for one in record.files:
        file = bundle / one.path
        facts = FileInfo(one.path, one.size_bytes, one.sha256)
        fault = ""
        try:
            size = file.stat().st_size
            if size != one.size_bytes:
                fault = CheckMessage.WRONG_SIZE(size=size, expected=one.size_bytes)
            elif not sizes_only:
                fault = hash_file(file, facts, report).fault()
        except FileNotFoundError:
            fault = CheckMessage.MISSING()
        except OSError as error:
            fault = CheckMessage.UNREADABLE(reason=os_error_text(error))
        if fault:
            problems.append(FileProblem(one.path, fault))
    return problems


_NAME = ".faults.json"
_MOST = 100  # Drop the oldest entries.
_log = logging.getLogger(__name__)


class FailedCheckError(BundleError):
    """The tier failed its check; the message says why and what to do."""


def note_check(bundle: Path, tier: str, fault: str = "") -> None:
    """Remember that a tier passed its check now, or failed with `fault`.

    An error of the disk is only logged, because the check itself was made.
    """
    root = models_dir()
    try:
        with store_lock(root):
            known = _read(root)
            known.pop(_key(bundle, tier), None)
            if fault:
                known[_key(bundle, tier)] = {
                    "fault": encoded(fault),
                    "checked": now_text(),
                    "files": _fingerprint(bundle, tier),
                }
            if known or (root / _NAME).exists():
                write_json(root / _NAME, dict(list(known.items())[-_MOST:]))
            if not fault and (record := read_record(bundle, tier)) is not None:
                write_record(bundle, replace(record, checked=now_text()))
    except (OSError, BundleError) as error:
        _log.warning("The result of checking %s could not be stored: %s", bundle, error)


def failed_check_reason(bundle: Path, tier: str) -> str:
    """Return why the tier failed its last check, "" if it passed or its files changed since."""
    noted = _read(models_dir()).get(_key(bundle, tier))
    if noted is None or noted.get("files") != _fingerprint(bundle, tier):
        return ""
    return str(decoded(noted.get("fault", "")))


def failed_check(bundle: Path, tier: str, fault: str) -> FailedCheckError:
    """Return the error for a caller that wants to use a tier that failed its check."""
    is_installed = bundle.resolve().parent == models_dir().resolve()
    name = bundle.name if is_installed else str(bundle)
    code = CheckMessage.AGAIN_OR_DOWNLOAD if is_installed else CheckMessage.AGAIN
    again = code(name=name, tier=tier)
    return FailedCheckError(CheckMessage.FAILED(name=name, tier=tier, fault=fault, advice=again))


def _key(bundle: Path, tier: str) -> str:
    return f"{bundle.resolve()}|{tier}"


def set_aside_damaged() -> str:
    """Set a damaged file aside; return a sentence for the user, "" if there is no damage."""
    return set_damaged_aside(
        models_dir() / _NAME,
        _understand,
        CheckMessage.FAULTS_FORGOTTEN(),
    )


def _understand(said: Any) -> dict[str, dict[str, Any]]:
    return {str(key): dict(one) for key, one in said.items()}


def _read(root: Path) -> dict[str, dict[str, Any]]:
    return read_cache_file(root / _NAME, _understand, {})


def _fingerprint(bundle: Path, tier: str) -> list[list[str | int]]:
    """Return names, sizes and times of the files of the tier and of those that all tiers share."""
    found: list[list[str | int]] = []
    for folder in (bundle, bundle / tier):
        try:
            files = sorted(one for one in folder.iterdir() if one.is_file())
            for file in files:
                if file.name != RECORD_NAME:
                    about = file.stat()
                    found.append([file.name, about.st_size, about.st_mtime_ns])
        except OSError:
            found.append([folder.name, -1, -1])
    return found


@contextmanager
def name_origin_in_errors(staged: Path, origin: str, remedy: str) -> Iterator[None]:
    """Replace the folder `staging` by its origin in errors of the body.

    The staging folder no longer exists when the user reads the message, and the usual remedy names
    an option that the installing commands do not have.

    Raises:
        BundleError: The body raised one; the new one names `origin` and `remedy`.
    """
    try:
        yield
    except BundleError as error:
        told = replaced(replaced(str(error), str(staged), origin.rstrip("/")), REMEDY, remedy)
        raise BundleError(told) from error
