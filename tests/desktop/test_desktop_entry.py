"""The desktop entry, the AppStream description and the icons are valid and agree."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

from granite_live import __version__
from granite_live.cli.main import run

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "packaging" / "linux"
ENTRY = LINUX / "granite-live.desktop"
METAINFO = LINUX / "granite-live.metainfo.xml"


def entry() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(delimiters="=", strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ENTRY, encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_entry_opens_files_with_the_window(capsys: pytest.CaptureFixture[str]) -> None:
    program, command, files = entry()["Exec"].split()
    assert (program, files) == ("granite-live", "%F")
    assert run([command, "--help"]) == 0
    assert "[FILES]" in capsys.readouterr().out


def test_every_text_of_the_entry_is_german_too() -> None:
    found = entry()
    for key in ("GenericName", "Comment", "Keywords"):
        assert found[f"{key}[de]"]


def test_audio_and_video_are_opened_with_it() -> None:
    kinds = entry()["MimeType"].rstrip(";").split(";")
    assert {"audio/mpeg", "audio/x-wav", "audio/flac", "audio/mp4", "video/mp4"} <= set(kinds)
    assert all(re.fullmatch(r"(audio|video)/[\w.+-]+", kind) for kind in kinds)
    assert kinds == sorted(set(kinds))


def test_the_description_knows_this_version_and_the_entry() -> None:
    root = ElementTree.parse(METAINFO).getroot()
    release = root.find("releases/release")
    assert release is not None
    assert release.get("version") == __version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {__version__} - {release.get('date')}" in changelog
    assert root.findtext("launchable") == ENTRY.name
    categories = [one.text for one in root.iterfind("categories/category")]
    assert categories == entry()["Categories"].rstrip(";").split(";")


@pytest.mark.parametrize("folder", sorted((LINUX / "icons").iterdir()), ids=lambda path: path.name)
def test_icons_have_the_size_of_their_folder(folder: Path) -> None:
    image = QImage(str(folder / "granite-live.png"))
    assert f"{image.width()}x{image.height()}" == folder.name
    assert image.hasAlphaChannel()


def test_all_of_it_is_in_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert all((ROOT / name).is_file() for name in shared)
    folders = (LINUX / "icons", ROOT / "packaging" / "completions", ROOT / "packaging" / "man")
    wanted = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    wanted += [ENTRY, METAINFO]
    assert {path.relative_to(ROOT).as_posix() for path in wanted} <= set(shared)


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="there is no desktop-file-validate here"
)
def test_the_entry_is_valid() -> None:
    done = subprocess.run(["desktop-file-validate", ENTRY], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="there is no appstreamcli here")
def test_the_description_is_valid() -> None:
    command = ["appstreamcli", "validate", "--no-net", METAINFO]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
