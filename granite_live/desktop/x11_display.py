"""Connect to the X server, for functions that Qt does not offer."""

from __future__ import annotations

import logging
import os
from typing import Any

from granite_live.messages.desktop import DesktopMessage
from granite_live.util.errors import GraniteError

_log = logging.getLogger(__name__)


class ScreenError(GraniteError):
    """There is no X server, or it refuses the connection."""


def open_screen() -> Any:
    """Return a new connection (`Xlib.display.Display`), for one thread at a time.

    Later errors from the server are logged.

    Raises:
        ScreenError: There is no X server, or it refuses the connection.
    """
    from Xlib import display, error

    name = os.environ.get("DISPLAY", "")
    try:
        screen = display.Display()
    except (error.DisplayError, error.XauthError, error.XNoAuthError, *lost()) as trouble:
        msg = DesktopMessage.X_SERVER_UNREACHABLE(display=name, reason=trouble)
        raise ScreenError(msg) from trouble
    screen.set_error_handler(lambda trouble, _request: _log.info("X: %s", trouble))
    return screen


def has_compositor() -> bool:
    """Return whether windows on this screen can be transparent.

    The compositor of a screen owns a selection with a well-known name.

    Raises:
        ScreenError: There is no X server, or it refuses the connection.
    """
    screen = open_screen()
    try:
        name = f"_NET_WM_CM_S{screen.get_default_screen()}"
        return bool(screen.get_selection_owner(screen.get_atom(name)))
    finally:
        screen.close()


def lost() -> tuple[type[Exception], ...]:
    """Return the exceptions that mean a lost connection."""
    from Xlib import error

    return (error.ConnectionClosedError, OSError)
