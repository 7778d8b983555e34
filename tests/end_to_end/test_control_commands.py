"""The commands that control a running window or `listen`, each a real program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.program_under_test import program_command
from helpers.pulse_server import PulseServer, running_pulse
from helpers.waiting import WAIT_S
from helpers.x11_desktop import X11Desktop, running_desktop, with_me

from granite_live.library import Library
from granite_live.settings import Settings, save_settings
from granite_live.util import paths

SAMPLE = paths.assets_dir() / "samples" / "welcome.flac"

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server and PulseAudio"),
    pytest.mark.skipif(
        not (paths.demo_bundle_dir() / "int8").is_dir(), reason="no demo bundle in assets/demo"
    ),
]


def run(*arguments: str) -> tuple[int, str]:
    """Run a command; return its exit code and all that it writes."""
    done = subprocess.run(
        program_command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    return done.returncode, done.stdout


def status() -> dict[str, Any]:
    code, text = run("status", "--json")
    found: dict[str, Any] = json.loads(text)
    assert code == (1 if found["state"] == "not_running" else 0)
    return found


def until_state(*states: str) -> dict[str, Any]:
    """Ask until the program has one of these states; that is how a script waits for it."""
    give_up_s = time.monotonic() + WAIT_S
    while (found := status())["state"] not in states:
        assert time.monotonic() < give_up_s, f"it stays {found}"
    return found


@pytest.fixture
def pulse() -> Iterator[PulseServer]:
    with running_pulse() as server:
        yield server


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[X11Desktop]:
    with running_desktop(tmp_path) as running:
        yield running


def test_a_real_window_is_controlled(
    desktop: X11Desktop, pulse: PulseServer, bundle_dir: Path
) -> None:
    save_settings(Settings(model_path=str(bundle_dir)))  # it loads sooner than the demo
    Library.open().close()
    assert status() == {"state": "not_running"}
    code, text = run("start")
    assert code == 2
    assert text.startswith("error: Granite Live is not running")
    window = subprocess.Popen(
        with_me(*program_command("window")), env=os.environ | desktop.environment
    )
    try:
        desktop.find_window("Granite Live")
        found = until_state("idle")
        assert (found["program"], found["pid"], found["captions"]) == ("window", window.pid, False)
        code, text = run("pause")
        assert (code, text.startswith("error: Nothing is being recorded")) == (1, True)
        assert run("start") == (0, "")
        assert status()["state"] == "listening"
        assert run("captions", "--show") == (0, "")
        desktop.find_window("Captions")
        assert run("pause") == (0, "")
        assert status()["state"] == "paused"
        assert run("captions") == (0, "")
        assert not status()["captions"]
        assert run("toggle") == (0, "")
        until_state("idle")
    finally:
        window.terminate()
        assert window.wait(WAIT_S) == 0
    assert status() == {"state": "not_running"}


@pytest.mark.soak
def test_listen_is_controlled(pulse: PulseServer) -> None:
    listening = subprocess.Popen(
        with_me(*program_command("listen", "--json", "--source", str(SAMPLE), "--realtime")),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert listening.stdout is not None
    try:
        found = until_state("listening")
        assert (found["program"], found["pid"]) == ("listen", listening.pid)
        assert run("captions") == (
            1,
            "error: 'granite-live listen' cannot do this: open the window for the command "
            "captions.\n",
        )
        assert run("pause") == (0, "")
        assert run("status") == (0, f"paused\nprogram: listen {found['version']}\n")
        assert run("toggle") == (0, "")
        assert status()["state"] == "listening"
        assert run("stop") == (0, "")
        told = [json.loads(line) for line in listening.stdout]
        assert listening.wait(WAIT_S) == 0
    finally:
        listening.kill()
        listening.stdout.close()
        listening.wait()
    states = [one["state"] for one in told if one["event"] == "state"]
    assert "paused" in states
    assert told[-1]["event"] == "closed"


@pytest.mark.parametrize(
    "arguments", [("captions", "--show", "--hide"), ("dictate", "--hold", "--release")]
)
def test_two_opposite_actions_are_refused(arguments: tuple[str, ...]) -> None:
    code, text = run(*arguments)
    assert code == 2
    assert "give one of" in text
