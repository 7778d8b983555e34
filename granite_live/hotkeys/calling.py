"""How a keyboard's thread calls back."""

from __future__ import annotations

import logging
from collections.abc import Callable

_log = logging.getLogger(__name__)


def call(callback: Callable[[], None]) -> None:
    """Call whoever watches a key; what goes wrong there goes to the log, and the thread goes on."""
    try:
        callback()
    except Exception:
        # The outermost edge of the keyboard's thread: a defect of ours.
        _log.exception("a global key's callback failed")
