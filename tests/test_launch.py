"""If no window can be opened, one sentence says why and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from granite_live import launch
from granite_live.launch import missing_window_libraries_message

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_it_says_what_to_do_instead() -> None:
    reason = launch.window_unavailable_reason({})
    assert "granite-live listen" in reason
    assert reason.count(".") == 1
    for name in DISPLAYS:
        assert launch.window_unavailable_reason({name: ":0"}) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_the_command_ends_with_the_sentence_and_its_code() -> None:
    environment = {name: one for name, one in os.environ.items() if name not in DISPLAYS}
    done = subprocess.run(
        [sys.executable, "-m", "granite_live", "window"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert "no display here" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pip brings all")
def test_all_missing_libraries_are_named_at_once() -> None:
    def nothing_is_installed(name: str) -> None:
        raise OSError(name)

    x11 = missing_window_libraries_message({"DISPLAY": ":0"}, load=nothing_is_installed)
    wayland = missing_window_libraries_message({"WAYLAND_DISPLAY": "w"}, load=nothing_is_installed)
    assert "libEGL.so.1" in x11
    assert "libxcb-cursor.so.0" in x11
    assert "libxcb" not in wayland
    # The advice installs the same packages as the set-up script.
    setup = (Path(__file__).parents[1] / "scripts" / "setup.sh").read_text("utf-8")
    for sentence in (x11, wayland):
        packages = sentence.partition("sudo apt-get install ")[2].partition(")")[0].split()
        assert len(packages) >= 7
        assert set(packages) <= set(setup.split())
    assert missing_window_libraries_message({"DISPLAY": ":0"}, load=str) == ""


def test_looking_does_not_import_qt() -> None:
    code = (
        "import sys; from granite_live import launch; launch.can_open_window(); "
        "sys.exit('PySide6' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_setup_installs_what_the_window_needs() -> None:
    script = (Path(__file__).parents[1] / "scripts" / "setup.sh").read_text(encoding="utf-8")
    wanted = launch.QT_PACKAGES | launch.X11_PACKAGES | launch.WAYLAND_PACKAGES
    assert set(wanted.values()) <= set(script.split())
