"""Ctrl-C to `recover` while it searches a long recording for speech."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from granite_live.audio.journal import Journal, find_unfinished, sessions_dir

MINUTES = 40
RATE_HZ = 16_000


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches a process otherwise there")
def test_the_first_ctrl_c_ends_the_search_and_nothing_is_lost(bundle_dir: Path) -> None:
    journal = Journal.create()
    minute = np.random.default_rng(1).integers(-200, 200, 60 * RATE_HZ).astype(np.int16)
    for _ in range(MINUTES):
        journal.append(minute)
    journal.close()
    command = [sys.executable, "-m", "granite_live", "recover", "--bundle", str(bundle_dir)]
    # Where the tests ignore Ctrl-C, the program does not.
    heeds = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=heeds) as process:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "s of sound" in line:  # The search for speech comes next.
                break
        process.send_signal(signal.SIGINT)
        said.append(process.stderr.read())
        assert process.wait(60) == 128 + signal.SIGINT, said
    told = "".join(said)
    assert "stopped before all speech was detected" in told
    assert "Interrupted." in told
    assert "Traceback" not in told
    (left,) = find_unfinished(sessions_dir())
    assert left.duration_s == pytest.approx(60.0 * MINUTES)
