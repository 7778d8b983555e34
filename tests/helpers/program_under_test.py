"""The command of the program that end-to-end tests start: this checkout's, or an installed one.

GRANITE_LIVE_PROGRAM=dist/granite-live/granite-live python -m pytest tests/end_to_end
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any


def program_command(*arguments: object) -> list[Any]:
    """Return the command with arguments; bytes stay bytes, as for names that are no text."""
    installed = os.environ.get("GRANITE_LIVE_PROGRAM")
    own = [str(Path(installed).absolute())] if installed else [sys.executable, "-m", "granite_live"]
    return own + [one if isinstance(one, bytes) else str(one) for one in arguments]
