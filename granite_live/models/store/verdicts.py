"""What came of checks of models: one that failed is remembered, and not used unless asked for.

A fault counts as long as the files are those that were checked: mended or fetched again, the
tier is as good as any. Models outside of the models' folder are remembered too.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from granite_live.models.store.disk import write_json
from granite_live.models.store.locks import store_lock
from granite_live.models.store.notes import read_notes, set_damaged_aside
from granite_live.models.store.records import RECORD_NAME, now_text, read_record, write_record
from granite_live.util.errors import BundleError
from granite_live.util.paths import models_dir

_NAME = ".faults.json"
_MOST = 100  # the oldest go
_log = logging.getLogger(__name__)


class FailedCheckError(BundleError):
    """The tier failed its check; the message says why, and what to do."""


def note_check(bundle: Path, tier: str, fault: str = "") -> None:
    """Remember that a tier passed its check now, or, with a `fault` in words, that it failed.

    Where that cannot be written it is logged only: the check itself was made.
    """
    root = models_dir()
    try:
        with store_lock(root):
            known = _read(root)
            known.pop(_key(bundle, tier), None)
            if fault:
                known[_key(bundle, tier)] = {
                    "fault": fault, "checked": now_text(), "files": _fingerprint(bundle, tier)
                }  # fmt: skip
            if known or (root / _NAME).exists():
                write_json(root / _NAME, dict(list(known.items())[-_MOST:]))
            if not fault and (record := read_record(bundle, tier)) is not None:
                write_record(bundle, replace(record, checked=now_text()))
    except (OSError, BundleError) as error:
        _log.warning("what came of the check of %s is not remembered: %s", bundle, error)


def fault_of(bundle: Path, tier: str) -> str:
    """Return why the tier failed its last check, "" if it did not, or has other files now."""
    noted = _read(models_dir()).get(_key(bundle, tier))
    if noted is None or noted.get("files") != _fingerprint(bundle, tier):
        return ""
    return str(noted.get("fault", ""))


def failed_check(bundle: Path, tier: str, fault: str) -> FailedCheckError:
    """Return the error for whoever wants to use a tier that failed its check."""
    is_installed = bundle.resolve().parent == models_dir().resolve()
    name = bundle.name if is_installed else str(bundle)
    again = f"check it again with 'granite-live models verify {name} --tier {tier}'"
    if is_installed:
        again += ", or fetch it again with 'granite-live models download'"
    return FailedCheckError(f"{name} ({tier}) failed its check: {fault}. It is not used: {again}.")


def _key(bundle: Path, tier: str) -> str:
    return f"{bundle.resolve()}|{tier}"


def set_aside_damaged() -> str:
    """Set a damaged file aside; return a sentence for the user, "" if it is sound or missing."""
    return set_damaged_aside(
        models_dir() / _NAME,
        _understand,
        "Which models failed their check is not known any more: check them again with "
        "'granite-live models verify'.",
    )


def _understand(said: Any) -> dict[str, dict[str, Any]]:
    return {str(key): dict(one) for key, one in said.items()}


def _read(root: Path) -> dict[str, dict[str, Any]]:
    return read_notes(root / _NAME, _understand, {})


def _fingerprint(bundle: Path, tier: str) -> list[list[str | int]]:
    """Return names, sizes and times of the tier's files and of those that all tiers share."""
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
