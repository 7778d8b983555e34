"""The doctor names the package that the program runs from."""

from __future__ import annotations

from pathlib import Path

import pytest

from granite_live import __version__
from granite_live.app.doctor.package import PackageKind, Running, check_package, package_kind


def running(root: Path, program: str = "opt/granite-live/granite-live", **facts: object) -> Running:
    given: dict[str, object] = {
        "is_frozen": True, "executable": root / program, "prefix": root / "env", "environment": {},
        "is_editable": False, "root": root,
    }  # fmt: skip
    return Running(**(given | facts))  # type: ignore[arg-type]


def test_a_folder_is_a_folder_also_where_a_debian_package_is_installed(tmp_path: Path) -> None:
    assert package_kind(running(tmp_path)) is PackageKind.FOLDER
    program = "usr/lib/granite-live/granite-live"
    listed = tmp_path / "var/lib/dpkg/info/granite-live.list"
    listed.parent.mkdir(parents=True)
    listed.write_text(f"/.\n{tmp_path / program}\n")
    assert package_kind(running(tmp_path, program)) is PackageKind.DEBIAN
    assert package_kind(running(tmp_path)) is PackageKind.FOLDER


def test_other_frozen_programs(tmp_path: Path) -> None:
    inside = "Applications/Granite Live.app/Contents/MacOS/granite-live"
    assert package_kind(running(tmp_path, inside)) is PackageKind.MACOS_APP
    mounted = running(tmp_path, environment={"APPIMAGE": "/home/me/Granite.AppImage"})
    assert package_kind(mounted) is PackageKind.APPIMAGE
    (tmp_path / ".flatpak-info").touch()
    assert package_kind(running(tmp_path)) is PackageKind.FLATPAK


@pytest.mark.parametrize(
    ("mark", "kind"),
    [("pipx_metadata.json", PackageKind.PIPX), ("uv-receipt.toml", PackageKind.UV)],
)
def test_wheels_and_what_installed_them(tmp_path: Path, mark: str, kind: PackageKind) -> None:
    assert package_kind(running(tmp_path, is_frozen=False)) is PackageKind.WHEEL
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / mark).touch()
    assert package_kind(running(tmp_path, is_frozen=False)) is kind


def test_these_tests_run_from_a_checkout() -> None:
    found = check_package()
    assert found.topic == "Granite Live"
    assert found.detail.startswith(f"{__version__}, checkout in ")
    assert found.facts == {"package": "checkout", "version": __version__}
