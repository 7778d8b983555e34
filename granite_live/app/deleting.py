"""Deletes stored sessions: first the journal, then the library entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from granite_live.util.errors import HistoryError

if TYPE_CHECKING:
    from granite_live.library import Part, Session


def delete(session: Session, part: Part) -> None:
    """Delete a part of a finished session.

    If another session shares the recording, deleting the recording affects both; deleting
    everything keeps it for the other one.

    Raises:
        GraniteError: It cannot be deleted, or another program uses it.
    """
    from granite_live.audio import retention
    from granite_live.audio.journal import sessions_dir
    from granite_live.audio.journal.forgetting import forget_texts
    from granite_live.library import Library, Part

    folder = sessions_dir() / session.journal
    with Library.open() as library:
        sharing = library.sessions_of_journal(session.journal) if session.journal else ()
        others = [one for one in sharing if one.id != session.id]
        if session.journal and folder.is_dir():
            is_done, failures = True, tuple[str, ...]()
            if part is Part.TEXT or (part is Part.BOTH and others):
                # The journal holds the texts of the first session made from it.
                if all(session.id < one.id for one in others):
                    is_done = forget_texts(folder)
            else:
                is_all = part is Part.BOTH
                doomed = retention.Doomed.EVERYTHING if is_all else retention.Doomed.SOUND
                outcome = retention.delete([retention.Deletion(folder, doomed)])
                is_done, failures = bool(outcome.done), outcome.failures
            if failures:
                raise HistoryError(failures[0] + ".")
            if not is_done:
                raise HistoryError(
                    "This session is not finished, or another program uses it: recover it first."
                )
        library.delete_session(session.id, part)
        if part is Part.SOUND:
            for one in others:
                library.delete_session(one.id, part)
