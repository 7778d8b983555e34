"""The crash-safe recording of a session, on the disk before anything is computed from it.

A session is a folder with `sound.pcm` (which grows during the session and becomes `sound.flac` at
its end), `events.jsonl` (one record per line) and a lock. While the PCM file exists, the session
is unfinished: running if its lock is held, otherwise interrupted by a crash.
"""

from granite_live.audio.journal.folders import sessions_dir
from granite_live.audio.journal.recording import Journal
from granite_live.audio.journal.records import OpeningRecord, RecordedUtterance, closed_record
from granite_live.audio.journal.recovery import (
    Recovery,
    UnfinishedSession,
    find_unfinished,
    open_for_recovery,
)
from granite_live.audio.journal.sound import SampleReader, open_session_audio
from granite_live.util.pcm import to_int16

__all__ = [
    "Journal",
    "OpeningRecord",
    "RecordedUtterance",
    "Recovery",
    "SampleReader",
    "UnfinishedSession",
    "closed_record",
    "find_unfinished",
    "open_for_recovery",
    "open_session_audio",
    "sessions_dir",
    "to_int16",
]
