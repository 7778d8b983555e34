"""Detect transparency: on X11 windows are translucent only with a compositor."""

from __future__ import annotations

import logging

from PySide6.QtGui import QGuiApplication

from granite_live.desktop.x11 import ScreenError, has_compositor

_log = logging.getLogger(__name__)


def can_see_through() -> bool:
    """Return whether windows can be translucent."""
    if QGuiApplication.platformName() != "xcb":
        return True
    try:
        return has_compositor()
    except ScreenError as error:
        _log.info("whether a compositor runs cannot be found out: %s", error)
        return False
