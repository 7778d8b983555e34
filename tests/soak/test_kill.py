"""kill -9 of the program at any moment, then `recover`: how much is missing, by the clock."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.real_session import demo_model
from helpers.segment_sounds import RATE_HZ
from helpers.speech_scenes import shipped_clips, spoken, write

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
]

KILLS = 10
MISSING_S = 0.5
_HEADER_BYTES = 64


def program(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "granite_live", *map(str, arguments)]


def killed_after(seconds: float, speech: Path, root: Path) -> tuple[Path, float]:
    """Listen in real time, kill after so many seconds of sound; return the session, and how
    much had been played by then."""
    command = program("listen", "--source", speech, "--realtime", "--json", "--save", root)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as listening:
        assert listening.stdout is not None
        for line in listening.stdout:
            if '"listening"' in line:
                break
        began_s = time.monotonic()
        # Its events must be read, or it waits for that; nothing is to be learned from them.
        threading.Thread(target=listening.stdout.read, daemon=True).start()
        threading.Event().wait(seconds)
        listening.send_signal(signal.SIGKILL)
        played_s = time.monotonic() - began_s
        listening.wait()
    (session,) = root.iterdir()
    return session, played_s


def without_text(session: Path) -> set[int]:
    """Return the closed utterances that have no final text."""
    lines = (session / "events.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    closed = {r["utterance"] for r in records if r["event"] == "utterance_closed"}
    return closed - {r["utterance"] for r in records if r["event"] == "final"}


def test_killed_at_any_moment(tmp_path: Path, scale: float, say: Callable[[str], None]) -> None:
    demo_model()
    scene, _ = spoken(shipped_clips(), 12)
    write(tmp_path / "speech.wav", scene.sound)
    rng = np.random.default_rng(9)
    longest_s = len(scene.sound) / RATE_HZ - 2
    missing_s: list[float] = []
    for number in range(max(1, round(KILLS * scale))):
        root = tmp_path / f"sessions-{number}"
        session, played_s = killed_after(
            rng.uniform(3, min(25, longest_s)), tmp_path / "speech.wav", root
        )
        size = (session / "sound.pcm").stat().st_size - _HEADER_BYTES
        missing_s.append(max(0.0, played_s - size / 2 / RATE_HZ))
        done = subprocess.run(
            program("recover", "--save", root), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert without_text(session) == set()
        assert (session / "sound.flac").is_file()
    say(
        f"\nkill -9 of the program, {len(missing_s)} times: at most {max(missing_s):.3f} s missing "
        f"(goal {MISSING_S} s), and every utterance has its text"
    )
    assert max(missing_s) <= MISSING_S
