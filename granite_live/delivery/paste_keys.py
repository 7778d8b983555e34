"""Which keys paste, by the kind of window: a list of those that do not take Ctrl+V."""

from __future__ import annotations

from typing import NamedTuple


class PasteKeys(NamedTuple):
    """Keysym names: what is held, and what is pressed."""

    held: tuple[str, ...]
    pressed: str


_USUAL = PasteKeys(("Control_L",), "v")
_TERMINAL = PasteKeys(("Control_L", "Shift_L"), "v")
_INSERT = PasteKeys(("Shift_L",), "Insert")

# Terminals give Ctrl+V to the program in them.
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
# Ctrl+V turns pages there, Shift+Insert takes from the clipboard.
_TAKE_INSERT = frozenset({"emacs"})
# Their paste keys take what was last selected with the mouse.
_TAKE_SELECTED = frozenset({"eterm", "aterm", "gvim", "mlterm", "rxvt", "urxvt", "uxterm", "xterm"})


def keys_for(window_class: tuple[str, str]) -> PasteKeys:
    """Return the paste keys of a window with these two names (X's WM_CLASS)."""
    names = {name.lower() for name in window_class}
    if names & _TERMINALS:
        return _TERMINAL
    return _INSERT if names & _TAKE_INSERT else _USUAL


def takes_from_clipboard(window_class: tuple[str, str]) -> bool:
    """Return whether such a window has keys that paste from the clipboard."""
    return not {name.lower() for name in window_class} & _TAKE_SELECTED
