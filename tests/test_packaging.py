"""The files that a desktop reads are valid, and packages are made of what is there."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from granite_live import __version__

ROOT = Path(__file__).parents[1]
LINUX = ROOT / "packaging" / "linux"
APP_ID = "org.granitelive.App"


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """The module that makes packages; its results go to a folder of the test."""
    monkeypatch.syspath_prepend(str(LINUX))
    module = import_module("build")
    monkeypatch.setattr(module, "DIST", tmp_path / "dist")
    (tmp_path / "dist").mkdir()
    yield module
    sys.modules.pop("build")


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What belongs below /usr/share, made in a process of its own: it starts Qt in its own way."""
    folder = tmp_path_factory.mktemp("share")
    code = "import build, pathlib, sys; build.lay_out_share(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, folder], cwd=LINUX, check=True)
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


def desktop_entry() -> ConfigParser:
    parser = ConfigParser(interpolation=None, delimiters="=")
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(LINUX / f"{APP_ID}.desktop", encoding="utf-8")
    return parser


def test_the_desktop_entry_opens_recordings() -> None:
    entry = desktop_entry()["Desktop Entry"]
    assert entry["Exec"] == "granite-live window %F"
    types = entry["MimeType"].rstrip(";").split(";")
    assert {"audio/flac", "audio/mpeg", "audio/x-wav", "video/mp4"} <= set(types)
    assert len(types) == len(set(types))


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="it is not installed")
def test_the_desktop_entry_is_valid() -> None:
    file = LINUX / f"{APP_ID}.desktop"
    done = subprocess.run(["desktop-file-validate", file], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_window_has_the_name_of_the_desktop_entry() -> None:
    source = (ROOT / "granite_live" / "gui" / "app.py").read_text(encoding="utf-8")
    assert f'setDesktopFileName("{APP_ID}")' in source
    assert desktop_entry()["Desktop Entry"]["StartupWMClass"] == APP_ID


def test_the_newest_release_is_this_version(build: ModuleType) -> None:
    version, _date = build.version_and_date()
    assert version == __version__


def test_metainfo_names_the_release(share: Path, build: ModuleType) -> None:
    file = share / "metainfo" / f"{APP_ID}.metainfo.xml"
    release = ElementTree.parse(file).find("releases/release")
    assert release is not None
    assert (release.get("version"), release.get("date")) == build.version_and_date()
    if shutil.which("appstreamcli"):
        done = subprocess.run(["appstreamcli", "validate", "--no-net", file], capture_output=True)
        assert done.returncode == 0, done.stdout


def test_every_size_of_the_icon_is_drawn(share: Path, build: ModuleType) -> None:
    icons = {one.parent.parent.name for one in share.rglob(f"{APP_ID}.png")}
    assert icons == {f"{size}x{size}" for size in build.ICON_SIZES}
    assert gzip.decompress((share / "man" / "man1" / "granite-live.1.gz").read_bytes())


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not installed")
def test_the_debian_package(build: ModuleType, app: Path, share: Path, tmp_path: Path) -> None:
    package = build.build_deb(app, share)
    fields = subprocess.run(
        ["dpkg-deb", "--field", package], capture_output=True, text=True, check=True
    ).stdout
    assert f"Version: {__version__}\n" in fields
    assert "libportaudio2" in fields
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path / "out"], check=True)
    program = tmp_path / "out" / "usr" / "bin" / "granite-live"
    done = subprocess.run([program], capture_output=True, text=True, check=True)
    assert done.stdout == f"it runs from {tmp_path}/out/usr/lib/granite-live\n"


@pytest.mark.skipif(os.name == "nt", reason="a shell script for Linux")
def test_the_archive_installs_and_removes_itself(
    build: ModuleType, app: Path, share: Path, tmp_path: Path
) -> None:
    with tarfile.open(build.build_archive(app, share)) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (folder,) = (tmp_path / "unpacked").iterdir()
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
    entry = (prefix / "share" / "applications" / f"{APP_ID}.desktop").read_text()
    assert f'Exec="{program}" window %F' in entry

    mine = prefix / "share" / "applications" / "mine.desktop"
    mine.write_text("mine")
    done = install("--remove", prefix)
    assert (done.returncode, done.stderr) == (0, "")
    left = [one for one in prefix.rglob("*") if not one.is_dir()]
    assert [one for one in left if one.name != "mimeinfo.cache"] == [mine]  # the desktop's own

    other = prefix / "bin" / "granite-live"
    other.write_text("another program")
    done = install(prefix)
    assert done.returncode == 2
    assert "is another program" in done.stderr
    assert other.read_text() == "another program"
    assert install("not/whole").returncode == 2
