"""Bring the library up to date with the journals, rebuild it if damaged, and delete sessions from
both.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.messages.library import LibraryMessage
from granite_live.settings import Keep, Retention, load_settings
from granite_live.util.errors import GraniteError, HistoryError

if TYPE_CHECKING:
    from granite_live.app.models import ModelChoice
    from granite_live.app.session_tasks import InterruptedSession
    from granite_live.library import Library, NewSession, SavedSession, SessionPart
    from granite_live.session.events import FinalText, TranscriptionFailed
    from granite_live.transcript.polish import Polish


def sync_library(library: Library, polish: Polish | None = None) -> int:
    """Import what only the journals contain; return how many sessions changed.

    A session that is marked running but has no process gets its journal's texts and becomes
    interrupted or finished; an unfinished re-transcription is dropped. Command-line sessions are
    added. Imported texts are polished like live ones, except given ones; the journals keep the
    model's raw text. May take seconds.

    Raises:
        AudioError: The sessions folder cannot be read.
        HistoryError: The library cannot be written.
    """
    from granite_live.audio.journal import sessions_dir
    from granite_live.library import SessionState
    from granite_live.transcript.polish import Polish

    polish = polish or Polish()
    root = sessions_dir()
    sessions = library.sessions()
    known = {one.journal for one in sessions}
    changed = 0
    for one in sessions:
        if one.state is SessionState.RUNNING:
            is_second = any(
                other.journal == one.journal and other.id < one.id for other in sessions
            )
            changed += _finish_stale_session(
                library, one, root / one.journal, polish, is_second=is_second
            )
    for folder in _session_folders(root):
        if folder.name not in known:
            changed += _import_session(library, folder, polish)
    return changed


def apply_library_retention(library: Library, retention: Retention, now: datetime) -> int:
    """Delete expired sessions from the library; return how many sessions changed.

    Args:
        library: The library to change.
        retention: The default, for sessions without a retention of their own.
        now: The current time, with its time zone.
    """
    from granite_live.audio.journal import sessions_dir
    from granite_live.library import SessionPart, SessionState

    changed = 0
    for one in library.sessions():
        if one.state is not SessionState.FINISHED:
            continue
        keep = Retention.parse(one.keep) if one.keep else retention
        ended = one.started_at + timedelta(seconds=one.duration_s)
        if keep.keep is Keep.DAYS and ended < now - timedelta(days=keep.days):
            library.delete_session(one.id)
        elif not one.sound_deleted and not has_recording(sessions_dir() / one.journal):
            library.delete_session(one.id, SessionPart.SOUND)
        else:
            continue
        changed += 1
    return changed


def has_recording(folder: Path) -> bool:
    """Say whether the session's recording exists, packed or not."""
    from granite_live.audio.journal.folders import FLAC_NAME
    from granite_live.audio.journal.sound import PCM_NAME

    return any((folder / name).exists() for name in (PCM_NAME, FLAC_NAME))


def _session_folders(root: Path) -> list[Path]:
    from granite_live.audio.journal.folders import session_folders
    from granite_live.util.errors import AudioError

    try:
        return session_folders(root)
    except OSError as error:
        raise AudioError(
            LibraryMessage.SESSIONS_UNREADABLE(root=root, reason=error.strerror)
        ) from error


def _finish_stale_session(
    library: Library, session: SavedSession, folder: Path, polish: Polish, *, is_second: bool
) -> bool:
    """Set the final state of a session without a process; return whether it changed."""
    from granite_live.library import SessionState

    records = read_journal_records(folder)
    if records is None:
        return False
    if is_second:
        library.set_state(session.id, SessionState.FINISHED)
        library.delete_session(session.id)
        return True
    _import_records(library, session.id, records, polish)
    library.set_state(session.id, _session_state(folder))
    return True


def _import_session(library: Library, folder: Path, polish: Polish) -> bool:
    from granite_live.audio.journal.folders import started_by_name

    records = read_journal_records(folder)
    started = started_by_name(folder)
    if not records or started is None:
        return False
    session_id = library.create_session(new_session_from_journal(folder, started, records))
    _import_records(library, session_id, records, polish)
    library.set_state(session_id, _session_state(folder))
    return True


def new_session_from_journal(
    folder: Path, started: datetime, records: Sequence[Mapping[str, Any]]
) -> NewSession:
    """Return the library entry for a session that only exists as a journal in `folder`.

    A journal that does not name its source counts as a microphone recording.
    """
    from granite_live.audio.journal import OpeningRecord
    from granite_live.library import NewSession, SourceKind

    beginning = OpeningRecord.from_records(records)
    kind, source = SourceKind.MICROPHONE, ""
    if beginning.origin is not None:
        kind, source = SourceKind(beginning.origin.kind.value), beginning.origin.name
    if beginning.system_source:
        kind, source = SourceKind.MEETING, source_names(source, beginning.system_source)
    return NewSession(
        started_at=started,
        source_kind=kind,
        source=source,
        journal=folder.name,
        title=Path(source).stem if kind is SourceKind.FILE else "",
        keep=beginning.keep if beginning.keep and _is_retention(beginning.keep) else None,
    )


def source_names(microphone: str, system_sound: str) -> str:
    """Return what the list of sessions shows as the source of a meeting."""
    return f"{microphone} + {system_sound}"


def _is_retention(keep: str) -> bool:
    from granite_live.util.errors import SettingsError

    try:
        Retention.parse(keep)
    except SettingsError:
        return False
    return True


def read_journal_records(folder: Path) -> tuple[dict[str, Any], ...] | None:
    """Return the journal's records, () if unreadable, None while another program holds the lock."""
    from granite_live.audio.journal.folders import SessionLock
    from granite_live.audio.journal.records import RECORDS_NAME, read_records

    if not folder.is_dir():
        return ()
    try:
        lock = SessionLock.acquire(folder)
        if lock is None:
            return None
        try:
            return read_records(folder / RECORDS_NAME).records
        finally:
            lock.release()
    except OSError:
        return ()


def _session_state(folder: Path) -> Any:
    from granite_live.audio.journal.sound import PCM_NAME
    from granite_live.library import SessionState

    is_unfinished = (folder / PCM_NAME).exists()
    return SessionState.INTERRUPTED if is_unfinished else SessionState.FINISHED


def _import_records(
    library: Library, session_id: int, records: Iterable[Mapping[str, Any]], polish: Polish
) -> None:
    """Store the texts and the model from the records; skip damaged records."""
    from granite_live.app.listeners import polish_events
    from granite_live.audio.journal.records import TEXT_GIVEN, source_notes
    from granite_live.library.recorder import result_of_event
    from granite_live.transcript.model import ModelInfo
    from granite_live.transcript.polish import Polish

    records = tuple(records)
    if any(record.get("event") == TEXT_GIVEN for record in records):
        polish = Polish()
    results: list[Any] = []
    take = polish_events(polish, results.append)
    for record in records:
        try:
            match record.get("event"):
                case "final":
                    take(_parse_final(record))
                case "failed":
                    take(_parse_failed(record))
                case "source_ended":
                    library.set_notes(session_id, source_notes((record,)))
                case "model":
                    named = {key: value for key, value in record.items() if key != "event"}
                    library.set_model(session_id, ModelInfo(**named))
        except (KeyError, TypeError, ValueError):
            continue  # a crash may have damaged the file
    library.put_utterances(session_id, map(result_of_event, results))


def _parse_final(record: Mapping[str, Any]) -> FinalText:
    from granite_live.audio.journal.records import track_of
    from granite_live.session.events import FinalText
    from granite_live.transcript.model import Word

    words = tuple(
        Word(
            text=str(word["text"]),
            start_s=_parse_number(word["start_s"]),
            end_s=_parse_number(word["end_s"]),
            confidence=_parse_number(word["confidence"]),
            draft=None if word["draft"] is None else str(word["draft"]),
            # Earlier versions wrote no such field.
            replaced=None if word.get("replaced") is None else str(word["replaced"]),
        )
        for word in record["words"]
    )
    return FinalText(
        t=0.0,
        utterance=int(record["utterance"]),
        start_s=_parse_number(record["start_s"]),
        end_s=_parse_number(record["end_s"]),
        text=str(record["text"]),
        words=words,
        confidence=_parse_number(record["confidence"]),
        draft_text=str(record["draft_text"]),
        editor_skipped=record.get("editor_skipped") is True,
        editing_passes=_passes(record.get("editing_passes")),
        track=track_of(record),
    )


def _passes(stored: Any) -> int | None:
    """Return the number of passes, None if it is unknown, as in earlier versions' records."""
    return stored if isinstance(stored, int) and stored >= 0 else None


def _parse_failed(record: Mapping[str, Any]) -> TranscriptionFailed:
    from granite_live.audio.journal.records import track_of
    from granite_live.session.events import TranscriptionFailed

    number, start_s, end_s = (
        int(record["utterance"]),
        _parse_number(record["start_s"]),
        _parse_number(record["end_s"]),
    )
    return TranscriptionFailed(
        *(0.0, number, start_s, end_s),
        attempts=0,
        reason=str(record.get("reason", "")),
        track=track_of(record),
    )


def _parse_number(stored: Any) -> float:
    number = float(stored)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no time and no confidence")
    return number


_log = logging.getLogger(__name__)


def open_library(path: Path | None = None, *, check_integrity: bool = False) -> tuple[Library, str]:
    """Open the library, by default the program's; rebuild a damaged one from the journals.

    The damaged file is kept under another name. May take seconds.

    Args:
        path: The library's file.
        check_integrity: Read the whole file to find hidden damage.

    Returns:
        The library, and a sentence for the user if it was damaged, else "".

    Raises:
        HistoryError: It cannot be opened, for another reason than damage.
    """
    from granite_live.library import Library

    library, sentence = Library.open_or_replace(path, check_integrity=check_integrity)
    if sentence:
        try:
            sync_library(library, stored_polish())
        except GraniteError as error:
            _log.warning("The rebuilt session list is incomplete. %s", error)
        except BaseException:
            library.close()
            raise
    return library, sentence


def stored_polish() -> Polish:
    """Return the text polishing that the settings select.

    Raises:
        SettingsError: The settings cannot be read.
    """
    from granite_live.app.factory import SessionSettings

    return SessionSettings.of(load_settings()).polish


def delete(session: SavedSession, part: SessionPart) -> None:
    """Delete a part of a finished session.

    If another session shares the recording, deleting the recording affects both; deleting
    everything keeps it for the other one.

    Raises:
        GraniteError: It cannot be deleted, or another program uses it.
    """
    from granite_live.audio.journal import retention, sessions_dir
    from granite_live.audio.journal.retention import delete_texts
    from granite_live.library import Library, SessionPart

    folder = sessions_dir() / session.journal
    with Library.open() as library:
        sharing = library.sessions_of_journal(session.journal) if session.journal else ()
        others = [one for one in sharing if one.id != session.id]
        if session.journal and folder.is_dir():
            is_done, failures = True, tuple[str, ...]()
            if part is SessionPart.TEXT or (part is SessionPart.BOTH and others):
                # The journal holds the texts of the first session made from it.
                if all(session.id < one.id for one in others):
                    is_done = delete_texts(folder)
            else:
                is_all = part is SessionPart.BOTH
                scope = (
                    retention.DeletionScope.EVERYTHING if is_all else retention.DeletionScope.AUDIO
                )
                outcome = retention.delete([retention.Deletion(folder, scope)])
                is_done, failures = bool(outcome.done), outcome.failures
            if failures:
                raise HistoryError(failures[0])
            if not is_done:
                raise HistoryError(LibraryMessage.SESSION_UNFINISHED_OR_IN_USE())
        library.delete_session(session.id, part)
        if part is SessionPart.SOUND:
            for one in others:
                library.delete_session(one.id, part)


def find_or_add_session(session: InterruptedSession, model: ModelChoice) -> int:
    """Return the library id of an interrupted session; add the session if the library lacks it.

    Raises:
        HistoryError: The library cannot be used.
    """
    from granite_live.library import Library

    with Library.open() as library:
        known = library.sessions_of_journal(session.journal.name)
        if known:
            return known[0].id
        started = session.started or datetime.now().astimezone()
        new = new_session_from_journal(
            session.journal, started, read_journal_records(session.journal) or ()
        )
        return library.create_session(replace(new, model_path=str(model.path), tier=model.tier))
