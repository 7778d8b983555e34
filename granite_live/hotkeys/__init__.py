"""Keys that work whichever program has the focus."""

from granite_live.hotkeys.opening import open_global_keys
from granite_live.hotkeys.protocol import GlobalKeys, HotkeyError

__all__ = ["GlobalKeys", "HotkeyError", "open_global_keys"]
