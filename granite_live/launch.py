"""Open the window, if possible. Imports Qt only then."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from granite_live.util.errors import WindowError
from granite_live.util.system_libraries import missing_window_libraries


def can_open_window() -> bool:
    """Return whether there is a display, and Qt is installed."""
    return not reason_against()


def reason_against(environment: Mapping[str, str] | None = None) -> str:
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
    if reason := reason_against() or missing_window_libraries():
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


def _has_display(environment: Mapping[str, str]) -> bool:
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(environment.get(name) for name in names)
