"""Whether the files of an installed tier still are what they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from granite_live.models.files import FileFacts
from granite_live.models.store.disk import why
from granite_live.models.store.hashing import prove
from granite_live.models.store.records import TierRecord


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that is not what it was; `fault` says so in words."""

    path: str
    fault: str


def check_files(
    bundle: Path,
    record: TierRecord,
    *,
    sizes_only: bool = False,
    report: Callable[[int], None] | None = None,
) -> list[FileProblem]:
    """Return what is wrong with the recorded files, which takes reading all of them.

    Args:
        bundle: The bundle's folder.
        record: What the files were.
        sizes_only: Look at the sizes alone; takes no time.
        report: Is told the bytes of every piece that was read.
    """
    problems = []
    for one in record.files:
        file = bundle / one.path
        facts = FileFacts(one.path, one.size_bytes, one.sha256)
        fault = ""
        try:
            size = file.stat().st_size
            if size != one.size_bytes:
                fault = f"it has {size:,} bytes instead of {one.size_bytes:,}"
            elif not sizes_only:
                fault = prove(file, facts, report).fault()
        except FileNotFoundError:
            fault = "it is missing"
        except OSError as error:
            fault = f"it cannot be read: {why(error)}"
        if fault:
            problems.append(FileProblem(one.path, fault))
    return problems
