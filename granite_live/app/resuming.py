"""Which interrupted session goes on with a recording: that of the same file, model and options."""

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
    from granite_live.app.session_tasks import Interrupted


def resume_key(
    path: Path, audio_track: int | None, model: ModelChoice, settings: SessionSettings
) -> str:
    """Return a name for a recording and all that decides about its text; "" if it is unreadable.

    What is done to finished texts (spelling, export) does not count.
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


def listed(session: Interrupted, model: ModelChoice) -> int:
    """Return the id of an interrupted session in the library, which it is added to if need be.

    Raises:
        HistoryError: The library cannot be used.
    """
    from datetime import datetime

    from granite_live.app.library_sync import new_session, recorded
    from granite_live.library import Library

    with Library.open() as library:
        known = library.sessions_of_journal(session.journal.name)
        if known:
            return known[0].id
        started = session.started or datetime.now().astimezone()
        new = new_session(session.journal, started, recorded(session.journal) or ())
        return library.create_session(replace(new, model_path=str(model.path), tier=model.tier))
