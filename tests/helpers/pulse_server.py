"""A private PulseAudio server with a virtual microphone and speaker.

The source `MICROPHONE` records what is played into the sink `MICROPHONE_SINK`; the source
`SPEAKER_MONITOR` records what is played into `SPEAKER`, like system audio.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

RATE_HZ = 48_000
SPEAKER = "test_speaker"
SPEAKER_MONITOR = "test_speaker.monitor"
MICROPHONE_SINK = "test_cable"
MICROPHONE = "test_microphone"

_WAIT_S = 10.0
_NULL_SINK = f"load-module module-null-sink norewinds=1 rate={RATE_HZ}"
_SCRIPT = f"""
load-module module-native-protocol-unix auth-anonymous=1
{_NULL_SINK} sink_name={SPEAKER} sink_properties=device.description=Speaker
{_NULL_SINK} sink_name={MICROPHONE_SINK} sink_properties=device.description=Cable
set-default-sink {SPEAKER}
"""


class PulseServerError(Exception):
    """A command of the sound server failed."""


class PulseServer:
    """A running server. Created by `running_pulse`."""

    def __init__(self, folder: Path, *, with_microphone: bool) -> None:
        self._folder = folder
        self._process: int | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._players: list[subprocess.Popen[bytes]] = []
        (folder / "client.conf").write_text("autospawn = no\nenable-shm = no\n")
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
            "PULSE_SERVER": f"unix:{folder}/pulse/native",
            "PULSE_CLIENTCONFIG": str(folder / "client.conf"),
        }
        self.start()
        if with_microphone:
            self.plug()
            self.control("set-default-source", MICROPHONE)

    def start(self) -> None:
        """Start the server and wait until it responds."""
        script = self._folder / "test.pa"
        script.write_text(_SCRIPT)
        options = ("--exit-idle-time=-1", "--disable-shm=yes", "--log-target=stderr")
        # The command returns when the daemon responds, or reports why it cannot.
        self._run(
            "pulseaudio", "-n", "-F", str(script), "--daemonize=yes", "--log-level=error", *options
        )
        self._process = int((self._folder / "pulse/pid").read_text())
        # The daemon is detached. If the tests are killed, their end of the pipe closes.
        script = 'read line || { kill -KILL "$1"; rm -rf "$2"; }'
        command = ["sh", "-c", script, "sh", str(self._process), str(self._folder)]
        self._watchdog = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)

    def kill(self) -> None:
        """End the server as a crash would; return when it has ended."""
        assert self._process is not None
        assert self._watchdog is not None
        self._watchdog.communicate(b"it is ended here\n", _WAIT_S)
        # Not a child of this process, so it cannot be waited for normally.
        process = os.pidfd_open(self._process)
        try:
            signal.pidfd_send_signal(process, signal.SIGKILL)
            assert select.select([process], [], [], _WAIT_S)[0], "the server does not end"
        finally:
            os.close(process)
        self._process = None
        # Until the dead process is reaped, a new server would consider it alive.
        (self._folder / "pulse/pid").unlink()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let the server hang."""
        assert self._process is not None
        os.kill(self._process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process, signal.SIGCONT)

    def close(self) -> None:
        """End everything that was started."""
        for player in self._players:
            player.kill()
            player.wait(_WAIT_S)
        if self._process is not None:
            self.kill()

    def plug(self, name: str = MICROPHONE, *, channels: int = 1) -> int:
        """Plug in a microphone and return its module's number."""
        layout = "front-left,front-right" if channels == 2 else "mono"
        return int(
            self.control(
                "load-module",
                "module-remap-source",
                f"master={MICROPHONE_SINK}.monitor",
                f"source_name={name}",
                f"channels={channels}",
                f"channel_map={layout}",
                f"master_channel_map={'front-left,front-right' if channels == 2 else 'front-left'}",
                "remix=no",
                f"source_properties=device.description={name.title()}",
            )
        )

    def unplug(self, name: str = MICROPHONE) -> None:
        """Remove a microphone."""
        for line in self.control("list", "short", "modules").splitlines():
            number, _, arguments = line.partition("\t")
            if f"source_name={name} " in arguments:
                self.control("unload-module", number)

    def control(self, *arguments: str) -> str:
        """Run `pactl` and return what it prints."""
        return self._run("pactl", *arguments)

    def play(
        self,
        samples: NDArray[np.float32],
        sink: str = MICROPHONE_SINK,
        *,
        latency_ms: int = 200,
    ) -> subprocess.Popen[bytes]:
        """Play samples [shape=(frames,), 48 kHz] into a sink, in the background.

        A longer latency makes gaps on a busy machine less likely; but for that long a device
        without listeners does not notice a new one.
        """
        sound = self._folder / f"played-{len(self._players)}.raw"
        samples.astype("<f4").tofile(sound)
        form = (
            f"--latency-msec={latency_ms}",
            "--raw",
            "--format=float32le",
            f"--rate={RATE_HZ}",
            "--channels=1",
        )
        command = ["paplay", *form, f"--device={sink}", str(sound)]
        player = subprocess.Popen(command, env=os.environ | self.environment)
        self._players.append(player)
        return player

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            timeout=_WAIT_S,
            check=False,
        )
        if done.returncode:
            raise PulseServerError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout


@contextmanager
def running_pulse(*, with_microphone: bool = True) -> Iterator[PulseServer]:
    """Start a server for this process and end it; skip the test if that is impossible."""
    for program in ("pulseaudio", "pactl", "paplay"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program} (on Debian: pulseaudio, pulseaudio-utils)")
    # A socket path must be short, so pytest's folder cannot be used.
    folder = Path(tempfile.mkdtemp(prefix="pulse-"))
    with pytest.MonkeyPatch.context() as patch:
        try:
            try:
                server = PulseServer(folder, with_microphone=with_microphone)
            except PulseServerError as failure:
                pytest.skip(f"a sound server cannot be started here: {failure}")
            for name, value in server.environment.items():
                patch.setenv(name, value)
            patch.delenv("PULSE_SOURCE", raising=False)
            try:
                yield server
            finally:
                server.close()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
