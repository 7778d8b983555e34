"""A session survives each fault with every sample and text, and one message."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.fault_rig import SURVIVED, FaultRig, SurvivedFault
from helpers.fault_table import rows

from granite_live.session import events


@pytest.mark.parametrize("fault", SURVIVED, ids=lambda one: one.name)
def test_nothing_is_lost(fault: SurvivedFault, tmp_path: Path) -> None:
    rig = FaultRig(tmp_path)
    rig.say()
    fault.cause(rig)
    rig.say()
    closed = rig.end()
    assert (closed.failed, closed.samples_lost, closed.texts_lost) == (0, 0, 0)
    assert closed.samples_received == len(rig.played)
    assert np.array_equal(rig.recorded(), rig.played)
    assert rig.texts() == rig.expected_texts()
    assert not closed.needs_recovery
    assert rig.fake_session.session.failure == ""
    if fault.told is not None:
        told = rig.fake_session.all(fault.told)[0]
        sentence = told.detail if isinstance(told, events.DiskChanged) else told.reason
        assert sentence.strip()
        (row,) = (row for row in rows() if row.fault == fault.name)
        assert all(words in sentence for words in row.sentences)
