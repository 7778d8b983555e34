"""Global hotkeys: keys that work regardless of the focused program."""

from granite_live.desktop.hotkeys.opening import open_global_keys
from granite_live.desktop.hotkeys.protocol import GlobalKeys, HotkeyError

__all__ = ["GlobalKeys", "HotkeyError", "open_global_keys"]
