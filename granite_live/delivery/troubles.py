"""What every pair of hands may have to say, in the same words."""

from __future__ import annotations

from granite_live.delivery.protocol import DeliveryError, FocusError, Target

KEYS_AT_ONCE = 16
"""So many keys are pressed before it is looked again whether the focus is where it was."""


def focus_lost(target: Target) -> FocusError:
    """Return the error for another window in the place of the one that was meant."""
    return FocusError(f"'{target.title}' has the focus no more.")


def came_between(done: int, wanted: int) -> DeliveryError:
    """Return the error for a window that came forward after `done` of `wanted` characters."""
    return DeliveryError(
        f"Another window came forward while typing; {done} of {wanted} characters were typed."
    )


def ended() -> DeliveryError:
    """Return the error for a text that was not typed because the program ends."""
    return DeliveryError("The program was closed before the text was typed.")
