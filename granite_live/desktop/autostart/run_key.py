"""Autostart on Windows: a value of the user's Run key in the registry."""

from __future__ import annotations

import importlib
import subprocess
from collections.abc import Sequence
from typing import Any

from granite_live.desktop.autostart.protocol import AutostartError

_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_NAME = "Granite Live"


class RunKey:
    """One registry value, which is written atomically."""

    def __init__(self, registry: Any = None) -> None:
        """Load `winreg`; tests pass a fake."""
        self._registry = importlib.import_module("winreg") if registry is None else registry

    def is_on(self) -> bool:
        """Return whether the value exists."""
        try:
            with self._open(self._registry.KEY_READ) as key:
                self._registry.QueryValueEx(key, _NAME)
        except FileNotFoundError:
            return False
        except OSError as trouble:
            raise _unusable("read", trouble) from trouble
        return True

    def turn_on(self, command: Sequence[str]) -> None:
        """Set the value."""
        text = subprocess.list2cmdline(command)
        try:
            with self._registry.CreateKey(self._registry.HKEY_CURRENT_USER, _KEY) as key:
                self._registry.SetValueEx(key, _NAME, 0, self._registry.REG_SZ, text)
        except OSError as trouble:
            raise _unusable("written", trouble) from trouble

    def turn_off(self) -> None:
        """Delete the value if it exists."""
        try:
            with self._open(self._registry.KEY_SET_VALUE) as key:
                self._registry.DeleteValue(key, _NAME)
        except FileNotFoundError:
            return
        except OSError as trouble:
            raise _unusable("written", trouble) from trouble

    def _open(self, access: int) -> Any:
        return self._registry.OpenKey(self._registry.HKEY_CURRENT_USER, _KEY, 0, access)


def _unusable(what: str, trouble: OSError) -> AutostartError:
    return AutostartError(
        f"The registry's key {_KEY} cannot be {what} ({trouble.strerror or trouble}): "
        "set the start by hand under Settings, Apps, Startup."
    )
