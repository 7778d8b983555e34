"""Plays the recordings of stored and running sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from granite_live.util.errors import AudioError

if TYPE_CHECKING:
    from granite_live.audio.playback import Output, Player
    from granite_live.library import Session


class Playing:
    """Plays one range at a time. Not thread-safe; no call takes longer than about a second."""

    def __init__(self, output: Callable[[], Output] | None = None) -> None:
        """Store `output`, which opens the output device; None for the system's default."""
        self._output = output
        self._player: Player | None = None

    def play(
        self, session: Session, start_s: float, end_s: float, finished: Callable[[str], None]
    ) -> None:
        """Play seconds start..end of the session's recording; stop what was playing before.

        `finished` is called once, from another thread, when playback ends for any reason: with a
        sentence for the user on failure, else with "".

        Raises:
            AudioError: The recording of this session is deleted.
        """
        from granite_live.audio.journal import sessions_dir
        from granite_live.audio.playback import Player

        if session.sound_deleted or not session.journal:
            raise AudioError("The sound of this session is deleted: there is nothing to play.")
        if self._player is None:
            self._player = Player(self._output)
        self._player.play(sessions_dir() / session.journal, start_s, end_s, finished)

    def stop(self) -> bool:
        """Stop playback; return False if the output hangs and was abandoned."""
        return self._player is None or self._player.stop()
