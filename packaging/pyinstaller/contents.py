"""Which of the files that PyInstaller collects belong into the stand-alone program.

`scripts/try_app.sh` runs tests of commands, the real window, a microphone and a speaker with the
result; they pass without everything that is named below.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import PurePath

Entry = tuple[str, str, str]
"""Destination in the program's folder, source, and kind."""

EXCLUDED_MODULES = (
    # Tools of development that libraries import if they are there.
    "IPython",
    "hypothesis",
    "matplotlib",
    "mypy",
    "pytest",
    "tkinter",
    "torch",
    # Looks through all packages at every start, for half of the time of `--version`.
    "pkg_resources",
    "setuptools",
    # Tests and compilers of numpy and onnx, and numpy's parts that nothing here uses.
    "numpy.distutils",
    "numpy._core._multiarray_tests",
    "numpy.f2py",
    "numpy.polynomial",
    "numpy.testing",
    "onnx.backend.test",
    "onnx.reference",
    # huggingface_hub's own downloads, webhooks and services; this program only asks it for
    # addresses and lists of files.
    "fsspec",
    "hf_xet",
    "huggingface_hub._sandbox",
    "huggingface_hub.cli",
    "huggingface_hub.inference",
    "pydantic",
    "pydantic_core",
    # The manual of Python itself; WebSockets for others than the service.
    "pydoc_data",
    "websockets.legacy",
    "websockets.sync",
    "websockets.trio",
    # Parts of Qt that the window does not use.
    "PySide6.QtDBus",
    "PySide6.QtOpenGL",
    "PySide6.QtQml",
    "PySide6.QtQuick",
)

# Parts of the path of the destination, in lower case.
UNUSED = (
    # A theme that needs GTK.
    "libqgtk3.",
    # Ways to draw without a desktop.
    "egldeviceintegrations/",
    "libqeglfs.",
    "libqlinuxfb.",
    "libqminimal",
    "libqt6eglfs",
    "libqvkkhrdisplay.",
    "libqvnc.",
    # A keyboard on the screen, in QML.
    "libqtvirtualkeyboardplugin.",
    "libqt6qml",
    "libqt6quick",
    "libqt6virtualkeyboard",
    # Input devices without a desktop; whether there is a network.
    "plugins/generic/",
    "plugins/networkinformation/",
    # Ways to draw with a graphics card: the window draws without one.
    "plugins/wayland-graphics-integration-client/",
    "plugins/xcbglintegrations/",
    # Encrypted connections of Qt's.
    "plugins/tls/",
    # Pictures other than PNG and SVG.
    "libqgif.",
    "libqicns.",
    "libqico.",
    "libqjpeg.",
    "libqpdf.",
    "libqtga.",
    "libqtiff.",
    "libqwbmp.",
    "libqwebp.",
    # Sources of translations.
    "translations/granite-live_de.ts",
    # Libraries that each Linux with a desktop has. The program names those that are missing (see
    # granite_live/launch.py), and the Debian package depends on them.
    *("/libx11.", "/libxcb.", "/libdbus-1.", "/libfontconfig.", "/libfreetype.", "/libglib-2.0."),
    *("/libgthread-2.0.", "/libgssapi_krb5.", "/libzstd."),
    # Lists of what packages consist of, of which only the versions are read.
    ".dist-info/record",
    ".dist-info/sboms/",
)

SLOW_HOOKS = {
    # Finds the sources of functions; where multiprocessing's processes begin (start.py does that).
    "pyi_rth_inspect",
    "pyi_rth_multiprocessing",
    # Lets a program look for its modules by name.
    "pyi_rth_pkgutil",
}
"""PyInstaller's preparations of modules that import them at each start, needed or not: a third of
the time of `--version`."""
SLOW_HOOKS_ON_LINUX = {
    # Tells Qt where its plugins are, which PySide6 from PyPI does itself.
    "pyi_rth_pyside6"
}

LANGUAGES = ("de", "en")
"""The window's languages, in which Qt's own texts are taken along."""


def select(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that belong into the program."""
    return [entry for entry in entries if is_used(entry[0])]


def quick(scripts: Iterable[Entry]) -> list[Entry]:
    """Return the scripts that the program runs at its start, without the slow ones."""
    slow = SLOW_HOOKS | (SLOW_HOOKS_ON_LINUX if sys.platform == "linux" else set())
    return [entry for entry in scripts if entry[0] not in slow]


def is_used(destination: str) -> bool:
    """Return whether the file at `destination` belongs into the program."""
    path = PurePath(destination)
    name = path.as_posix().lower()
    if "translations" in path.parts and path.suffix == ".qm" and "PySide6" in path.parts:
        return path.stem.rsplit("_", 1)[-1] in LANGUAGES
    return not any(part in f"/{name}" for part in UNUSED)
