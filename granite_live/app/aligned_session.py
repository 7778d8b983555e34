"""Save an aligned text as a session of the library, with the sound of its recording.

The session is made in a folder of its own, which nothing lists, and moved to the others when it is
complete. A program that is killed before leaves nothing of it in the library.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.file_transcription import open_recording
from granite_live.app.subprocess_task import TaskStoppedError
from granite_live.messages import encoded, joined
from granite_live.messages.journal import JournalMessage
from granite_live.messages.session import AppMessage
from granite_live.settings import Keep, load_settings
from granite_live.util import paths
from granite_live.util.errors import OutputError

if TYPE_CHECKING:
    from granite_live.audio.journal import Journal
    from granite_live.session.events import FinalText
    from granite_live.transcript.model import RecordingTranscript

# The recording can be read again, so a power failure may cost all of it.
_SYNC_EVERY_S = 60.0


def drafts_dir() -> Path:
    """Return the folder of the sessions that are being made. It may not exist."""
    return paths.data_dir() / "unsaved"


def remove_drafts() -> None:
    """Remove what a killed program left of sessions that it made."""
    from granite_live.audio.journal.folders import SessionLock, session_folders

    for folder in session_folders(drafts_dir()):
        lock = SessionLock.acquire(folder)
        if lock is not None:
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)


class AlignedSessionTask:
    """The saving of one text. `run` blocks and belongs in a thread; `stop` is for any."""

    def __init__(self, transcript: RecordingTranscript) -> None:
        """Store the aligned text; `audio_path` names its recording."""
        self._transcript = transcript
        self._path = Path(transcript.audio_path)
        self._is_stopped = threading.Event()

    def stop(self) -> None:
        """End the saving; nothing is saved then. Returns at once."""
        self._is_stopped.set()

    def run(self, on_progress: Callable[[float], None]) -> int:
        """Save; `on_progress` is called with the share that is done, 0..1. Return the session's id.

        Raises:
            TaskStoppedError: `stop` was called.
            GraniteError: The recording cannot be read, or the disk cannot be written.
        """
        from granite_live.audio.journal import Journal, sessions_dir
        from granite_live.audio.source import Origin, OriginKind

        origin = Origin(OriginKind.FILE, str(self._path.absolute()))
        journal = Journal.create(
            drafts_dir(), origin=origin, sync_every_s=_SYNC_EVERY_S, stores_peaks=True
        )
        # Windows removes a folder only after its files are closed.
        with _removed_on_failure(journal.path), journal:
            notes = self._write_sound(journal, on_progress)
            finals = self._write_text(journal)
            journal.finish(keep_sound=load_settings().keep.keep is not Keep.TEXT)
            self._check_stopped()
            folder = _moved(journal, sessions_dir())
        with _removed_on_failure(folder):
            return self._store(journal, folder, finals, notes)

    def _write_sound(self, journal: Journal, on_progress: Callable[[float], None]) -> str:
        """Write the recording's sound; return what is to be said about it."""
        from granite_live.audio.journal import to_int16
        from granite_live.audio.journal.records import SOURCE_ENDED

        with open_recording(self._path) as audio:
            for block in audio.blocks(journal.sample_rate_hz):
                self._check_stopped()
                if (news := journal.append(to_int16(block))) is not None:
                    raise OutputError(news.detail)
                done_s = journal.samples / journal.sample_rate_hz
                on_progress(min(1.0, done_s / max(self._transcript.duration_s, done_s)))
            notes = joined((*audio.warnings, *audio.notes))
        journal.append_record({"event": SOURCE_ENDED, "detail": notes, "message": encoded(notes)})
        return notes

    def _write_text(self, journal: Journal) -> list[FinalText]:
        """Write the lines as if they had been recognized."""
        from granite_live.audio.journal import closed_record
        from granite_live.audio.journal.records import TEXT_GIVEN
        from granite_live.session.events import FinalText, to_json

        journal.append_record({"event": TEXT_GIVEN})
        journal.append_record({"event": "model", **asdict(self._transcript.model)})
        finals = []
        for number, line in enumerate(self._transcript.utterances, 1):
            edges = (round(at * journal.sample_rate_hz) for at in (line.start_s, line.end_s))
            journal.append_record(closed_record(number, *edges))
            final = FinalText(
                *(0.0, number, line.start_s, line.end_s, line.text, line.words),
                confidence=line.confidence,
                draft_text="",
            )
            journal.append_record(to_json(final))
            finals.append(final)
        return finals

    def _store(self, journal: Journal, folder: Path, finals: list[FinalText], notes: str) -> int:
        """Add the session to the library; return its id."""
        from granite_live.app.library_sync import open_library
        from granite_live.library import NewSession, SourceKind
        from granite_live.library.recorder import result_of_event

        model = self._transcript.model
        new = NewSession(
            started_at=journal.started,
            source_kind=SourceKind.FILE,
            source=str(self._path.absolute()),
            journal=folder.name,
            title=self._path.stem,
            model_path=model.path,
            tier=model.tier,
        )
        library, _ = open_library()
        with library:
            # A list that was damaged has been rebuilt just now, with this session.
            if known := library.sessions_of_journal(folder.name):
                return known[0].id
            duration_s = journal.samples / journal.sample_rate_hz
            return library.add_session(
                new, map(result_of_event, finals), self._transcript.model, duration_s, notes
            )

    def _check_stopped(self) -> None:
        if self._is_stopped.is_set():
            raise TaskStoppedError(AppMessage.TASK_STOPPED(task="granite-session"))


@contextmanager
def _removed_on_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _moved(journal: Journal, root: Path) -> Path:
    """Move the finished session to the others; return its folder there."""
    from granite_live.audio.journal.disk_state import disk_reason
    from granite_live.audio.journal.folders import make_session_folder

    try:
        folder = make_session_folder(root, journal.started)
        if os.name == "nt":  # which replaces no folder, not even an empty one
            folder.rmdir()
        journal.path.replace(folder)
    except OSError as error:
        reason = disk_reason(error)
        raise OutputError(JournalMessage.CANNOT_RECORD(root=root, reason=reason)) from error
    return folder
