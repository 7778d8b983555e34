"""The keys that are down on one keyboard, for a request that python-xlib lacks.

Importing this module loads python-xlib, which only X11 needs: import it where it is used.
"""

from __future__ import annotations

from typing import Any

from Xlib.error import XError
from Xlib.ext import xinput
from Xlib.protocol import rq

_QUERY_DEVICE_STATE = 30
_KEY_CLASS = 0
_KEYS_AT = 4
"""In the state of a class of keys: class, length, number of keys and a byte of padding."""


class _QueryDeviceState(rq.ReplyRequest):  # type: ignore[misc]  # python-xlib has no types
    """XQueryDeviceState of the X Input extension, version 1."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(_QUERY_DEVICE_STATE),
        rq.RequestLength(),
        rq.Card8("device"),
        rq.Pad(3),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card8("classes"),
        rq.Pad(23),
        rq.Binary("state"),
    )


def pressed_keycodes(screen: Any, device: int) -> set[int]:
    """Return the keycodes that are down on a device, none if it is gone.

    Args:
        screen: The connection (`Xlib.display.Display`).
        device: The device's number.
    """
    opcode = screen.display.get_extension_major(xinput.extname)
    try:
        reply = _QueryDeviceState(display=screen.display, opcode=opcode, device=device)
    except XError:  # unplugged meanwhile
        return set()
    return _parse_keys(reply.classes, reply.state)


def _parse_keys(classes: int, state: bytes) -> set[int]:
    for _ in range(classes):
        kind, length = state[0], state[1]
        if kind == _KEY_CLASS:
            down = state[_KEYS_AT:length]
            return {
                8 * at + bit for at, byte in enumerate(down) for bit in range(8) if byte >> bit & 1
            }
        state = state[length:]
    return set()
