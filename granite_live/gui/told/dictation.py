"""Messages about dictation: delivery, hotkeys, autostart."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP(
        "Told",
        "macOS does not let Granite Live press keys: allow it in System Settings under Privacy "
        "& Security, Accessibility, and start it again.",
    ),
    QT_TRANSLATE_NOOP("Told", "'{0}' has the focus no more."),
    QT_TRANSLATE_NOOP("Told", "'{0}' asks for a password: nothing was put there."),
    QT_TRANSLATE_NOOP("Told", "The program was closed before the text was typed."),
    QT_TRANSLATE_NOOP(
        "Told", "Another window came forward while typing; {0} of {1} characters were typed."
    ),
    QT_TRANSLATE_NOOP("Told", "Wayland lets no program paste into another one."),
    QT_TRANSLATE_NOOP("Told", "Wayland lets no program paste into another one: choose typing."),
    QT_TRANSLATE_NOOP(
        "Told",
        "Wayland lets a program press keys for another one only by way of wtype, which is not "
        "installed.",
    ),
    QT_TRANSLATE_NOOP("Told", "wtype has not typed the text within {0} seconds: choose copying."),
    QT_TRANSLATE_NOOP("Told", "wtype could not type here ({0}): choose copying."),
    QT_TRANSLATE_NOOP("Told", "The X server has no XTEST, so no keys can be pressed for programs."),
    QT_TRANSLATE_NOOP("Told", "The program is being closed: nothing is typed any more."),
    QT_TRANSLATE_NOOP("Told", "The window went away before it had the text ({0})."),
    QT_TRANSLATE_NOOP("Told", "The X server is gone ({0}): start Granite Live again."),
    QT_TRANSLATE_NOOP("Told", "The keyboard has no unused key to type '{0}' with: choose pasting."),
    QT_TRANSLATE_NOOP("Told", "The keyboard has no BackSpace key: take the text away by hand."),
    QT_TRANSLATE_NOOP("Told", "The keyboard has no {0} to paste with: choose typing."),
    QT_TRANSLATE_NOOP("Told", "The window does not answer; {0} of {1} characters were typed."),
    QT_TRANSLATE_NOOP(
        "Told",
        "A key has been held down for {0} seconds, so nothing can be typed: let go of it, or "
        "press it once more if it hangs.",
    ),
    QT_TRANSLATE_NOOP("Told", "The X server '{0}' cannot be reached ({1}): look at DISPLAY."),
    QT_TRANSLATE_NOOP(
        "Told", "'{0}' is no combination of keys: write it like Ctrl+Alt+Space or F9."
    ),
    QT_TRANSLATE_NOOP(
        "Told", "'{0}' is needed for typing: hold Ctrl, Alt or Meta with it, or take F9."
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "Wayland gives keys only to the window that has the focus: use the key in Granite "
        "Live's own window, or let your desktop's keyboard settings run a command.",
    ),
    QT_TRANSLATE_NOOP("Told", "There is no key '{0}' here: choose another combination."),
    QT_TRANSLATE_NOOP("Told", "This keyboard has no key '{0}': choose another combination."),
    QT_TRANSLATE_NOOP("Told", "Another program has {0} already: choose another combination."),
    QT_TRANSLATE_NOOP("Told", "The X server is gone ({0})."),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be read ({1}): look at its permissions."),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be written ({1}): look at its folder's permissions."),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be removed ({1}): remove it by hand."),
)
