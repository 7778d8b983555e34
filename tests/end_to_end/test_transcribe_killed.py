"""`transcribe` is killed in the middle, twice, and the third run ends as if nothing had been."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
import wave
from pathlib import Path
from typing import Any

import pytest

from granite_live.audio.files import read_audio
from granite_live.transcript.checkpoint import checkpoints_dir
from granite_live.util.paths import assets_dir

RATE_HZ = 16_000
TIMES = 4
WAIT_S = 120


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A minute and a half of speech."""
    speech = read_audio(assets_dir() / "samples" / "welcome.flac", RATE_HZ)
    with wave.open(str(tmp_path / "talk.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        for _ in range(TIMES):
            file.writeframes((speech * 32_767).astype("<i2").tobytes())
    return tmp_path / "talk.wav"


def start(path: Path, bundle: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    words = ["transcribe", str(path), "--bundle", str(bundle), "--threads", "1", *more]
    options = ["--format", "json", "--output", str(out)]
    return subprocess.Popen(
        [sys.executable, "-m", "granite_live", *words, *options], stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[bytes]) -> str:
    _out, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0, err
    return err.decode()


def kill_after(process: subprocess.Popen[bytes], passages: int) -> None:
    """Kill it when so many passages have their text."""
    give_up_s = time.monotonic() + WAIT_S
    while passages_kept() < passages:
        assert process.poll() is None, "it was done before it could be killed"
        assert time.monotonic() < give_up_s
        time.sleep(0.005)
    process.kill()
    process.communicate(timeout=WAIT_S)
    assert process.returncode == -signal.SIGKILL


def passages_kept() -> int:
    files = list(checkpoints_dir().glob("*.jsonl"))
    return sum(file.read_bytes().count(b"\n") for file in files)


def result(path: Path) -> Any:
    data = json.loads(path.read_bytes())
    return data["text"], data["utterances"], data["audio"], data["bundle"]


@pytest.mark.skipif(os.name == "nt", reason="Windows kills otherwise")
def test_a_killed_run_loses_no_finished_text(bundle_dir: Path, talk: Path, tmp_path: Path) -> None:
    finish(start(talk, bundle_dir, tmp_path / "whole.json"))
    want = result(tmp_path / "whole.json")
    assert len(want[1]) > 3 * TIMES
    assert passages_kept() == 0
    for passages in (TIMES, 2 * TIMES):
        kill_after(start(talk, bundle_dir, tmp_path / "a.json"), passages)
        (kept,) = checkpoints_dir().iterdir()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert [path.name for path in tmp_path.glob("*.json*")] == ["whole.json"]
    told = finish(start(talk, bundle_dir, tmp_path / "a.json"))
    assert result(tmp_path / "a.json") == want
    assert told.count("continues at ") == 1
    assert list(checkpoints_dir().iterdir()) == []
