"""The paste shortcut by window class: a list of programs that do not use Ctrl+V."""

from __future__ import annotations

from typing import NamedTuple


class PasteShortcut(NamedTuple):
    """A paste shortcut by keysym names: the modifiers to hold and the key to press."""

    held: tuple[str, ...]
    pressed: str


_USUAL = PasteShortcut(("Control_L",), "v")
_TERMINAL = PasteShortcut(("Control_L", "Shift_L"), "v")
_INSERT = PasteShortcut(("Shift_L",), "Insert")

# Terminals pass Ctrl+V on to the program in them.
_TERMINALS = frozenset(
    {
        "alacritty",
        "com.mitchellh.ghostty",
        "cool-retro-term",
        "deepin-terminal",
        "gnome-terminal",
        "gnome-terminal-server",
        "guake",
        "io.elementary.terminal",
        "kgx",
        "kitty",
        "konsole",
        "lxterminal",
        "mate-terminal",
        "org.gnome.console",
        "org.gnome.ptyxis",
        "org.wezfurlong.wezterm",
        "qterminal",
        "st",
        "st-256color",
        "terminator",
        "terminology",
        "tilda",
        "tilix",
        "xfce4-terminal",
        "yakuake",
    }
)
# Ctrl+V scrolls in these; Shift+Insert pastes from the clipboard.
_USE_SHIFT_INSERT = frozenset({"emacs"})
# Their paste shortcut inserts the primary selection.
_PASTE_PRIMARY_SELECTION = frozenset(
    {"eterm", "aterm", "gvim", "mlterm", "rxvt", "urxvt", "uxterm", "xterm"}
)


def paste_shortcut_for(window_class: tuple[str, str]) -> PasteShortcut:
    """Return the paste shortcut of a window with this WM_CLASS."""
    names = {name.lower() for name in window_class}
    if names & _TERMINALS:
        return _TERMINAL
    return _INSERT if names & _USE_SHIFT_INSERT else _USUAL


def pastes_clipboard(window_class: tuple[str, str]) -> bool:
    """Return whether a window of this WM_CLASS has a shortcut that pastes the clipboard."""
    return not {name.lower() for name in window_class} & _PASTE_PRIMARY_SELECTION
