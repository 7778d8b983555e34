"""Privacy: no process of these commands asks for a connection."""

from __future__ import annotations

import socket
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from helpers import network_watch
from helpers.network_watch import noted
from helpers.synthetic_sounds import made_up_sound


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, str]:
    return network_watch.watched(tmp_path)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "sound.wav"
    sound = (made_up_sound(32_000, seed=1) * 32_000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.ascontiguousarray(sound).tobytes())
    return path


def test_the_hook_notices_a_connection(watched: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}))"
        subprocess.run([sys.executable, "-c", code], env=watched, check=True, timeout=60)
    told = noted(watched)
    assert told[0] == "process"
    assert any(line.startswith("socket.getaddrinfo") for line in told)
    assert any(line.startswith("socket.connect") for line in told)


@pytest.mark.parametrize(
    ("command", "processes"),
    [
        (("transcribe",), 1),
        (("listen", "--json", "--source"), 2),
        (("models", "list"), 1),
    ],
)
def test_no_connection_is_asked_for(
    watched: dict[str, str],
    recording: Path,
    bundle_dir: Path,
    command: tuple[str, ...],
    processes: int,
) -> None:
    arguments = [*command]
    if command[0] != "models":
        arguments += [str(recording), "--bundle", str(bundle_dir), "--tier", "int8"]
    done = subprocess.run(
        [sys.executable, "-m", "granite_live", *arguments],
        env=watched, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = noted(watched)
    assert told.count("process") >= processes
    assert [line for line in told if line != "process"] == []
