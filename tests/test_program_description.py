"""The description of the stand-alone program for macOS and Windows, which cannot be built here.

PyInstaller's classes are replaced by recorders: they exist only where a program is built.
"""

from __future__ import annotations

import plistlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.version import Version

from granite_live import __version__

SPEC = Path(__file__).parents[1] / "packaging" / "pyinstaller" / "granite-live.spec"


class Recorded:
    """A call with its arguments; also the analysis, which has lists of files."""

    binaries: tuple[()] = ()
    datas: tuple[()] = ()
    scripts: tuple[()] = ()
    pure = None

    def __init__(self, *positional: Any, **named: Any) -> None:
        self.positional, self.named = positional, named


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, Recorded]]:
    """Return a function that runs the description for a system and returns its last calls."""
    hooks = ModuleType("PyInstaller.utils.hooks")
    hooks.collect_data_files = lambda package, includes=None: []  # type: ignore[attr-defined]
    hooks.collect_submodules = lambda package: []  # type: ignore[attr-defined]
    hooks.copy_metadata = lambda package, recursive: []  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "path", sys.path.copy())  # the description adds its own folder
    versions = ModuleType("PyInstaller.utils.win32.versioninfo")
    for name in (
        "FixedFileInfo", "StringFileInfo", "StringStruct", "StringTable", "VSVersionInfo",
        "VarFileInfo", "VarStruct",
    ):  # fmt: skip
        setattr(versions, name, Recorded)
    win32 = ModuleType("PyInstaller.utils.win32")
    win32.versioninfo = versions  # type: ignore[attr-defined]
    for module in (hooks, win32, versions):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    for package in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, package, ModuleType(package))

    def run(system: str) -> dict[str, Recorded]:
        monkeypatch.setattr(sys, "platform", system)
        calls: dict[str, Recorded] = {}

        def recorder(name: str) -> Callable[..., Recorded]:
            def call(*positional: Any, **named: Any) -> Recorded:
                calls[name] = Recorded(*positional, **named)
                return calls[name]

            return call

        names = ("Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE")
        scope: dict[str, Any] = {name: recorder(name) for name in names}
        scope["SPECPATH"] = str(SPEC.parent)
        exec(compile(SPEC.read_text(encoding="utf-8"), str(SPEC), "exec"), scope)
        return calls

    return run


def test_macos_gets_a_bundle_that_says_what_the_microphone_is_for(
    described: Callable[[str], dict[str, Recorded]],
) -> None:
    bundle = described("darwin")["BUNDLE"].named
    assert bundle["version"] == __version__
    assert Path(bundle["icon"]).read_bytes().startswith(b"icns")
    info = plistlib.loads(plistlib.dumps(bundle["info_plist"]))
    assert "stays on this computer" in info["NSMicrophoneUsageDescription"]
    kinds = info["CFBundleDocumentTypes"][0]["LSItemContentTypes"]
    assert kinds == ["public.audio", "public.movie"]


def test_windows_gets_an_icon_and_the_version(
    described: Callable[[str], dict[str, Recorded]],
) -> None:
    calls = described("win32")
    program = calls["EXE"].named
    assert Path(program["icon"]).read_bytes().startswith(b"\x00\x00\x01\x00")
    version = program["version"].named
    assert version["ffi"].named["filevers"] == (*Version(__version__).release, 0)
    (table,) = version["kids"][0].positional[0]
    texts = dict(one.positional for one in table.positional[1])
    assert texts["ProductVersion"] == __version__
    assert "BUNDLE" not in calls


def test_linux_needs_neither(described: Callable[[str], dict[str, Recorded]]) -> None:
    calls = described("linux")
    assert calls["EXE"].named["icon"] is None
    assert calls["EXE"].named["version"] is None
    assert "BUNDLE" not in calls
