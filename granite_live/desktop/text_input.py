"""Interface of text input into other programs, and the keys that paste there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from granite_live.messages.desktop import DesktopMessage
from granite_live.util.errors import GraniteError


class DeliveryMethod(StrEnum):
    """How text is delivered."""

    COPY = "copy"
    """Copy to the clipboard only."""
    PASTE = "paste"
    """Copy, press the paste shortcut, and restore the clipboard."""
    TYPE = "type"
    """Send key presses."""


@dataclass(frozen=True, slots=True)
class FocusedWindow:
    """The window that has the keyboard focus."""

    id: str
    """The platform's id of the window, "" if unknown."""
    title: str
    is_own: bool
    """Whether it belongs to this program."""
    is_password: bool = False
    """Whether it asks for a password, as far as the platform reports."""
    can_paste: bool = True
    """Whether its paste shortcut pastes the clipboard, not the primary selection."""
    program_mask: int = 0
    """The bits of an X11 window id that all windows of a program share."""

    def is_same_program(self, window: int) -> bool:
        """Return whether an X11 window belongs to the same program, as far as known."""
        return not self.program_mask or not (int(self.id, 16) ^ window) & self.program_mask


class DeliveryError(GraniteError):
    """Text could not be delivered to another program."""


class FocusError(DeliveryError):
    """Another window than the intended one has the focus; nothing was delivered."""


class TextInput(Protocol):
    """Sends text and keys to other programs.

    `focused_window` may be called from any thread at any time. The other methods are for one thread
    at a time and wait until the user holds no key, because held keys would change the text. After
    that they compare the focus with a given target and raise `FocusError` if it differs.
    """

    methods: frozenset[DeliveryMethod]
    """The supported ways; always includes `DeliveryMethod.COPY`, which the window does itself."""
    unavailable_reason: str
    """Why other ways are missing, "" if none is."""

    def focused_window(self) -> FocusedWindow | None:
        """Return the window that has the focus, None if none has."""
        ...

    def type_text(self, text: str, target: FocusedWindow | None = None) -> None:
        """Type a text. Returns when the other program seems to have processed it.

        Raises:
            DeliveryError: The text could not be typed completely.
        """
        ...

    def press_paste(self, target: FocusedWindow | None) -> None:
        """Press the paste shortcut of the focused window.

        Raises:
            DeliveryError: The shortcut could not be pressed.
        """
        ...

    def press_backspace(self, characters: int, target: FocusedWindow | None = None) -> None:
        """Press Backspace `characters` times.

        Raises:
            DeliveryError: It could not be pressed that often.
        """
        ...

    def close(self) -> None:
        """Cancel a call in another thread and release the keyboard."""
        ...


KEYS_PER_FOCUS_CHECK = 16
"""How many keys are sent between two checks of the focus."""


def focus_lost_error(target: FocusedWindow) -> FocusError:
    """Return the error for a focus on another window than the intended one."""
    return FocusError(DesktopMessage.FOCUS_LOST(title=target.title))


def focus_changed_error(done: int, wanted: int) -> DeliveryError:
    """Return the error for a focus change after `done` of `wanted` characters."""
    return DeliveryError(DesktopMessage.OTHER_WINDOW_WHILE_TYPING(typed=done, total=wanted))


def closed_error() -> DeliveryError:
    """Return the error for a text that was not typed because the program exits."""
    return DeliveryError(DesktopMessage.PROGRAM_CLOSED_BEFORE_TYPING())


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
