"""The library: saved sessions with texts, corrections and search in one SQLite file.

`Library` is the entry point. Its results are frozen; its edits return a `LineChange`, which can be
undone and redone exactly.
"""

from granite_live.library.database import DamagedHistoryError
from granite_live.library.library import Library
from granite_live.library.records import (
    LineChange,
    NewSession,
    SavedSession,
    SavedUtterance,
    SearchHit,
    SessionPart,
    SessionState,
    SourceKind,
    UtteranceState,
)

# `recorder.LibraryRecorder` is not exported here: it depends on `session.events`, the others do
# not.

__all__ = [
    "DamagedHistoryError",
    "Library",
    "LineChange",
    "NewSession",
    "SavedSession",
    "SavedUtterance",
    "SearchHit",
    "SessionPart",
    "SessionState",
    "SourceKind",
    "UtteranceState",
]
