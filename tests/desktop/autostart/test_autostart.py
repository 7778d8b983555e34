"""Starting with the session, as each platform stores it."""

from __future__ import annotations

import os
import plistlib
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest

from granite_live.desktop import autostart
from granite_live.desktop.autostart import AutostartError, DesktopEntry, LaunchAgent, RunKey

COMMAND = ["/opt/my programs/granite-live", "window", "--tray", '50%"$HOME`\\']


class FakeRegistry:
    """As much of winreg as is used: one key with values."""

    HKEY_CURRENT_USER, KEY_READ, KEY_SET_VALUE, REG_SZ = 1, 2, 4, 8

    def __init__(self, *, is_there: bool = True, is_shut: bool = False) -> None:
        self.values: dict[str, str] = {}
        self.is_there, self.is_shut = is_there, is_shut

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def OpenKey(self, root: int, path: str, _reserved: int, access: int) -> Self:  # noqa: N802
        assert (root, path.split("\\")[-1]) == (self.HKEY_CURRENT_USER, "Run")
        assert access in (self.KEY_READ, self.KEY_SET_VALUE)
        if self.is_shut:
            raise PermissionError(13, "Access is denied")
        if not self.is_there:
            raise FileNotFoundError
        return self

    def CreateKey(self, root: int, path: str) -> Self:  # noqa: N802
        self.is_there = True
        return self.OpenKey(root, path, 0, self.KEY_SET_VALUE)

    def QueryValueEx(self, _key: Self, name: str) -> tuple[str, int]:  # noqa: N802
        if name not in self.values:
            raise FileNotFoundError
        return self.values[name], self.REG_SZ

    def SetValueEx(self, _key: Self, name: str, _: int, kind: int, text: str) -> None:  # noqa: N802
        assert kind == self.REG_SZ
        self.values[name] = text

    def DeleteValue(self, _key: Self, name: str) -> None:  # noqa: N802
        if self.values.pop(name, None) is None:
            raise FileNotFoundError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return tmp_path


def entry_of(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "[Desktop Entry]"
    return dict(line.split("=", 1) for line in lines[1:])


@pytest.mark.parametrize("make", [DesktopEntry, LaunchAgent])
def test_a_file_is_there_when_it_is_on_and_nothing_when_it_is_off(
    home: Path, make: type[DesktopEntry | LaunchAgent]
) -> None:
    made = make()
    assert not made.is_enabled()
    made.enable(["/bin/true"])
    made.enable(["/bin/true"])
    assert made.is_enabled()
    assert [path for path in home.rglob("*") if path.is_file()] == [made.path]
    made.disable()
    made.disable()
    assert not made.is_enabled()
    assert not [path for path in home.rglob("*") if path.is_file()]


def test_a_desktop_starts_what_was_asked_for(home: Path) -> None:
    DesktopEntry().enable(COMMAND)
    entry = entry_of(home / ".config" / "autostart" / "granite-live.desktop")
    assert (entry["Type"], entry["Terminal"]) == ("Application", "false")
    # A reader takes a backslash from each pair; then the quotes, and a backslash in front of what
    # has a meaning in them; then a percent sign from each pair.
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', re.sub(r"\\(.)", r"\1", entry["Exec"]))
    assert [re.sub(r"\\(.)", r"\1", one).replace("%%", "%") for one in quoted] == COMMAND


def test_the_desktops_own_folder_of_settings_is_used(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "elsewhere"))
    assert DesktopEntry().path.parent == home / "elsewhere" / "autostart"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert DesktopEntry().path.parent == home / ".config" / "autostart"


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_desktop_switched_off_is_off(home: Path, line: str) -> None:
    made = DesktopEntry()
    made.enable(["/bin/true"])
    text = made.path.read_text(encoding="utf-8")
    made.path.write_text(text.replace("X-GNOME-Autostart-enabled=true", line), encoding="utf-8")
    assert not made.is_enabled()


def test_launchd_starts_what_was_asked_for(home: Path) -> None:
    LaunchAgent().enable(COMMAND)
    path = home / "Library" / "LaunchAgents" / "org.granite-live.window.plist"
    content = plistlib.loads(path.read_bytes())
    assert content["ProgramArguments"] == COMMAND
    assert content["RunAtLoad"] is True
    assert content["Label"] == path.stem


@pytest.mark.parametrize("data", [b"", b"not a list", plistlib.dumps({"RunAtLoad": False})])
def test_a_list_that_starts_nothing_is_off(home: Path, data: bytes) -> None:
    made = LaunchAgent()
    made.enable(["/bin/true"])
    made.path.write_bytes(data)
    assert not made.is_enabled()


def test_windows_keeps_it_in_the_registry() -> None:
    registry = FakeRegistry(is_there=False)
    made = RunKey(registry)
    assert not made.is_enabled()
    made.disable()
    made.enable([r"C:\My Programs\granite-live.exe", "window"])
    assert made.is_enabled()
    assert registry.values == {"Granite Live": r'"C:\My Programs\granite-live.exe" window'}
    made.disable()
    made.disable()
    assert not made.is_enabled()


def test_a_registry_that_is_shut_is_told() -> None:
    made = RunKey(FakeRegistry(is_shut=True))
    for act in (made.is_enabled, made.disable, lambda: made.enable(["x"])):
        with pytest.raises(AutostartError, match="Access is denied"):
            act()


def test_a_folder_that_cannot_be_written_is_told_and_leaves_nothing(home: Path) -> None:
    (home / ".config").write_text("in the way")
    with pytest.raises(AutostartError, match="autostart"):
        DesktopEntry().enable(["/bin/true"])
    assert [path.name for path in home.rglob("*")] == [".config"]


def test_a_write_that_fails_leaves_the_old_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = DesktopEntry()
    made.enable(["/bin/one"])
    before = made.path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AutostartError, match="No space left"):
        made.enable(["/bin/two"])
    assert made.path.read_bytes() == before
    assert list(made.path.parent.iterdir()) == [made.path]


@pytest.mark.parametrize(
    ("platform", "kind"), [("linux", "desktop_entry"), ("darwin", "launch_agent")]
)
def test_the_platform_decides(
    home: Path, monkeypatch: pytest.MonkeyPatch, platform: str, kind: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    autostart.enable(["/bin/true"])
    assert autostart.is_enabled()
    made: Any = {"desktop_entry": DesktopEntry, "launch_agent": LaunchAgent}[kind]()
    assert made.is_enabled()
    autostart.disable()
    assert not autostart.is_enabled()


def test_on_windows_the_registry_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = FakeRegistry()
    names = {name: getattr(registry, name) for name in dir(registry) if not name.startswith("_")}
    monkeypatch.setitem(sys.modules, "winreg", SimpleNamespace(**names))  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "platform", "win32")
    autostart.enable(["granite-live"])
    assert registry.values == {"Granite Live": "granite-live"}


def test_the_command_is_this_interpreter_and_the_package() -> None:
    assert autostart.program_command() == (
        sys.executable,
        "-m",
        "granite_live",
        "window",
        "--in-tray",
    )


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APPIMAGE", raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/granite-live/granite-live")
    assert autostart.program_command() == ("/opt/granite-live/granite-live", "window", "--in-tray")


def test_an_appimage_starts_its_file_and_not_where_it_is_mounted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/tmp/.mount_abc/granite-live")
    monkeypatch.setenv("APPIMAGE", "/home/me/Granite Live.AppImage")
    assert autostart.program_command()[0] == "/home/me/Granite Live.AppImage"
