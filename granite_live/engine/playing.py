"""Plays the sound of stored sessions, and of the one that runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from granite_live.errors import AudioError

if TYPE_CHECKING:
    from granite_live.audio.playback import Output, Player
    from granite_live.transcript.history import Session


class Playing:
    """One stretch at a time. For one thread; no call takes longer than about a second."""

    def __init__(self, output: Callable[[], Output] | None = None) -> None:
        """Prepare; `output` gives what to play on, usually this computer's output."""
        self._output = output
        self._player: Player | None = None

    def play(
        self, session: Session, start_s: float, end_s: float, finished: Callable[[str], None]
    ) -> None:
        """Play seconds start..end of the session's recording; what was playing ends first.

        `finished` is called once, from another thread, when it is over for whatever reason:
        with a sentence for the user if it could not be played, else with "".

        Raises:
            AudioError: The sound of this session is deleted.
        """
        from granite_live.audio.journal import sessions_dir
        from granite_live.audio.playback import Player

        if session.sound_deleted or not session.journal:
            raise AudioError("The sound of this session is deleted: there is nothing to play.")
        if self._player is None:
            self._player = Player(self._output)
        self._player.play(sessions_dir() / session.journal, start_s, end_s, finished)

    def stop(self) -> bool:
        """End what is being played; return False if the output hangs and was left behind."""
        return self._player is None or self._player.stop()
