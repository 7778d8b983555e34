"""The Flatpak manifest names what `make package` builds. No tool could build it here yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from granite_live import __version__

ROOT = Path(__file__).parents[1]
FLATPAK = ROOT / "packaging" / "flatpak"


@pytest.fixture
def manifest() -> dict[str, Any]:
    (path,) = FLATPAK.glob("*.yml")
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert path.stem == read["id"]
    return read


def test_it_has_the_identifier_of_the_description(manifest: dict[str, Any]) -> None:
    root = ElementTree.parse(ROOT / "packaging" / "linux" / "granite-live.metainfo.xml").getroot()
    assert root.findtext("id") == manifest["id"]
    for key, ending in (("rename-desktop-file", ".desktop"), ("rename-appdata-file", ".xml")):
        assert (ROOT / "packaging" / "linux" / manifest[key]).suffix == ending
        assert (ROOT / "packaging" / "linux" / manifest[key]).is_file()


def test_it_installs_the_archive_of_this_version(manifest: dict[str, Any]) -> None:
    (program,) = [one for one in manifest["modules"] if one["name"] == "granite-live"]
    (source,) = program["sources"]
    (machine,) = source["only-arches"]
    # As packaging/linux/build.py names it.
    name = f"granite-live-{__version__}-linux-{machine}.tar.gz"
    assert (FLATPAK / source["path"]).resolve() == ROOT / "dist" / name
    assert program["build-commands"] == ["./install.sh /app"]


def test_it_opens_no_folder_of_the_user(manifest: dict[str, Any]) -> None:
    assert not [one for one in manifest["finish-args"] if "filesystem" in one]
