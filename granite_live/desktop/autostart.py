"""Start with the user's session: a desktop entry, a launch agent, or a value of the Run key."""

from __future__ import annotations

import importlib
import os
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from granite_live.messages.desktop import DesktopMessage
from granite_live.util.errors import GraniteError
from granite_live.util.files import write_atomically

__all__ = ["Autostart", "AutostartError", "disable", "enable", "is_enabled", "program_command"]


class AutostartError(GraniteError):
    """The autostart state cannot be read or stored."""


class Autostart(Protocol):
    """One platform's implementation; all methods may raise `AutostartError`."""

    def is_enabled(self) -> bool:
        """Return whether the program starts at login."""
        ...

    def enable(self, command: Sequence[str]) -> None:
        """Start the program at login from now on."""
        ...

    def disable(self) -> None:
        """Do not start the program at login anymore."""
        ...


def program_command() -> tuple[str, ...]:
    """Return the command that opens the window in the tray at login.

    An AppImage mounts at a new path each start, so its file comes from `APPIMAGE`; other frozen
    programs use their executable, everything else runs as a module of this interpreter.
    """
    arguments = ("window", "--in-tray")
    if getattr(sys, "frozen", False):
        return (os.environ.get("APPIMAGE") or sys.executable, *arguments)
    return (sys.executable, "-m", "granite_live", *arguments)


def is_enabled() -> bool:
    """Return whether the program starts at login.

    Raises:
        AutostartError: The state cannot be read.
    """
    return _platform_autostart().is_enabled()


def enable(command: Sequence[str]) -> None:
    """Start the program at login from now on.

    Args:
        command: The program's absolute path and its arguments.

    Raises:
        AutostartError: The state cannot be stored.
    """
    _platform_autostart().enable(command)


def disable() -> None:
    """Do not start the program at login anymore. May be called twice.

    Raises:
        AutostartError: The state cannot be stored.
    """
    _platform_autostart().disable()


def _platform_autostart() -> Autostart:
    if sys.platform == "darwin":
        return LaunchAgent()
    if sys.platform == "win32":
        return RunKey()

    return DesktopEntry()


_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_VALUE_NAME = "Granite Live"


class RunKey:
    """One registry value, which is written atomically."""

    def __init__(self, registry: Any = None) -> None:
        """Load `winreg`; tests pass a fake."""
        self._registry = importlib.import_module("winreg") if registry is None else registry

    def is_enabled(self) -> bool:
        """Return whether the value exists."""
        try:
            with self._open(self._registry.KEY_READ) as key:
                self._registry.QueryValueEx(key, _VALUE_NAME)
        except FileNotFoundError:
            return False
        except OSError as trouble:
            raise _unusable("read", trouble) from trouble
        return True

    def enable(self, command: Sequence[str]) -> None:
        """Set the value."""
        text = subprocess.list2cmdline(command)
        try:
            with self._registry.CreateKey(self._registry.HKEY_CURRENT_USER, _KEY) as key:
                self._registry.SetValueEx(key, _VALUE_NAME, 0, self._registry.REG_SZ, text)
        except OSError as trouble:
            raise _unusable("written", trouble) from trouble

    def disable(self) -> None:
        """Delete the value if it exists."""
        try:
            with self._open(self._registry.KEY_SET_VALUE) as key:
                self._registry.DeleteValue(key, _VALUE_NAME)
        except FileNotFoundError:
            return
        except OSError as trouble:
            raise _unusable("written", trouble) from trouble

    def _open(self, access: int) -> Any:
        return self._registry.OpenKey(self._registry.HKEY_CURRENT_USER, _KEY, 0, access)


def _unusable(what: str, trouble: OSError) -> AutostartError:
    return AutostartError(
        DesktopMessage.REGISTRY_FAILED(key=_KEY, action=what, reason=trouble.strerror or trouble)
    )


def read(path: Path) -> bytes | None:
    """Return the file's content, None if it does not exist.

    Raises:
        AutostartError: The file cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as trouble:
        msg = DesktopMessage.AUTOSTART_UNREADABLE(path=path, reason=trouble.strerror)
        raise AutostartError(msg) from trouble


def write(path: Path, data: bytes) -> None:
    """Write the file atomically.

    Raises:
        AutostartError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    except OSError as trouble:
        msg = DesktopMessage.AUTOSTART_UNWRITABLE(path=path, reason=trouble.strerror)
        raise AutostartError(msg) from trouble


def remove(path: Path) -> None:
    """Remove the file if it exists.

    Raises:
        AutostartError: The file cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as trouble:
        msg = DesktopMessage.AUTOSTART_NOT_REMOVED(path=path, reason=trouble.strerror)
        raise AutostartError(msg) from trouble


_ENTRY_NAME = "granite-live.desktop"
# These four are special inside quotes, and the file format halves backslashes.
_QUOTED = str.maketrans({'"': r'\\"', "`": r"\\`", "$": r"\\$", "\\": r"\\\\", "%": "%%"})


class DesktopEntry:
    """The desktop's settings may disable the file (`Hidden`); that counts as off."""

    def __init__(self) -> None:
        config = os.environ.get("XDG_CONFIG_HOME", "")
        folder = Path(config) if Path(config).is_absolute() else Path.home() / ".config"
        self.path = folder / "autostart" / _ENTRY_NAME

    def is_enabled(self) -> bool:
        """Return whether the file exists and is enabled."""
        data = read(self.path)
        if data is None:
            return False
        lines = {line.strip().lower() for line in data.decode("utf-8", "replace").splitlines()}
        return not lines & {"hidden=true", "x-gnome-autostart-enabled=false"}

    def enable(self, command: Sequence[str]) -> None:
        """Write the file."""
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            "Name=Granite Live",
            f"Exec={' '.join(_quoted(one) for one in command)}",
            "Icon=granite-live",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
        )
        write(self.path, "".join(f"{line}\n" for line in lines).encode())

    def disable(self) -> None:
        """Remove the file."""
        remove(self.path)


def _quoted(argument: str) -> str:
    return f'"{argument.translate(_QUOTED)}"'


_LABEL = "org.granite-live.window"


class LaunchAgent:
    """launchd reads the file at login; writing it starts nothing."""

    def __init__(self) -> None:
        self.path = Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"

    def is_enabled(self) -> bool:
        """Return whether the file exists and is enabled."""
        data = read(self.path)
        if data is None:
            return False
        try:
            found = plistlib.loads(data)
        except (plistlib.InvalidFileException, ValueError, OverflowError):
            return False  # launchd cannot read it either
        return isinstance(found, dict) and found.get("RunAtLoad") is True

    def enable(self, command: Sequence[str]) -> None:
        """Write the file."""
        content = {
            "Label": _LABEL,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        write(self.path, plistlib.dumps(content))

    def disable(self) -> None:
        """Remove the file."""
        remove(self.path)
