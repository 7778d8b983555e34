"""Append the rest of a recording to a session that was killed while it read the recording.

`append_rest` is the entry point. A session's journal holds the beginning of the recording's sound,
sample for sample. The recording is decoded again from its beginning, compared with the
journal, and the sound behind the journal's end is appended.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from granite_live.audio.files import open_audio
from granite_live.audio.journal import Recovery
from granite_live.audio.journal.records import SOURCE_ENDED
from granite_live.audio.journal.recovery import CONTINUED, SOURCE_CHANGED
from granite_live.messages import encoded, joined
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError
from granite_live.util.pcm import to_int16


def append_rest(session: Recovery, path: Path, is_stopped: Callable[[], bool]) -> None:
    """Append the sound of the recording at `path` that `session` lacks.

    Takes as long as decoding the recording. A call that was stopped or killed can be repeated.

    Args:
        session: The session that began with this recording.
        path: The recording.
        is_stopped: Called twice for each second of sound; True leaves the rest for a later call.

    Raises:
        AudioError: The recording cannot be read, or is not the one that the session began with.
        OutputError: The disk does not take the rest.
    """
    if is_read_to_its_end(session):
        return
    session.append_record({"event": CONTINUED})
    track = session.beginning.origin.audio_track if session.beginning.origin else None
    position, known = 0, session.sound.samples
    with open_audio(path, audio_track=track) as audio:
        for block in audio.blocks(session.sample_rate_hz):
            if is_stopped():
                return
            samples = to_int16(block)
            old = samples[: max(0, known - position)]
            if not np.array_equal(old, session.sound.read(position, position + len(old))):
                raise _changed(session, path)
            if len(old) < len(samples):
                session.append_sound(samples[len(old) :])
            position += len(samples)
        if position < known:
            raise _changed(session, path)
        detail = joined((*audio.warnings, *audio.notes))
    session.append_record({"event": SOURCE_ENDED, "detail": detail, "message": encoded(detail)})


def is_read_to_its_end(session: Recovery) -> bool:
    """Return whether the session holds all sound of its recording."""
    return any(record.get("event") == SOURCE_ENDED for record in session.records)


def _changed(session: Recovery, path: Path) -> AudioError:
    session.append_record({"event": SOURCE_CHANGED})
    return AudioError(RecordingMessage.NOT_THE_SAME_FILE(name=path.name))
