"""Text input into other programs: what every platform implements."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

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
