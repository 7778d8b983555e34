"""Granite Live: private live captions and dictation, from Granite Speech 4.1 2B NAR."""

import os

from granite_live.util.privacy import disable_telemetry

__version__ = "0.1.0"

# The only work done on import: some libraries read their opt-out while they are imported.
disable_telemetry(os.environ)
