"""Which package the running program was installed from."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import metadata
from pathlib import Path

from granite_live import __version__
from granite_live.app.doctor.checks import CheckFinding, Status


class PackageKind(Enum):
    """A form in which the program is installed. The values name it for the user."""

    CHECKOUT = "checkout"
    WHEEL = "wheel"
    PIPX = "wheel, installed by pipx"
    UV = "wheel, installed by uv"
    FOLDER = "stand-alone folder"
    DEBIAN = "Debian package"
    MACOS_APP = "macOS application"
    APPIMAGE = "AppImage"
    FLATPAK = "Flatpak"


@dataclass(frozen=True, slots=True)
class Running:
    """What tells the package apart: facts on the running program and its system."""

    is_frozen: bool
    executable: Path
    prefix: Path
    """The folder of the Python environment."""
    environment: Mapping[str, str]
    is_editable: bool
    """Whether Python imports the program from its source."""
    root: Path = Path("/")

    @classmethod
    def here(cls) -> Running:
        """Return the facts on this process."""
        return cls(
            bool(getattr(sys, "frozen", False)),
            Path(sys.executable),
            Path(sys.prefix),
            os.environ,
            _is_editable(),
        )


def package_kind(running: Running) -> PackageKind:
    """Return the form in which the running program is installed."""
    if (running.root / ".flatpak-info").exists():
        return PackageKind.FLATPAK
    if running.is_frozen:
        if running.environment.get("APPIMAGE"):
            return PackageKind.APPIMAGE
        if any(part.endswith(".app") for part in running.executable.parts):
            return PackageKind.MACOS_APP
        return PackageKind.DEBIAN if _is_debian(running) else PackageKind.FOLDER
    if running.is_editable:
        return PackageKind.CHECKOUT
    if (running.prefix / "pipx_metadata.json").exists():
        return PackageKind.PIPX
    return PackageKind.UV if (running.prefix / "uv-receipt.toml").exists() else PackageKind.WHEEL


def check_package() -> CheckFinding:
    """Name the package and the version of the running program."""
    running = Running.here()
    kind = package_kind(running)
    folder = running.executable.parent if running.is_frozen else running.prefix
    detail = f"{__version__}, {kind.value} in {folder}"
    facts = {"package": kind.value, "version": __version__}
    return CheckFinding("Granite Live", Status.OK, detail, facts=facts)


def _is_debian(running: Running) -> bool:
    """Return whether dpkg installed the program: its list of files names the executable."""
    listed = running.root / "var/lib/dpkg/info/granite-live.list"
    try:
        return str(running.executable) in listed.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False


def _is_editable() -> bool:
    try:
        address = metadata.distribution("granite-live").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return True  # run from a checkout without an installation
    try:
        return bool(json.loads(address or "{}").get("dir_info", {}).get("editable"))
    except (ValueError, AttributeError):
        return False
