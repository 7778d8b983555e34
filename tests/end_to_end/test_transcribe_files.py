"""`transcribe` in a process of its own, with files and streams as people really have them."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.messages import shows
from helpers.program_under_test import program_command
from helpers.synthetic_sounds import RATE_HZ, made_up_sound

from granite_live.messages.recording import RecordingMessage

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other streams and names")

_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


def write_wav(path: str | bytes | Path, seconds: float = 1.0) -> None:
    sound = (made_up_sound(round(seconds * RATE_HZ), seed=1) * 32_000).astype("<i2")
    with open(path, "wb") as file, wave.open(file, "wb") as recording:  # noqa: PTH123 - bytes
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE_HZ)
        recording.writeframes(sound.tobytes())


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    write_wav(tmp_path / "talk.wav")
    return tmp_path / "talk.wav"


@pytest.fixture
def command(bundle_dir: Path) -> Callable[..., list[Any]]:
    def made(*words: object) -> list[Any]:
        given = [word if isinstance(word, bytes) else str(word) for word in words]
        options = ["--bundle", str(bundle_dir), "--no-segmentation"]
        return program_command("transcribe", *given, *options)

    return made


def run(command: list[Any], **options: Any) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        command,
        check=False,
        timeout=120,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )
    assert b"Traceback" not in (done.stderr or b"")
    return done


def shell(command: list[Any], redirections: str, **options: Any) -> Any:
    return run(["/bin/sh", "-c", f'exec "$@" {redirections}', "sh", *command], **options)


def drop_rights_of_root() -> None:
    """Let file permissions hold for root, too."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def test_one_bad_file_does_not_stop_the_others(
    command: Callable[..., list[Any]], talk: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.wav"
    write_wav(secret)
    secret.chmod(0)
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    is_root = os.geteuid() == 0
    if is_root and not sys.platform.startswith("linux"):
        pytest.skip("root may read everything here")
    bad = (secret, tmp_path / "loop.wav", tmp_path / "missing.wav", "https://example.org/a.mp3")
    for target in (("--output-dir", tmp_path / "out"), ()):
        done = run(
            command(*bad[:2], talk, *bad[2:], *target),
            preexec_fn=drop_rights_of_root if is_root else None,
        )
        told = [line for line in done.stderr.decode().splitlines() if line.startswith("error")]
        assert done.returncode == 1, done.stderr
        assert len(told) == len(bad)
        assert any(
            shows(line, RecordingMessage.NO_READ_PERMISSION, name=f"'{secret}'") for line in told
        )
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["talk.txt"]


def test_a_closed_standard_output_is_told_before_any_work(
    command: Callable[..., list[Any]], talk: Path
) -> None:
    done = shell(command(talk), ">&-")
    assert done.returncode == 2
    assert done.stderr == (
        b"error: Standard output is closed: send the results to a file or to another program.\n"
    )


def test_a_closed_standard_output_does_no_harm_where_a_file_is_written(
    command: Callable[..., list[Any]], talk: Path, tmp_path: Path
) -> None:
    done = shell(command(talk, "--output", tmp_path / "talk.json"), ">&-")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "talk.json").read_bytes())["audio"]["path"] == str(talk)


def test_notes_never_land_in_the_results(
    command: Callable[..., list[Any]], talk: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    with out.open("wb") as file:
        done = shell(command(talk, "--format", "json"), "2>&-", stdout=file)
    assert done.returncode == 0
    (line,) = out.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["audio"]["duration_s"] == 1.0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_standard_output_is_told(command: Callable[..., list[Any]], talk: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(command(talk, talk, "--quiet"), stdout=full)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"no space left on device" in done.stderr


def test_quiet_leaves_nothing_but_the_result(
    command: Callable[..., list[Any]], talk: Path, tmp_path: Path
) -> None:
    done = run(command(talk, "--quiet", "--format", "json"))
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["text"]
    done = run(command(talk, tmp_path / "missing.wav", "--quiet"))
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("color", [True, False])
def test_no_color_if_the_user_wants_none(
    command: Callable[..., list[Any]], tmp_path: Path, color: bool
) -> None:
    env = {**os.environ, "TERM": "xterm-256color", **({} if color else {"NO_COLOR": "1"})}
    ours, theirs = os.openpty()
    done = run(command(tmp_path / "missing.wav"), stderr=theirs, env=env)
    os.close(theirs)
    told = b""
    with contextlib.suppress(OSError):  # Linux tells so that the other end is closed
        while piece := os.read(ours, 4096):
            told += piece
    os.close(ours)
    assert done.returncode == 2
    assert b"does not exist" in told
    assert (b"\x1b[1;31m" in told) == color


def test_names_that_are_not_utf8(command: Callable[..., list[Any]], tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9\x1b[2J.wav"
    try:
        write_wav(name)
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    done = run(command(name, "--format", "json"))
    assert done.returncode == 0, done.stderr
    assert os.fsencode(json.loads(done.stdout.decode("utf-8"))["audio"]["path"]) == name
    out = tmp_path / "out"
    done = run(command(name, b"missing\xff.wav", "--format", "json", "--output-dir", out))
    assert done.returncode == 1
    (written,) = out.iterdir()
    assert os.fsencode(written.name) == b"caf\xe9\x1b[2J.json"
    assert os.fsencode(json.loads(written.read_bytes())["audio"]["path"]) == name
    told = done.stderr.decode("utf-8")
    assert "\x1b" not in told
    assert shows(told, RecordingMessage.NOT_FOUND, name="'missing\\xff.wav'")


def test_a_folder_without_a_name_is_refused(command: Callable[..., list[Any]], talk: Path) -> None:
    for option in ("--output-dir", "--output"):
        done = run(command(talk, option, ""))
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"the name is empty" in done.stderr


def test_standard_input_is_read_from_a_pipe_and_from_a_file(
    command: Callable[..., list[Any]], talk: Path, tmp_path: Path
) -> None:
    with talk.open("rb") as file:
        redirected = run(command("-", "--format", "json"), stdin=file)
    out = tmp_path / "out"
    both = command("-", talk, "--format", "json", "--output-dir", out)
    piped = run(both, input=talk.read_bytes())
    assert (redirected.returncode, piped.returncode) == (0, 0), piped.stderr
    assert sorted(path.name for path in out.iterdir()) == ["stdin.json", "talk.json"]
    assert b"standard input -> " in piped.stderr
    want = json.loads((out / "talk.json").read_bytes())
    for told in (redirected.stdout, (out / "stdin.json").read_bytes()):
        data = json.loads(told)
        assert data["audio"] == {**want["audio"], "path": "-"}
        assert data["utterances"] == want["utterances"]


@pytest.mark.parametrize("options", [{"input": b""}, {"stdin": subprocess.DEVNULL}])
def test_an_empty_standard_input_is_told(
    command: Callable[..., list[Any]], options: dict[str, Any]
) -> None:
    done = run(command("-"), **options)
    assert done.returncode == 2
    assert done.stderr == b"error: Standard input is empty: send a recording to it.\n"


def test_a_terminal_is_no_recording(command: Callable[..., list[Any]]) -> None:
    ours, theirs = os.openpty()
    done = run(command("-"), stdin=theirs)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: Standard input is a terminal: send a recording with")


def test_an_audio_track_that_is_not_there_is_told(
    command: Callable[..., list[Any]], talk: Path
) -> None:
    for typed, why in {"0": b"neither a track number", "2": b"has no audio track number 2"}.items():
        done = run(command(talk, "--audio-track", typed))
        assert (done.returncode, done.stdout) == (2, b"")
        assert why in done.stderr
    assert run(command(talk, "--audio-track", "1")).returncode == 0
