"""Starting with the user's session: one switch, three platforms."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from granite_live.autostart.protocol import Autostart, AutostartError

__all__ = ["Autostart", "AutostartError", "is_on", "program_command", "turn_off", "turn_on"]


def program_command() -> tuple[str, ...]:
    """Return the command that opens the window in the tray when the user logs in.

    An AppImage is mounted somewhere else at each start and names its file in `APPIMAGE`; any other
    frozen program is its own executable; everything else is a module of this interpreter.
    """
    arguments = ("window", "--in-tray")
    if getattr(sys, "frozen", False):
        return (os.environ.get("APPIMAGE") or sys.executable, *arguments)
    return (sys.executable, "-m", "granite_live", *arguments)


def is_on() -> bool:
    """Return whether the program starts with the user's session.

    Raises:
        AutostartError: That cannot be found out.
    """
    return _here().is_on()


def turn_on(command: Sequence[str]) -> None:
    """Start with the user's session from now on.

    Args:
        command: The program, with its whole path, and its arguments.

    Raises:
        AutostartError: That cannot be stored.
    """
    _here().turn_on(command)


def turn_off() -> None:
    """Start with the user's session no longer. Doing so twice does no harm.

    Raises:
        AutostartError: That cannot be stored.
    """
    _here().turn_off()


def _here() -> Autostart:
    if sys.platform == "darwin":
        from granite_live.autostart.launch_agent import LaunchAgent

        return LaunchAgent()
    if sys.platform == "win32":
        from granite_live.autostart.run_key import RunKey

        return RunKey()
    from granite_live.autostart.desktop_entry import DesktopEntry

    return DesktopEntry()
