"""Playback of a session's recording, and its waveform."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from granite_live.messages.library import LibraryMessage
from granite_live.util.errors import AudioError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.audio.playback import PlaybackBackend, Player
    from granite_live.library import SavedSession


class SessionPlayer:
    """Plays one range at a time. Not thread-safe; no call takes longer than about a second."""

    def __init__(self, output: Callable[[], PlaybackBackend] | None = None) -> None:
        """Store `output`, which opens the output device; None for the system's default."""
        self._output = output
        self._player: Player | None = None

    def play(
        self,
        session: SavedSession,
        start_s: float,
        end_s: float,
        on_finished: Callable[[str], None],
        speed: float = 1.0,
        track: int | None = None,
    ) -> None:
        """Play seconds start..end of the session's recording; stop what was playing before.

        `on_finished` is called once, from another thread, when playback ends for any reason: with a
        sentence for the user on failure, else with "". `speed` keeps the pitch. `track` is the
        only track to play, None for all.

        Raises:
            AudioError: The recording of this session is deleted.
        """
        from granite_live.audio.journal import sessions_dir
        from granite_live.audio.playback import Player

        if session.sound_deleted or not session.journal:
            raise AudioError(LibraryMessage.SOUND_DELETED_NOT_PLAYED())
        if self._player is None:
            self._player = Player(self._output)
        folder = sessions_dir() / session.journal
        self._player.play(folder, start_s, end_s, on_finished, speed, track)

    @property
    def position_s(self) -> float | None:
        """The playing position in the recording, None if nothing plays. For any thread."""
        return None if self._player is None else self._player.position_s

    def stop(self) -> bool:
        """Stop playback; return False if the output hangs and was abandoned."""
        return self._player is None or self._player.stop()

    @staticmethod
    def peaks(session: SavedSession, is_cancelled: Callable[[], bool]) -> NDArray[np.uint8]:
        """Return the recording's peaks, see `audio.journal.peaks.session_peaks`.

        Raises:
            AudioError: The recording of this session is deleted, or cannot be read.
        """
        from granite_live.audio.journal import sessions_dir
        from granite_live.audio.journal.peaks import session_peaks

        if session.sound_deleted or not session.journal:
            raise AudioError(LibraryMessage.SOUND_DELETED_NOT_PLAYED())
        return session_peaks(sessions_dir() / session.journal, is_cancelled)
