"""The library: saved sessions with texts, corrections and search in one SQLite file.

`Library` is the entry point. Its results are frozen; its edits return a `Change`, which can be
undone and redone exactly.
"""

from granite_live.library.database import DamagedHistoryError
from granite_live.library.library import Library
from granite_live.library.records import (
    Change,
    Hit,
    NewSession,
    NewUtterance,
    Part,
    Session,
    SessionState,
    SourceKind,
    Utterance,
    UtteranceState,
)

# `recorder.Recorder` is not exported here: it depends on `session.events`, the others do not.

__all__ = [
    "Change",
    "DamagedHistoryError",
    "Hit",
    "Library",
    "NewSession",
    "NewUtterance",
    "Part",
    "Session",
    "SessionState",
    "SourceKind",
    "Utterance",
    "UtteranceState",
]
