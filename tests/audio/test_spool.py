"""A recording from a pipe is read like a file, and leaves no file behind."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
from helpers.messages import sentence
from helpers.sine_recordings import encode, sine, write_wav

from granite_live.audio.files import open_audio_stream
from granite_live.audio.opening import spool_to_file
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError

RATE_HZ = 16_000

PROGRAM = """
import os, sys, tempfile
from granite_live.audio.files import open_audio_stream
with open_audio_stream(sys.stdin.buffer) as audio:
    print(sum(map(len, audio.blocks(16_000))), audio.path, len(audio.warnings))
    print(len(os.listdir(tempfile.gettempdir())))
    sys.stdout.flush()
    if "die" in sys.argv:
        os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("how", ["pipe", "file", "die"])
@pytest.mark.parametrize(("ending", "codec"), [("wav", "pcm_s16le"), ("m4a", "aac")])
def test_standard_input_is_read_and_leaves_nothing(
    tmp_path: Path, how: str, ending: str, codec: str
) -> None:
    if how == "die" and os.name == "nt":
        pytest.skip("Windows has no signal 9")
    path = encode(tmp_path / f"a.{ending}", codec, RATE_HZ, seconds=2.0)
    folder = tmp_path / "temporary"
    folder.mkdir()
    environment = dict(os.environ, TMPDIR=str(folder), TEMP=str(folder), TMP=str(folder))
    command = [sys.executable, "-c", PROGRAM, how]
    with path.open("rb") as file:
        done = subprocess.run(
            command,
            env=environment,
            stdin=file if how == "file" else None,
            input=None if how == "file" else path.read_bytes(),
            capture_output=True,
            check=False,
        )
    assert done.stderr == b""
    samples, name, warnings, files = done.stdout.split()
    assert int(samples) == pytest.approx(2 * RATE_HZ, abs=1_500)
    assert (name, warnings) == (b"-", b"0")
    if os.name != "nt":
        assert files == b"0"
    assert list(folder.iterdir()) == []


def test_an_empty_stream_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=sentence(RecordingMessage.STANDARD_INPUT_EMPTY)):
        spool_to_file(io.BytesIO())
    (tmp_path / "empty").touch()
    with (tmp_path / "empty").open("rb") as file, pytest.raises(AudioError, match="is empty"):
        spool_to_file(file)


def test_a_stream_that_fails_is_told() -> None:
    class Failing(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: object) -> int:
            raise OSError(5, "Input/output error")

    stream: BinaryIO = io.BufferedReader(Failing())
    with pytest.raises(AudioError, match=r"cannot be read .input/output error"):
        spool_to_file(stream)


def test_what_was_read_already_is_left_out(tmp_path: Path) -> None:
    """A partly consumed file is copied like a pipe."""
    samples = (sine(1.0, RATE_HZ) * 32_767).astype(np.int16)
    wav = write_wav(tmp_path / "a.wav", samples).read_bytes()
    (tmp_path / "b").write_bytes(b"shell script\n" + wav)
    with (tmp_path / "b").open("rb") as stream:
        stream.readline()
        with open_audio_stream(stream) as audio:
            assert sum(map(len, audio.blocks(RATE_HZ))) == RATE_HZ
