"""Check for Linux system libraries that Qt needs and pip does not install."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

# Library -> its package in Debian and Ubuntu, which brings its own dependencies.
_FOR_QT = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
_FOR_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_FOR_WAYLAND = {"libwayland-cursor.so.0": "libwayland-cursor0"}


def missing_window_libraries(
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
    wanted = dict(_FOR_QT)
    if environment.get("DISPLAY"):
        wanted |= _FOR_X11
    if environment.get("WAYLAND_DISPLAY"):
        wanted |= _FOR_WAYLAND
    missing = [name for name in wanted if not _can_load(name, load)]
    if not missing:
        return ""
    packages = " ".join(wanted[name] for name in missing)
    return (
        f"The window needs libraries that are not installed ({', '.join(missing)}): install them "
        f"(on Debian or Ubuntu: sudo apt-get install {packages}), or work in the terminal with "
        f"'granite-live listen'."
    )


def _can_load(name: str, load: Callable[[str], object]) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True
