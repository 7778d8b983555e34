"""Find `assets/`, which is beside the package in a checkout and inside it in a wheel."""

from __future__ import annotations

from pathlib import Path


def assets_dir() -> Path:
    """Return the folder of the files that ship with the program.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "assets", package.parent / "assets"):
        if candidate.is_dir():
            return candidate
    msg = f"assets/ is missing beside {package}: the installation is incomplete, install it again"
    raise FileNotFoundError(msg)


def demo_bundle_dir() -> Path:
    """Return the folder of the demo model that ships with the program."""
    return assets_dir() / "demo"
