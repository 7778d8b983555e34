"""Which keys paste where."""

from __future__ import annotations

import pytest

from granite_live.desktop.text_input import paste_shortcut_for, pastes_clipboard


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (("gedit", "Gedit"), ("Control_L", "v")),
        (("", ""), ("Control_L", "v")),
        (("gnome-terminal-server", "Gnome-terminal"), ("Control_L", "Shift_L", "v")),
        (("konsole", "konsole"), ("Control_L", "Shift_L", "v")),
        (("kitty", "kitty"), ("Control_L", "Shift_L", "v")),
        (("emacs", "Emacs"), ("Shift_L", "Insert")),
    ],
)
def test_terminals_have_keys_of_their_own(names: tuple[str, str], keys: tuple[str, ...]) -> None:
    found = paste_shortcut_for(names)
    assert (*found.held, found.pressed) == keys
    assert pastes_clipboard(names)


@pytest.mark.parametrize("names", [("xterm", "XTerm"), ("urxvt", "URxvt"), ("gvim", "Gvim")])
def test_some_paste_what_was_selected_and_are_typed_into(names: tuple[str, str]) -> None:
    assert not pastes_clipboard(names)
