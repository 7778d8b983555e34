"""What you say stays here: no socket to the internet, and no file where none belongs.

Programs run as their user has them, longer than any library waits before it sends something, and
the kernel is asked what they did. A release of a dependency that begins to send is seen here.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from helpers import system_call_watch
from helpers.real_session import demo_model
from helpers.served import require_service
from helpers.system_call_watch import WatchedProcess, watch_command
from helpers.waiting import WAIT_S, changes_in, until

from granite_live.audio.files import open_audio
from granite_live.util.paths import assets_dir
from granite_live.util.pcm import to_int16

HOLD_S = 15.0
"""How long onnxruntime stays loaded. Its uploader looks up its host 9.1 s after the import."""
LIBRARY = "onnxruntime_pybind11_state"
SAMPLE = assets_dir() / "samples" / "welcome.flac"
PROGRAMS = ("transcribe", "listen", "window")
OWN = tuple(f"home/.{kind}/granite-live" for kind in ("config", "local/share", "local/state"))
"""The program's folders, by the names of the XDG specification."""
SYSTEM = ("/dev/null", "/dev/tty", "/dev/dsp", "/dev/shm/jack", "/dev/snd", "/proc/self")
"""What PortAudio asks for sound, and terminals."""
PIPE_BYTES = 4096
SOCKET = "granite-live-0123456789abcdef-l"
"""A name as long as the longest, that of `listen`."""
MAX_SOCKET_BYTES = 103
"""The longest path of a socket; if this test's folders are longer, the window's lies in /tmp."""


@pytest.fixture(scope="module")
def ran(
    tmp_path_factory: pytest.TempPathFactory, two_sentences: Path
) -> Iterator[dict[str, WatchedProcess]]:
    """Run all of them beside each other, since each has to wait, and let them end."""
    if reason := system_call_watch.unavailable_reason():
        pytest.skip(reason)
    demo_model()
    folders = {name: tmp_path_factory.mktemp(name) for name in PROGRAMS}
    program = [sys.executable, "-m", "granite_live"]
    sound = long_recording(tmp_path_factory.mktemp("sound") / "sound.wav")
    commands = {
        "transcribe": ["transcribe", str(two_sentences), "--format", "json"],
        "listen": ["listen", "--source", str(sound), "--realtime", "--json"],
        "window": ["window", str(two_sentences)],
    }
    with ExitStack() as stack:
        running = {}
        for name in PROGRAMS:
            stdout = subprocess.PIPE if name == "transcribe" else subprocess.DEVNULL
            watched = watch_command(folders[name], [*program, *commands[name]], stdout=stdout)
            running[name] = stack.enter_context(watched)
        # Its reader takes its time: the program waits in the middle of its result.
        reader = running["transcribe"].process.stdout
        assert reader is not None
        fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        with ThreadPoolExecutor(len(running)) as threads:
            list(threads.map(lambda one: one.hold(LIBRARY, HOLD_S), running.values()))
        assert len(reader.read()) > PIPE_BYTES
        running["listen"].interrupt(signal.SIGTERM)
        running["window"].interrupt(signal.SIGTERM)
        for name, one in running.items():
            code = one.process.wait(WAIT_S)
            assert code == 0, f"{name}: {one.errors.read_text(encoding='utf-8')}"
        yield running


def long_recording(path: Path) -> Path:
    """Write 16 minutes of sentences and pauses, more than is heard in the meantime."""
    with open_audio(SAMPLE) as file:
        speech = np.concatenate([to_int16(block) for block in file.blocks(16_000)])[: 5 * 16_000]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        for _ in range(64):
            file.writeframes(speech.tobytes() + bytes(2 * 10 * 16_000))
    return path


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_internet_socket_is_asked_for(ran: dict[str, WatchedProcess], name: str) -> None:
    assert ran[name].internet() == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_file_is_written_elsewhere(ran: dict[str, WatchedProcess], name: str) -> None:
    folder = ran[name].folder
    own = [folder / place for place in (*OWN, "temporary", "runtime")]
    mine = f"granite-live-{os.getuid()}"
    fitting = (folder / "runtime" / "granite-live", folder / "temporary" / mine)
    if all(len(os.fsencode(one / SOCKET)) > MAX_SOCKET_BYTES for one in fitting):
        own.append(Path("/tmp", mine))
    above = {place for one in own for place in one.parents}
    elsewhere = [
        path
        for path in ran[name].written() - above
        if not any(path.is_relative_to(one) for one in own) and not str(path).startswith(SYSTEM)
    ]
    assert elsewhere == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_temporary_files_are_gone(ran: dict[str, WatchedProcess], name: str) -> None:
    assert list((ran[name].folder / "temporary").iterdir()) == []


def test_the_watch_sees_native_threads_and_files(tmp_path: Path) -> None:
    """The watch itself: a socket that Python's audit hooks are not told of, and a file."""
    if reason := system_call_watch.unavailable_reason():
        pytest.skip(reason)
    code = (
        "import ctypes, os, threading\n"
        "libc = ctypes.CDLL(None)\n"
        "thread = threading.Thread(target=lambda: libc.socket(2, 2, 0))\n"
        "thread.start(); thread.join()\n"
        "os.chdir(os.environ['HOME']); open('left', 'w').close()\n"
    )
    with watch_command(tmp_path, [sys.executable, "-c", code]) as watched:
        assert watched.process.wait(WAIT_S) == 0
    assert [call.split(",")[0] for call in watched.internet()] == ["socket(AF_INET"]
    assert tmp_path / "home" / "left" in watched.written()


def test_the_service_connects_to_nothing(tmp_path: Path, two_sentences: Path) -> None:
    """It listens on the loopback address, is used, and stays as long as the others."""
    if reason := system_call_watch.unavailable_reason():
        pytest.skip(reason)
    require_service()
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    serve = ["serve", "--port", str(port), "--no-auth"]
    url = f"http://127.0.0.1:{port}/v1/audio/transcriptions"
    with watch_command(tmp_path, [sys.executable, "-m", "granite_live", *serve]) as watched:
        with changes_in(tmp_path) as news:
            until(lambda: "Serving" in watched.errors.read_text(), "the start", news)
        form = ["--form", "model=m", "--form", f"file=@{two_sentences}"]
        answer = subprocess.run(
            ["curl", "--silent", "--fail", *form, url], capture_output=True, check=True
        )
        assert b"window" in answer.stdout
        watched.hold(LIBRARY, HOLD_S)
        watched.interrupt(signal.SIGTERM)
        assert watched.process.wait(WAIT_S) == 0
        calls = [one for one in watched.calls() if "AF_INET" in one.rest]
    assert [one for one in calls if one.name in {"connect", "sendto", "sendmsg"}] == []
    bound = [one.rest for one in calls if one.name == "bind"]
    assert bound
    assert all('inet_addr("127.0.0.1")' in rest for rest in bound)
