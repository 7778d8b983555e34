"""A Debian package and an archive are made of the built program."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from granite_live import __version__

ROOT = Path(__file__).parents[1]
LINUX = ROOT / "packaging" / "linux"


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """The module that makes packages; its results go to a folder of the test."""
    monkeypatch.syspath_prepend(str(LINUX))
    module = import_module("build")
    monkeypatch.setattr(module, "DIST", tmp_path / "dist")
    (tmp_path / "dist").mkdir()
    yield module
    sys.modules.pop("build")


@pytest.fixture
def share(build: ModuleType, tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    build.lay_out_share(folder)
    return folder


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A stand-in for the built program: building the real one takes minutes."""
    folder = tmp_path / "dist" / "granite-live"
    folder.mkdir()
    program = folder / "granite-live"
    program.write_text('#!/bin/sh\necho it runs from $(dirname "$(readlink -f "$0")")\n')
    program.chmod(0o755)
    (folder / "data").write_text("data")
    return folder


def test_menus_and_manuals_find_it(share: Path) -> None:
    assert (share / "applications" / "granite-live.desktop").is_file()
    assert gzip.decompress((share / "man" / "man1" / "granite-live.1.gz").read_bytes())
    assert len(list((share / "icons" / "hicolor").rglob("granite-live.png"))) > 5


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not installed")
def test_the_debian_package(build: ModuleType, app: Path, share: Path, tmp_path: Path) -> None:
    package = build.build_deb(app, share)
    fields = subprocess.run(
        ["dpkg-deb", "--field", package], capture_output=True, text=True, check=True
    ).stdout
    assert f"Version: {__version__}\n" in fields
    assert "libportaudio2" in fields
    assert "libegl1" in fields
    assert "libxcb-cursor0" in fields
    assert "Recommends: libasound2-plugins, libwayland-cursor0\n" in fields
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path / "out"], check=True)
    program = tmp_path / "out" / "usr" / "bin" / "granite-live"
    done = subprocess.run([program], capture_output=True, text=True, check=True)
    assert done.stdout == f"it runs from {tmp_path}/out/usr/lib/granite-live\n"


@pytest.mark.skipif(os.name == "nt", reason="a shell script for Linux")
def test_the_archive_installs_and_removes_itself(
    build: ModuleType, app: Path, share: Path, tmp_path: Path
) -> None:
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    subprocess.run(["tar", "-xf", build.build_archive(app, share), "-C", unpacked], check=True)
    (folder,) = unpacked.iterdir()
    prefix = tmp_path / "home with space" / ".local"

    def install(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(folder / "install.sh"), *map(str, arguments)], capture_output=True, text=True
        )

    for _time in range(2):  # the second one replaces the first
        done = install(prefix)
        assert (done.returncode, done.stderr) == (0, "")
    program = prefix / "bin" / "granite-live"
    ran = subprocess.run([program], capture_output=True, text=True, check=True)
    assert ran.stdout == f"it runs from {prefix}/lib/granite-live\n"
    entry = (prefix / "share" / "applications" / "granite-live.desktop").read_text()
    assert f'Exec="{program}" window %F' in entry

    mine = prefix / "share" / "applications" / "mine.desktop"
    mine.write_text("mine")
    done = install("--remove", prefix)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (prefix / "share" / "doc" / "granite-live").exists()
    left = [one for one in prefix.rglob("*") if not one.is_dir()]
    assert [one for one in left if one.name != "mimeinfo.cache"] == [mine]  # the desktop's own

    other = prefix / "bin" / "granite-live"
    other.write_text("another program")
    done = install(prefix)
    assert done.returncode == 2
    assert "is another program" in done.stderr
    assert other.read_text() == "another program"
    assert install("not/whole").returncode == 2
