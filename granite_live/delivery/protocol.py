"""What puts text into other programs can do, and the place where it shall go."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from granite_live.errors import GraniteError


class Way(StrEnum):
    """How text gets to where it shall go."""

    COPY = "copy"
    """Into the clipboard, and no further."""
    PASTE = "paste"
    """By the clipboard and the paste keys; the clipboard is put back."""
    TYPE = "type"
    """By pressing keys."""


@dataclass(frozen=True, slots=True)
class Target:
    """The window that has the keyboard's focus."""

    id: str
    """The platform's name of the window; "" where it does not tell."""
    title: str
    is_own: bool
    """It belongs to this program."""
    is_password: bool = False
    """A secret is being asked for, as far as the platform tells."""
    can_paste: bool = True
    """Its paste keys take from the clipboard, not from what was last selected with the mouse."""
    program_mask: int = 0
    """Those bits of an X window's number that are the same in all windows of a program."""

    def has_program_of(self, window: int) -> bool:
        """Return whether another X window belongs to the same program, as far as is known."""
        return not self.program_mask or not (int(self.id, 16) ^ window) & self.program_mask


class DeliveryError(GraniteError):
    """Text could not be put into another program."""


class FocusError(DeliveryError):
    """Another window than the one that was meant has the focus; nothing was put there."""


class Hands(Protocol):
    """Presses keys for other programs.

    `target` may be called from any thread at any time. The others are for one thread at a time and
    wait until the user's own fingers are off the keyboard, because keys that are held would
    change what is typed. Given a target they look again after that, and raise `FocusError` if
    another window has the focus by then.
    """

    ways: frozenset[Way]
    """What can be done here; always with `Way.COPY`, which is the window's own business."""
    reason: str
    """Why the other ways are not there; "" if they are."""

    def target(self) -> Target | None:
        """Return the window that has the focus; None if there is none."""
        ...

    def type(self, text: str, target: Target | None = None) -> None:
        """Press the keys of a text. Returns when the other program has taken them, or seems to.

        Raises:
            DeliveryError: It could not be typed to its end.
        """
        ...

    def press_paste(self, target: Target | None) -> None:
        """Press the keys that paste in that kind of window.

        Raises:
            DeliveryError: They could not be pressed.
        """
        ...

    def erase(self, characters: int, target: Target | None = None) -> None:
        """Press BackSpace that often.

        Raises:
            DeliveryError: It could not be pressed so often.
        """
        ...

    def close(self) -> None:
        """End what is under way in another thread, and let go of the keyboard."""
        ...
