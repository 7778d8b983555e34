"""Starts the program at login, on three platforms."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from granite_live.desktop.autostart.protocol import Autostart, AutostartError

__all__ = ["Autostart", "AutostartError", "is_on", "program_command", "turn_off", "turn_on"]


def program_command() -> tuple[str, ...]:
    """Return the command that opens the window in the tray at login.

    An AppImage mounts at a new path each start, so its file comes from `APPIMAGE`; other frozen
    programs use their executable, everything else runs as a module of this interpreter.
    """
    arguments = ("window", "--in-tray")
    if getattr(sys, "frozen", False):
        return (os.environ.get("APPIMAGE") or sys.executable, *arguments)
    return (sys.executable, "-m", "granite_live", *arguments)


def is_on() -> bool:
    """Return whether the program starts at login.

    Raises:
        AutostartError: The state cannot be read.
    """
    return _here().is_on()


def turn_on(command: Sequence[str]) -> None:
    """Start the program at login from now on.

    Args:
        command: The program's absolute path and its arguments.

    Raises:
        AutostartError: The state cannot be stored.
    """
    _here().turn_on(command)


def turn_off() -> None:
    """Do not start the program at login anymore. May be called twice.

    Raises:
        AutostartError: The state cannot be stored.
    """
    _here().turn_off()


def _here() -> Autostart:
    if sys.platform == "darwin":
        from granite_live.desktop.autostart.launch_agent import LaunchAgent

        return LaunchAgent()
    if sys.platform == "win32":
        from granite_live.desktop.autostart.run_key import RunKey

        return RunKey()
    from granite_live.desktop.autostart.desktop_entry import DesktopEntry

    return DesktopEntry()
