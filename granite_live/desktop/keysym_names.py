"""The X11 keysym names of keys, which Wayland's shortcuts use too."""

KEYSYM_NAMES = {
    "Space": "space",
    "Enter": "KP_Enter",
    "Esc": "Escape",
    "Ins": "Insert",
    "Del": "Delete",
    "Backspace": "BackSpace",
    "PgUp": "Prior",
    "PgDown": "Next",
    "ScrollLock": "Scroll_Lock",
    "Play": "XF86AudioPlay",
    "Media Play": "XF86AudioPlay",
}
"""Qt's name of each key whose keysym has another name."""
