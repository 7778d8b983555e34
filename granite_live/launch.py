"""What the command line needs of Qt: the window if there is a display, and PDF files.

Names the system libraries that are missing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.util.errors import WindowError

if TYPE_CHECKING:
    from granite_live.transcript.export.options import ExportOptions
    from granite_live.transcript.model import RecordingTranscript

# Library -> its package in Debian and Ubuntu, which brings its own dependencies. The Debian package
# of this program depends on them, too.
QT_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libglib-2.0.so.0": "libglib2.0-0",
}
X11_PACKAGES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_PACKAGES = {"libwayland-cursor.so.0": "libwayland-cursor0"}


def missing_window_libraries_message(
    environment: Mapping[str, str] | None = None, *, load: Callable[[str], object] = ctypes.CDLL
) -> str:
    """Return a sentence on missing libraries for the window and how to get them; "" if none.

    Qt names one at a time, and aborts the process if an X11 library is missing.

    Args:
        environment: Says whether X11 or Wayland is used.
        load: Opens a library by its name, or raises OSError.
    """
    if not sys.platform.startswith("linux"):
        return ""
    environment = os.environ if environment is None else environment
    wanted = dict(QT_PACKAGES)
    if environment.get("DISPLAY"):
        wanted |= X11_PACKAGES
    if environment.get("WAYLAND_DISPLAY"):
        wanted |= WAYLAND_PACKAGES
    advice = _missing_libraries(wanted, load)
    if not advice:
        return ""
    return f"The window needs {advice}, or work in the terminal with 'granite-live listen'."


def _missing_libraries(wanted: Mapping[str, str], load: Callable[[str], object]) -> str:
    """Return what is missing and how to install it, "" if nothing is."""
    missing = [name for name in wanted if not _can_load(name, load)]
    if not missing:
        return ""
    packages = " ".join(wanted[name] for name in missing)
    return (
        f"libraries that are not installed ({', '.join(missing)}): install them (on Debian or "
        f"Ubuntu: sudo apt-get install {packages})"
    )


def _can_load(name: str, load: Callable[[str], object]) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True


def can_open_window() -> bool:
    """Return whether there is a display, and Qt is installed."""
    return not window_unavailable_reason()


def window_unavailable_reason(environment: Mapping[str, str] | None = None) -> str:
    """Return a sentence on why no window can be opened here and what to do; "" if it can."""
    environment = os.environ if environment is None else environment
    if not _has_display(environment):
        return (
            "There is no display here to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is "
            "set): work in the terminal with 'granite-live listen' and 'granite-live transcribe'."
        )
    if importlib.util.find_spec("PySide6") is None:
        return (
            "The window needs PySide6, which is not installed: pip install PySide6-Essentials, or "
            "work in the terminal with 'granite-live listen'."
        )
    return ""


def open_window(files: Sequence[Path] = (), *, in_tray: bool = False) -> int:
    """Open the window and add `files` to transcribe; return the exit code after it is closed.

    With `in_tray` the program stays in the system tray if the settings allow it.

    Raises:
        WindowError: No window can be opened here.
    """
    if reason := window_unavailable_reason() or missing_window_libraries_message():
        raise WindowError(reason)
    try:
        from granite_live.gui.app import run
    except ImportError as error:
        # Another library is missing; Qt names it.
        raise WindowError(
            f"The window cannot be opened ({error}): install that library, or work in the terminal "
            f"with 'granite-live listen'."
        ) from error
    return run(files, in_tray=in_tray)


def pdf_writer() -> Callable[[RecordingTranscript, ExportOptions], bytes]:
    """Return what writes a transcript as a PDF file; needs no display. Call it in the main thread.

    Raises:
        WindowError: Qt or a library that it needs is not installed.
    """
    if importlib.util.find_spec("PySide6") is None:
        raise WindowError(
            "A PDF file needs PySide6, which is not installed: pip install PySide6-Essentials, or "
            "choose another format, such as docx."
        )
    is_linux = sys.platform.startswith("linux")
    if is_linux and (advice := _missing_libraries(QT_PACKAGES, ctypes.CDLL)):
        raise WindowError(f"A PDF file needs {advice}, or choose another format, such as docx.")
    from granite_live.gui.pdf import WindowlessPdfWriter

    return WindowlessPdfWriter()


def _has_display(environment: Mapping[str, str]) -> bool:
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(environment.get(name) for name in names)
