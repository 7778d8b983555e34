"""The program as its users start it: a process with streams, signals and a locale."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from helpers.program_under_test import program_command
from helpers.synthetic_sounds import made_up_sound

import granite_live

RATE_HZ = 16_000
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
HEAVY = ("av", "numpy", "onnx", "onnxruntime", "rich", "soxr", "tokenizers")


def granite_live_run(
    *arguments: str | Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    # Without a display: with one, the program without arguments opens its window.
    mine = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    return subprocess.run(
        program_command(*arguments),
        capture_output=True,
        check=False,
        env={**mine, **(env or {})},
        timeout=120,
    )


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "naïve.wav"
    sound = (made_up_sound(3 * RATE_HZ, seed=1) * 32_000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(sound.tobytes())
    return path


def test_version_and_help_and_nothing_at_all() -> None:
    done = granite_live_run("--version")
    assert done.stdout.decode() == f"granite-live {granite_live.__version__}{os.linesep}"
    for arguments in ([], ["--help"], ["-h"]):
        done = granite_live_run(*arguments)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"transcribe" in done.stdout
        assert b"models" in done.stdout


def test_start_imports_nothing_heavy() -> None:
    program = (
        "import sys; from granite_live.cli.main import run; run(['--version']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_whole_way_from_a_file_to_json(bundle_dir: Path, recording: Path) -> None:
    done = granite_live_run(
        "transcribe", recording, "--bundle", bundle_dir, "--format", "json", "--threads", "1"
    )
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["audio"] == {
        "path": str(recording),
        "duration_s": 3.0,
        "track": {"number": 1, "count": 1, "language": None},
        "channels": [],
    }
    assert data["bundle"]["path"] == str(bundle_dir)
    assert data["bundle"]["ctc"] == {"blank": 0, "shift": 1}
    said = done.stderr.decode()
    assert str(bundle_dir) in said
    assert "on CPU, 1 thread." in said


def test_output_is_utf8_in_any_locale(bundle_dir: Path, recording: Path) -> None:
    env = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = granite_live_run(
        "transcribe", recording, "--bundle", bundle_dir, "--format", "md", env=env
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("utf-8").startswith("# naïve.wav")


@pytest.mark.parametrize(
    "arguments",
    [
        ["transcribe"],
        ["transcribe", "a.wav", "--format", "pdf"],
        ["transcribe", "a.wav", "--provider", "tpu"],
        ["transcribe", "a.wav", "--threads", "0"],
        ["listen-to-me"],
        ["models", "import"],
    ],
)
def test_bad_options_are_code_2(arguments: list[str]) -> None:
    done = granite_live_run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr


def test_bad_bundle_is_code_2_in_one_line(recording: Path, tmp_path: Path) -> None:
    done = granite_live_run("transcribe", recording, "--bundle", tmp_path / "none")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"error: ")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows reports a closed pipe otherwise")
def test_reader_that_goes_away_is_no_reason_to_complain(bundle_dir: Path, recording: Path) -> None:
    reader, writer = os.pipe()
    process = subprocess.Popen(
        # As a whole: what is no speech would write nothing, and so miss nobody.
        program_command("transcribe", recording, "--bundle", bundle_dir, "--no-segmentation"),
        stdout=writer,
        stderr=subprocess.PIPE,
    )
    os.close(writer)
    os.close(reader)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 141
    assert b"Broken" not in err
    assert b"Traceback" not in err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_with_a_line(bundle_dir: Path, tmp_path: Path) -> None:
    """Interrupted while it works: an hour of sound, and the model is known to run."""
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        piece = (made_up_sound(60 * RATE_HZ, seed=2) * 32_000).astype("<i2").tobytes()
        for _ in range(60):
            file.writeframes(piece)
    process = subprocess.Popen(
        program_command(
            "transcribe", path, "--bundle", bundle_dir, "--output-dir", tmp_path / "out"
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whoever starts the tests in the background makes them, and so the child, deaf to it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    lines = []
    while not lines or b"Running" not in lines[-1]:
        line = process.stderr.readline()
        assert line, lines
        lines.append(line)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    # Whoever is interrupted while Python compiles a dataclass dies of the signal in the end; a
    # shell says 130 of both.
    assert process.returncode in (130, -signal.SIGINT), err
    assert out == b""
    assert err == b"Interrupted.\n"
    assert list((tmp_path / "out").iterdir()) == []


def test_a_made_up_sound_is_not_silent() -> None:
    """The tests above mean little if the recording holds nothing."""
    assert np.abs(made_up_sound(RATE_HZ, seed=1)).max() > 0.05
