"""Calls hotkey callbacks from the keyboard thread."""

from __future__ import annotations

import logging
from collections.abc import Callable

_log = logging.getLogger(__name__)


def call(callback: Callable[[], None]) -> None:
    """Call a hotkey's callback; log an exception so that the thread continues."""
    try:
        callback()
    except Exception:
        # The callback has a bug; the keyboard thread must survive.
        _log.exception("a global key's callback failed")
