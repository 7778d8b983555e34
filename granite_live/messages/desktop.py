"""Messages about desktop."""

from __future__ import annotations

from granite_live.messages import MessageCode


class DesktopMessage(MessageCode):
    """Text for other programs, and the start at login."""

    REGISTRY_FAILED = (
        "The registry key {key} cannot be {action} ({reason}): change the autostart yourself "
        "under Settings, Apps, Startup."
    )
    AUTOSTART_UNREADABLE = "{path} cannot be read ({reason}): check its permissions."
    AUTOSTART_UNWRITABLE = (
        "{path} cannot be written ({reason}): check the permissions of its folder."
    )
    AUTOSTART_NOT_REMOVED = "{path} cannot be removed ({reason}): delete it yourself."
    MACOS_ACCESSIBILITY = (
        "macOS does not let Granite Live press keys: allow it in System Settings under Privacy "
        "& Security, Accessibility, and restart Granite Live."
    )
    PASSWORD_FIELD = "'{title}' asks for a password: no text was inserted there."
    FOCUS_LOST = "'{title}' no longer has the focus."
    OTHER_WINDOW_WHILE_TYPING = (
        "Another window came to the front during typing; {typed} of {total} characters were typed."
    )
    PROGRAM_CLOSED_BEFORE_TYPING = "The program was closed before the text was typed."
    WAYLAND_NO_PASTING = "Wayland does not let a program paste into another program."
    WTYPE_MISSING = (
        "On Wayland, Granite Live needs wtype to press keys in other programs, but wtype is not "
        "installed."
    )
    WAYLAND_CHOOSE_TYPING = (
        "Wayland does not let a program paste into another program: choose typing."
    )
    WTYPE_TIMEOUT = "wtype did not type the text within {seconds:.0f} seconds: choose copying."
    WTYPE_FAILED = "wtype could not type here ({reason}): choose copying."
    X_SERVER_UNREACHABLE = (
        "The X server '{display}' cannot be reached ({reason}): check the variable DISPLAY."
    )
    NO_UNUSED_KEY = "The keyboard has no unused key for typing '{character}': choose pasting."
    NO_BACKSPACE = "The keyboard has no BackSpace key: delete the text yourself."
    NO_PASTE_KEY = "The keyboard cannot press {keys} for pasting: choose typing."
    WINDOW_STUCK_WHILE_TYPING = (
        "The window does not respond; {typed} of {total} characters were typed."
    )
    NO_XTEST = (
        "The X server has no XTEST extension, so Granite Live cannot press keys in other programs."
    )
    PROGRAM_CLOSING = "Granite Live is closing: no more text is typed."
    WINDOW_GONE = "The window closed before it received the text ({title})."
    KEY_HELD = (
        "A key has been held down for {seconds:.0f} seconds, so Granite Live cannot type: "
        "release it, or press it once more if it is stuck."
    )


class HotkeyMessage(MessageCode):
    """Global key combinations."""

    NOT_A_COMBINATION = "'{text}' is not a key combination: write it like Ctrl+Alt+Space or F9."
    NEEDED_FOR_TYPING = (
        "'{text}' is needed for typing or by most programs: choose a key together with Ctrl and "
        "Alt, or a key such as F9."
    )
    WAYLAND = (
        "Wayland sends keys only to the window that has the focus: use the key in Granite "
        "Live's own window, or assign a command to a key in your desktop's keyboard settings."
    )
    PORTAL_FAILED = (
        "The desktop did not assign the key ({reason}): assign a command to a key in your "
        "desktop's keyboard settings."
    )
    PORTAL_NOT_ASKED = (
        "The key works after the dictation window was opened once: the desktop then asks whether "
        "Granite Live may use it."
    )
    NO_SUCH_KEY = "There is no key '{key}': choose another combination."
    KEY_NOT_ON_KEYBOARD = "This keyboard has no key '{key}': choose another combination."
    TAKEN = "Another program already uses {combination}: choose another combination."
    X_SERVER_GONE_RESTART = (
        "The connection to the X server was lost ({reason}): restart Granite Live."
    )
    X_SERVER_STUCK = "The X server does not respond: restart Granite Live."
    X_SERVER_GONE = "The connection to the X server was lost ({reason})."
    DEFECT = "Global keys failed because of an internal error ({reason}): restart Granite Live."
    CLOSED = "Global keys are already switched off."


class PortalMessage(MessageCode):
    """The portals of Wayland desktops."""

    NO_BUS = (
        "The desktop cannot be asked, because the session bus cannot be reached ({reason}): check "
        "the variable DBUS_SESSION_BUS_ADDRESS."
    )
    FAILED = "The desktop could not do that ({reason})."
    NO_ANSWER = "The desktop's question was not answered in time: try again."
    NO_KEYBOARD = "The desktop lets no program press keys."
    REFUSED = "The desktop did not allow that: allow it when the desktop asks."
    CLOSED = "Granite Live is closing: the desktop is not asked any more."
    DESCRIPTION = "Dictate with Granite Live"
    TYPING_REFUSED = (
        "Granite Live may not type into other programs ({reason}): choose copying, or restart "
        "Granite Live and allow it when the desktop asks."
    )
    TYPING_FAILED = "The desktop could not type the text ({reason}): choose copying."
    SHORTCUT_LOST = "The desktop no longer reports the key: restart Granite Live."
