"""What is written down beside an installed tier: where it came from and what its files were."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from granite_live.models.files import FileRecord, is_safe_path, is_sha256, is_size
from granite_live.models.store.disk import write_json
from granite_live.util.errors import BundleError

RECORD_NAME = ".granite-live.json"
"""Lies in the tier's folder, so that it becomes visible together with the tier."""

_FORMAT = 1
_MAX_RECORD_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class TierRecord:
    """An installed tier. `files` are those of the tier and those that all tiers share.

    `origin` says where it came from, `revision` which one it was (None if nobody said),
    `checked` when all bytes were last found right.
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
        """The sum of all its files, shared ones too."""
        return sum(one.size_bytes for one in self.files)


def now_text() -> str:
    """Return the time of day as records have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_record(bundle: Path, record: TierRecord) -> None:
    """Write the record of a tier into the bundle's folder.

    Raises:
        OSError: It cannot be written.
    """
    write_json(bundle / record.tier / RECORD_NAME, {"format": _FORMAT, **asdict(record)})


def read_record(bundle: Path, tier: str) -> TierRecord | None:
    """Return the record of a tier; None if it was not put there by this program.

    Raises:
        BundleError: There is one that cannot be used.
    """
    path = bundle / tier / RECORD_NAME
    try:
        if path.stat().st_size > _MAX_RECORD_BYTES:
            raise ValueError("it is far too large")
        return _record(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleError(
            f"The record {path} is damaged ({str(error)[:80]}): remove the tier and download it "
            f"again."
        ) from error


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
