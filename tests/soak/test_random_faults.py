"""Two hours of speech in real time, a random fault every half minute: nothing is lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from helpers.fault_rig import RATE, SURVIVED, TIMEOUTS, FaultRig

pytestmark = pytest.mark.soak

HOURS = 2.0
FAULT_EVERY_S = 30
UTTERANCES, WORDS = 4, 14
"""In half a minute of speech: utterances of 7 s, with pauses."""
SEED = 20
# The machine may have other work; what hangs is found by its deadline all the same.
UNHURRIED = replace(TIMEOUTS, heartbeat_s=5.0, task_s=5.0)


def test_random_faults(tmp_path: Path, scale: float, say: Callable[[str], None]) -> None:
    rng = np.random.default_rng(SEED)
    faults = list(SURVIVED)
    caused: Counter[str] = Counter()
    rig = FaultRig(tmp_path, UNHURRIED)
    began_s, process = time.monotonic(), psutil.Process()
    files = process.num_fds()
    for number in range(max(1, round(HOURS * scale * 3600 / FAULT_EVERY_S))):
        for _ in range(UTTERANCES):
            rig.say(WORDS)
        fault = faults[rng.integers(len(faults))]
        caused[fault.name] += 1
        fault.cause(rig)
        rig.settle()
        # The faults come as often as in two hours of speech: clocks, heartbeats and memory count.
        threading.Event().wait(max(0.0, began_s + (number + 1) * FAULT_EVERY_S - time.monotonic()))
    closed = rig.end()
    played, recorded = rig.played, rig.recorded()
    say(
        f"\n{len(played) / RATE / 60:.1f} min of speech in {time.monotonic() - began_s:.0f} s, "
        f"{caused.total()} faults of {len(caused)} kinds (seed {SEED}), "
        f"{closed.worker_restarts} workers replaced"
    )
    say(
        f"  samples: {len(played)} in, {len(recorded)} out, {closed.samples_lost} lost; "
        f"utterances: {closed.utterances}, {closed.failed} without text; "
        f"words: {len(rig.texts().split())} of {len(rig.expected_texts().split())}"
    )
    say(f"  {', '.join(f'{name}: {count}' for name, count in sorted(caused.items()))}")
    assert (closed.failed, closed.samples_lost, closed.texts_lost) == (0, 0, 0)
    assert np.array_equal(recorded, played)
    assert rig.texts() == rig.expected_texts()
    assert rig.fake_session.session.failure == ""
    assert process.num_fds() <= files
