"""The errors that all text inputs share."""

from __future__ import annotations

from granite_live.desktop.text_input.protocol import DeliveryError, FocusError, Target

KEYS_AT_ONCE = 16
"""How many keys are sent between two checks of the focus."""


def focus_lost(target: Target) -> FocusError:
    """Return the error for a focus on another window than the intended one."""
    return FocusError(f"'{target.title}' has the focus no more.")


def came_between(done: int, wanted: int) -> DeliveryError:
    """Return the error for a focus change after `done` of `wanted` characters."""
    return DeliveryError(
        f"Another window came forward while typing; {done} of {wanted} characters were typed."
    )


def ended() -> DeliveryError:
    """Return the error for a text that was not typed because the program exits."""
    return DeliveryError("The program was closed before the text was typed.")
