"""Parse the tables of docs/faults.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "faults.md"


@dataclass(frozen=True)
class FaultRow:
    """A fault in the document. Without a `test` it is one of `fault_rig.SURVIVED`."""

    part: str
    fault: str
    kept: str
    told: str
    goes_on: str
    test: str

    @property
    def sentences(self) -> list[str]:
        """The program's message, word for word."""
        return re.findall(r'"([^"]+)"', self.told)


def rows() -> list[FaultRow]:
    """Return the rows of all tables of the document."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    return [
        FaultRow(*(cell.strip() for cell in line.strip("|").split("|")))
        for line in lines
        if line.startswith("| ") and not line.startswith("| Part |")
    ]
