"""docs/faults.md matches the tests."""

from __future__ import annotations

import ast
from collections import Counter

import pytest
from helpers.fault_rig import SURVIVED
from helpers.fault_table import ROOT, FaultRow, rows

MIN_ROWS = 30


def test_it_has_the_faults_that_a_session_survives() -> None:
    assert Counter(row.fault for row in rows() if not row.test) == Counter(
        fault.name for fault in SURVIVED
    )
    assert len(rows()) >= MIN_ROWS


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.part}: {row.fault}")
def test_each_row_is_whole_and_its_test_exists(row: FaultRow) -> None:
    assert all((row.part, row.fault, row.kept, row.told, row.goes_on))
    if row.test:
        path, _, name = row.test.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
