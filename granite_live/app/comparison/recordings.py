"""Recordings whose text is known: the program's samples, a folder, and lines corrected by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.messages.models import ComparisonMessage
from granite_live.util.errors import AudioError, GraniteError, HistoryError
from granite_live.util.paths import assets_dir

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.library import Library

_TEXT = ".txt"
_BLOCK_S = 10


@dataclass(frozen=True, slots=True)
class KnownRecording:
    """A recording, or a line of a session, with what was said in it.

    Attributes:
        path: The file; for a line, the session's folder.
        text: The words that were said, "" for silence.
        start_s: For a line, its start in the recording.
        end_s: For a line, its end; None for a whole file.
    """

    path: str
    text: str
    start_s: float = 0.0
    end_s: float | None = None

    def blocks(self, rate_hz: int) -> Iterator[NDArray[np.float32]]:
        """Yield the sound as mono blocks in -1..1 at `rate_hz` [each shape=(any,)].

        Raises:
            AudioError: It cannot be read.
        """
        if self.end_s is None:
            from granite_live.audio.files import open_audio

            with open_audio(Path(self.path)) as audio:
                yield from audio.blocks(rate_hz)
            return
        yield from self._line(rate_hz)

    def _line(self, rate_hz: int) -> Iterator[NDArray[np.float32]]:
        from granite_live.audio.journal.sound import open_session_audio
        from granite_live.messages.library import LibraryMessage
        from granite_live.session.session import SAMPLE_RATE_HZ
        from granite_live.util.pcm import to_float32

        assert self.end_s is not None
        if rate_hz != SAMPLE_RATE_HZ:
            raise AudioError(LibraryMessage.OTHER_SAMPLE_RATE(rate=SAMPLE_RATE_HZ))
        sound = open_session_audio(Path(self.path))
        try:
            stop = round(self.end_s * rate_hz)
            for start in range(round(self.start_s * rate_hz), stop, _BLOCK_S * rate_hz):
                yield to_float32(sound.read(start, min(stop, start + _BLOCK_S * rate_hz)))
        finally:
            sound.close()


def sample_recordings() -> list[KnownRecording]:
    """Return the recordings that come with the program (CC0), among them one of silence.

    Raises:
        GraniteError: They are missing.
    """
    try:
        return list(_pairs(assets_dir() / "samples"))
    except FileNotFoundError as error:
        raise GraniteError(ComparisonMessage.SAMPLES_MISSING(reason=error)) from error


def folder_recordings(folder: Path) -> list[KnownRecording]:
    """Return the recordings in a folder that have a text of the same name beside them.

    The text of `talk.wav` is in `talk.txt`; an empty text stands for silence.

    Raises:
        GraniteError: The folder or a text cannot be read, or there is no such pair.
    """
    try:
        found = list(_pairs(folder))
    except OSError as error:
        raise GraniteError(
            ComparisonMessage.FOLDER_UNREADABLE(path=folder, reason=error.strerror or error)
        ) from error
    if not found:
        raise GraniteError(ComparisonMessage.NO_PAIRS(path=folder))
    return found


def _pairs(folder: Path) -> Iterator[KnownRecording]:
    files = sorted(one for one in folder.iterdir() if one.is_file())
    texts = {one.stem: one for one in files if one.suffix.lower() == _TEXT}
    for file in files:
        text = texts.get(file.stem)
        if text is not None and file != text:
            yield KnownRecording(str(file.absolute()), _read_text(text))


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise GraniteError(
            ComparisonMessage.TEXT_UNREADABLE(path=path, reason=error.strerror or error)
        ) from error
    except UnicodeDecodeError as error:
        raise GraniteError(ComparisonMessage.TEXT_NOT_UTF8(path=path)) from error


def corrected_lines(library: Library) -> list[KnownRecording]:
    """Return the lines that the user has corrected and whose sound is kept.

    Raises:
        HistoryError: There are none, or the library cannot be read.
    """
    from granite_live.audio.journal import sessions_dir
    from granite_live.transcript.model import Track

    found = []
    for session in library.sessions():
        folder = sessions_dir() / session.journal
        if not session.journal or session.sound_deleted or not folder.is_dir():
            continue
        found += [
            KnownRecording(str(folder), line.text, line.start_s, line.end_s)
            for line in library.utterances(session.id)
            # Half of a divided line has no exact end.
            if line.is_edited and line.number is not None and line.track == Track.MICROPHONE
        ]
    if not found:
        raise HistoryError(ComparisonMessage.NO_CORRECTED_LINES())
    return found
