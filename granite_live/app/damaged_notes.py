"""Set damaged files of measurements and verdicts aside when a front end starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from granite_live.util import paths


def set_aside_damaged_caches() -> tuple[str, ...]:
    """Set damaged files aside; return a sentence for the user for each.

    The modules that read the files load large libraries, so a file that is missing loads none.
    """
    checks: tuple[tuple[Path, Callable[[], str]], ...] = (
        (paths.data_dir() / "threads.json", _threads),
        (paths.data_dir() / "accelerators.json", _accelerators),
        (paths.models_dir() / ".faults.json", _faults),
    )
    return tuple(filter(None, (check() for path, check in checks if _exists(path))))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # the reader says what is wrong with the folder
        return True


def _threads() -> str:
    from granite_live.asr import thread_tuning

    return thread_tuning.set_aside_damaged()


def _accelerators() -> str:
    from granite_live.models.selection import machine_facts

    return machine_facts.set_aside_damaged()


def _faults() -> str:
    from granite_live.models.store import verification

    return verification.set_aside_damaged()
