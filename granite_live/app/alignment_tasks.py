"""For the window: align a text in a process of its own, and save it as a session with its sound.

The session is made in a folder of its own, which nothing lists, and moved to the others when it is
complete. A program that is killed before leaves nothing of it in the library.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.app.file_transcription import FileListener, FileTranscriber, open_recording
from granite_live.app.subprocess_task import TaskStoppedError
from granite_live.app.text_alignment import (
    AlignedText,
    UnspokenText,
    UnwrittenSpeech,
    align_text,
    read_text,
)
from granite_live.messages import encoded, joined
from granite_live.messages.journal import JournalMessage
from granite_live.messages.session import AppMessage
from granite_live.settings import Keep, load_settings
from granite_live.transcript.model import ModelInfo, RecordingTranscript, Transcript, Word
from granite_live.transcript.subtitle_files import SUBTITLE_SUFFIXES
from granite_live.util import paths
from granite_live.util.errors import OutputError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from granite_live.audio.journal import Journal
    from granite_live.session.events import FinalText


TEXT_SUFFIXES = frozenset((".txt", ".md", ".text")) | SUBTITLE_SUFFIXES
"""The usual endings of texts that may be aligned with a recording."""


def recording_and_text(files: Sequence[Path]) -> tuple[Path, Path] | None:
    """Return a recording and its text if these are two such files, in any order; else None."""
    texts = [one for one in files if one.suffix.lower() in TEXT_SUFFIXES]
    others = [one for one in files if one not in texts]
    return (others[0], texts[0]) if len(texts) == len(others) == 1 else None


class AlignmentTask:
    """The alignment of one text. `run` blocks and belongs in a thread; `stop` is for any."""

    def __init__(self, recording: Path, text: Path) -> None:
        from granite_live.app.subprocess_task import SubprocessTask

        self._task = SubprocessTask(
            serve_alignment, (str(recording), str(text)), "granite-alignment"
        )

    def stop(self) -> None:
        """End the alignment without a result. Returns at once."""
        self._task.stop()

    def run(self, on_progress: Callable[[float], None]) -> AlignedText:
        """Align; `on_progress` is called in this thread with the share that is done, 0..1.

        Raises:
            TaskStoppedError: `stop` was called.
            GraniteError: The recording, the text or the model cannot be used.
        """
        return _unpacked(self._task.run(on_progress))


def serve_alignment(connection: Connection, recording: str, text: str) -> None:
    """Align with the model of the settings. Called in the spawned process."""
    from granite_live.app.subprocess_task import serve_task

    def work(progress: Callable[[object], None]) -> object:
        from granite_live.app.factory import SessionSettings, make_segmenter, open_selected
        from granite_live.app.models import select_stored_model

        wanted = read_text(Path(text))
        with open_recording(Path(recording)) as audio:
            duration_s = audio.duration_s or 0.0
        chosen = SessionSettings.of(load_settings())
        with open_selected(select_stored_model(), live=True) as recognizer:
            transcriber = FileTranscriber(recognizer, lambda: make_segmenter(chosen))
            share = _Share(duration_s, progress)
            return _packed(
                align_text(Path(recording), wanted, transcriber, None, share, share.aligned)
            )

    serve_task(connection, work)


class _Share(FileListener):
    """Reports the share of the work: the transcript is one half, the alignment the other."""

    def __init__(self, duration_s: float, report: Callable[[object], None]) -> None:
        self._duration_s, self._report = duration_s, report

    def progress(self, done_s: float) -> None:
        if self._duration_s:
            self._report(min(1.0, done_s / self._duration_s) / 2)

    def aligned(self, done_s: float) -> None:
        """Report the share after seconds that are aligned."""
        if self._duration_s:
            self._report(0.5 + min(1.0, done_s / self._duration_s) / 2)


def _packed(aligned: AlignedText) -> dict[str, Any]:
    """Return a result as JSON takes it."""
    transcript = aligned.transcript
    return {
        "audio_path": transcript.audio_path,
        "duration_s": transcript.duration_s,
        "model": asdict(transcript.model),
        "lines": [
            [[word.text, word.start_s, word.end_s, word.confidence] for word in line.words]
            for line in transcript.utterances
        ],
        "unspoken": [[one.after_s, one.text] for one in aligned.unspoken],
        "unwritten": [[one.start_s, one.end_s, one.text] for one in aligned.unwritten],
    }


def _unpacked(told: dict[str, Any]) -> AlignedText:
    lines = [[Word(*word) for word in line] for line in told["lines"]]
    transcript = RecordingTranscript(
        audio_path=told["audio_path"],
        duration_s=told["duration_s"],
        utterances=tuple(map(Transcript.of_words, lines)),
        model=ModelInfo(**told["model"]),
    )
    return AlignedText(
        transcript,
        tuple(UnspokenText(*one) for one in told["unspoken"]),
        tuple(UnwrittenSpeech(*one) for one in told["unwritten"]),
    )


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
