"""Find the interrupted session of a recording: the same file, model and options."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live import __version__
from granite_live.transcript.checkpoint import fingerprint, folder_contents

if TYPE_CHECKING:
    from granite_live.app.factory import SessionSettings
    from granite_live.app.models import ModelChoice
    from granite_live.app.session_tasks import InterruptedSession


def resume_key(
    path: Path, audio_track: int | None, model: ModelChoice, settings: SessionSettings
) -> str:
    """Return a digest of a recording and of everything that determines its text.

    Spelling rules and export formats do not count. "" if the recording cannot be read.
    """
    try:
        facts = [
            __version__,
            fingerprint(path),
            audio_track,
            str(model.path.absolute()),
            folder_contents(model.path),
            [model.tier, model.provider, model.skip_editor, model.editing_passes],
            [settings.silence_ms, settings.detector],
        ]
    except OSError:
        return ""
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def listed(session: InterruptedSession, model: ModelChoice) -> int:
    """Return the library id of an interrupted session; add the session if the library lacks it.

    Raises:
        HistoryError: The library cannot be used.
    """
    from datetime import datetime

    from granite_live.app.library_sync import new_session_from_journal, read_journal_records
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
