"""What is known of a file of a bundle before it is here, and which names are safe to write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MAX_FILE_BYTES = 64 << 30
"""The largest file that is believed: six times the largest tier of the largest bundle known."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+@-]{0,99}")
_MAX_PATH_CHARS = 200
# Names that Windows gives to devices, whatever their ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file as its source, or the catalogue, describes it; None is what they do not say.

    `git_sha1` is what git calls the content: the hub says it of its small files.
    """

    path: str
    size_bytes: int | None = None
    sha256: str | None = None
    git_sha1: str | None = None

    @property
    def can_be_proved(self) -> bool:
        """Whether its content can be checked."""
        return self.sha256 is not None or self.git_sha1 is not None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when it came here, every byte of it read."""

    path: str
    size_bytes: int
    sha256: str


def is_name(text: str) -> bool:
    """Return whether `text` can be the name of a folder on every system, and is not hidden."""
    return (
        _NAME.fullmatch(text) is not None
        and not text.endswith(".")
        and _DEVICES.fullmatch(text) is None
    )


def is_sha256(value: object) -> bool:
    """Return whether `value` is a checksum in lower-case hexadecimal digits."""
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def is_safe_path(path: object) -> bool:
    """Return whether `path` stays inside the folder that it is put in, on every system.

    Only what a bundle needs is allowed: names of ordinary letters, with "/" between them.
    """
    return (
        isinstance(path, str)
        and 0 < len(path) <= _MAX_PATH_CHARS
        and all(is_name(part) for part in path.split("/"))
    )


def is_size(value: object) -> bool:
    """Return whether `value` is a size that a file can have."""
    return type(value) is int and 0 <= value <= MAX_FILE_BYTES


def plain_file(root: Path, path: str) -> Path | None:
    """Return the regular file `path` in the folder `root`; None if there is none.

    A link is followed only to where the hub's cache keeps its contents, or inside `root`.

    Raises:
        ValueError: It is a link that leads elsewhere.
        OSError: It cannot be looked at.
    """
    file = root / path
    if not file.is_file():
        return None
    real, folder = file.resolve(strict=True), root.resolve(strict=True)
    allowed = [folder]
    if folder.parent.name == "snapshots":
        allowed.append(folder.parent.parent / "blobs")
    if not any(real.is_relative_to(one) for one in allowed):
        raise ValueError(f"{file} is a link to {real}, outside of the bundle")
    return file


def total_bytes(files: Iterable[FileFacts]) -> int:
    """Return the sum of the sizes that are known."""
    return sum(one.size_bytes or 0 for one in files)
