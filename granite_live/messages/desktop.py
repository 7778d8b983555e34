"""Messages about desktop."""

from __future__ import annotations

from granite_live.messages import MessageCode


class DesktopMessage(MessageCode):
    """Text for other programs, and the start at login."""

    REGISTRY_FAILED = (
        "The registry's key {key} cannot be {action} ({reason}): set the start by hand under "
        "Settings, Apps, Startup."
    )
    AUTOSTART_UNREADABLE = "{path} cannot be read ({reason}): look at its permissions."
    AUTOSTART_UNWRITABLE = "{path} cannot be written ({reason}): look at its folder's permissions."
    AUTOSTART_NOT_REMOVED = "{path} cannot be removed ({reason}): remove it by hand."
    MACOS_ACCESSIBILITY = (
        "macOS does not let Granite Live press keys: allow it in System Settings under "
        "Privacy & Security, Accessibility, and start it again."
    )
    PASSWORD_FIELD = "'{title}' asks for a password: nothing was put there."
    FOCUS_LOST = "'{title}' has the focus no more."
    OTHER_WINDOW_WHILE_TYPING = (
        "Another window came forward while typing; {typed} of {total} characters were typed."
    )
    PROGRAM_CLOSED_BEFORE_TYPING = "The program was closed before the text was typed."
    WAYLAND_NO_PASTING = "Wayland lets no program paste into another one."
    WTYPE_MISSING = (
        "Wayland lets a program press keys for another one only by way of wtype, which is "
        "not installed."
    )
    WAYLAND_CHOOSE_TYPING = "Wayland lets no program paste into another one: choose typing."
    WTYPE_TIMEOUT = "wtype has not typed the text within {seconds:.0f} seconds: choose copying."
    WTYPE_FAILED = "wtype could not type here ({reason}): choose copying."
    X_SERVER_UNREACHABLE = "The X server '{display}' cannot be reached ({reason}): look at DISPLAY."
    NO_UNUSED_KEY = "The keyboard has no unused key to type '{character}' with: choose pasting."
    NO_BACKSPACE = "The keyboard has no BackSpace key: take the text away by hand."
    NO_PASTE_KEY = "The keyboard has no {keys} to paste with: choose typing."
    WINDOW_STUCK_WHILE_TYPING = (
        "The window does not answer; {typed} of {total} characters were typed."
    )
    NO_XTEST = "The X server has no XTEST, so no keys can be pressed for programs."
    PROGRAM_CLOSING = "The program is being closed: nothing is typed any more."
    WINDOW_GONE = "The window went away before it had the text ({title})."
    KEY_HELD = (
        "A key has been held down for {seconds:.0f} seconds, so nothing can be typed: let go "
        "of it, or press it once more if it hangs."
    )


class HotkeyMessage(MessageCode):
    """Global key combinations."""

    NOT_A_COMBINATION = "'{text}' is no combination of keys: write it like Ctrl+Alt+Space or F9."
    NEEDED_FOR_TYPING = (
        "'{text}' is needed for typing or by most programs: hold Ctrl and Alt with a key, or "
        "choose one such as F9."
    )
    WAYLAND = (
        "Wayland gives keys only to the window that has the focus: use the key in Granite "
        "Live's own window, or let your desktop's keyboard settings run a command."
    )
    NO_SUCH_KEY = "There is no key '{key}' here: choose another combination."
    KEY_NOT_ON_KEYBOARD = "This keyboard has no key '{key}': choose another combination."
    TAKEN = "Another program has {combination} already: choose another combination."
    X_SERVER_GONE_RESTART = "The X server is gone ({reason}): start Granite Live again."
    X_SERVER_STUCK = "The X server does not answer: start Granite Live again."
    X_SERVER_GONE = "The X server is gone ({reason})."
    DEFECT = "Global keys failed ({reason}): start Granite Live again."
    CLOSED = "Global keys are closed already."
