"""Granite Live: private live captions and dictation, from Granite Speech 4.1 2B NAR."""

import os

from granite_live.util.garbage import collect_less_often
from granite_live.util.privacy import disable_telemetry

__version__ = "0.1.0"

# All work done on import: some libraries read their opt-out while they are imported, and
# importing is what the garbage collector shall not slow down.
disable_telemetry(os.environ)
collect_less_often()
