"""Ends a session for good whose last texts nobody wants."""

from __future__ import annotations

from granite_live.settings import Keep, load_settings


def conclude(session_id: int) -> None:
    """Finish a session that was stopped before all of it had its text.

    Its recording is packed, or goes where only texts are kept. May take seconds. A session
    that is finished already is left as it is.

    Raises:
        GraniteError: Another program uses it, or the disk does not take it; it can be
            recovered then.
    """
    from granite_live.audio.journal import open_for_recovery, sessions_dir
    from granite_live.transcript.history import Library, SessionState

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
