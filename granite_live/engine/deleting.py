"""Deletes stored sessions: the journal first, then what the library says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from granite_live.errors import HistoryError

if TYPE_CHECKING:
    from granite_live.transcript.history import Part, Session


def delete(session: Session, part: Part) -> None:
    """Delete a part of a finished session.


    Raises:
        GraniteError: It cannot be deleted, or another program uses it.
    """
    from granite_live.audio import retention
    from granite_live.audio.journal import sessions_dir
    from granite_live.transcript.history import Library, Part

    folder = sessions_dir() / session.journal
    if session.journal and part is not Part.TEXT and folder.is_dir():
        doomed = retention.Doomed.EVERYTHING if part is Part.BOTH else retention.Doomed.SOUND
        outcome = retention.delete([retention.Deletion(folder, doomed)])
        if outcome.failures:
            raise HistoryError(outcome.failures[0] + ".")
        if not outcome.done:
            raise HistoryError(
                "This session is not finished, or another program uses it: recover it first."
            )
    with Library.open() as library:
        library.delete_session(session.id, part)
