"""Finishes a stopped session without transcribing its remaining utterances."""

from __future__ import annotations

from granite_live.settings import Keep, load_settings


def conclude(session_id: int) -> None:
    """Finish a session that was stopped with utterances left.

    Packs the recording, or deletes it if the settings keep only text. A finished session stays as
    it is. May take seconds.

    Raises:
        GraniteError: Another program uses the session, or the disk cannot be written; it stays
            recoverable.
    """
    from granite_live.audio.journal import open_for_recovery, sessions_dir
    from granite_live.library import Library, SessionState

    with Library.open() as library:
        session = library.session(session_id)
        if session.state is SessionState.FINISHED:
            return
        left = open_for_recovery(sessions_dir() / session.journal)
        try:
            left.finish(keep_sound=load_settings().keep.keep is not Keep.TEXT)
        finally:
            left.close()
        library.set_state(session_id, SessionState.FINISHED)
