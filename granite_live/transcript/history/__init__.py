"""The sessions that a user keeps: their texts, corrections and search, in one SQLite file.

`Library` is the way in. What it hands out is frozen; what it changes it gives back as a
`Change`, which can be taken back and done again exactly.
"""

from granite_live.transcript.history.database import DamagedHistoryError
from granite_live.transcript.history.library import Library
from granite_live.transcript.history.records import (
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

# `recorder.Recorder` is not among these: it needs `live.events`, they need nothing.

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
