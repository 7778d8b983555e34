"""An hour of speech at full speed: every sample kept, and memory that does not grow.

Speech comes with pauses of many lengths, so that utterances have all lengths up to the longest:
how much memory the model works in depends on the longest utterance that it has seen.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
import psutil
import pytest
from helpers.real_session import LEVELS_PER_S, demo_model
from helpers.segment_sounds import RATE_HZ
from helpers.speech_scenes import hours_of, shipped_clips, spoken, write
from helpers.worker_processes import workers_of

from granite_live.audio.files import open_audio
from granite_live.util.pcm import to_int16

pytestmark = pytest.mark.soak

HOURS = 1.0
GROWTH_MB = 20.0
"""In the second half."""
WORKING_MB = 110.0
"""Of the worker after its first utterance: what the model and Python work in."""
MAX_S = 15.0
"""Some utterance must be at least so long, or the figure means little."""
PAUSES_S = (0.1, 1.6)
"""An utterance ends after 0.6 s of silence, so a third of the pauses end none."""


@dataclass
class Memory:
    """Resident memory in MB by minutes of sound heard, of the program and of its worker."""

    minutes: list[float] = field(default_factory=list)
    program: list[float] = field(default_factory=list)
    worker: list[float] = field(default_factory=list)

    def look(self, process: psutil.Process, minutes: float) -> None:
        """Take a sample, if the worker is there."""
        workers = workers_of(process.pid)
        if not workers:
            return
        self.minutes.append(minutes)
        self.program.append(process.memory_info().rss / 1e6)
        self.worker.append(workers[0].memory_info().rss / 1e6)

    def growth(self, of: list[float], settled_minutes: float) -> float:
        """Return the most that `of` was above what it was when the first minutes were over."""
        settled = next(k for k, at in enumerate(self.minutes) if at >= settled_minutes)
        return max(of[settled:]) - of[settled]


def follow(out: IO[str], process: psutil.Process) -> tuple[Memory, list[dict[str, object]]]:
    """Read the program's events to their end; look at its memory every half minute of sound.

    The worker counts from its first final text on: before, it loads the model.
    """
    memory, finals, levels = Memory(), [], 0
    for text in out:
        event = json.loads(text)
        if event["event"] == "level":
            levels += 1
            if levels % (30 * LEVELS_PER_S) == 0 and finals:
                memory.look(process, levels / LEVELS_PER_S / 60)
        elif event["event"] in ("final", "failed", "closed"):
            finals.append(event)
    return memory, finals


def test_an_hour_at_full_speed(tmp_path: Path, scale: float, say: Callable[[str], None]) -> None:
    demo_model()
    scene, _ = spoken(shipped_clips(), 300, PAUSES_S)
    path = tmp_path / "hour.wav"
    played = write(path, hours_of(scene, HOURS * scale))
    command = [sys.executable, "-m", "granite_live", "listen", "--source", str(path), "--json"]
    command += ["--save", str(tmp_path / "sessions")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as program:
        assert program.stdout is not None
        memory, told = follow(program.stdout, psutil.Process(program.pid))
    closed = told[-1]
    assert (program.returncode, closed["event"], closed["failed"]) == (0, "closed", 0)
    (session,) = (tmp_path / "sessions").iterdir()
    position = 0
    with open_audio(session / "sound.flac") as audio:
        for block in audio.blocks(RATE_HZ):
            assert np.array_equal(to_int16(block), played[position : position + len(block)])
            position += len(block)
    assert position == len(played)
    settled = HOURS * scale * 30
    grown = {
        "program": memory.growth(memory.program, settled),
        "worker": memory.growth(memory.worker, settled),
    }
    say(
        f"\n{len(played) / RATE_HZ / 60:.1f} min of speech at full speed, "
        f"{closed['utterances']} utterances in {closed['t']:.0f} s: "
        f"every one of {position} samples as played"
    )
    lengths = [one["end_s"] - one["start_s"] for one in told if one["event"] == "final"]
    say(f"  utterances of {min(lengths):.1f} to {max(lengths):.1f} s")
    assert max(lengths) > MAX_S
    for name, series in (("program", memory.program), ("worker", memory.worker)):
        say(
            f"  {name}: {series[0]:.0f} MB at first, {series[-1]:.0f} MB at the end; grew "
            f"{grown[name]:.1f} MB after {settled:.1f} min (goal < {GROWTH_MB:.0f} MB)"
        )
    assert max(grown.values()) < GROWTH_MB
    assert max(memory.worker) - memory.worker[0] < WORKING_MB
