"""Give the lines of one track speakers by their voices, from the turns that a voice model finds.

No voice model is part of the program: `docs/decisions/0018-no-voices-without-a-model.md` says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from granite_live.library.records import LineChange, clean_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from granite_live.library import Library, SavedUtterance

# A line gets the voice that is heard during at least this share of it.
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class VoiceTurn:
    """A time of a track at which one voice is heard. Turns of several voices may overlap.

    Attributes:
        start_s: When it begins, from the start of the recording.
        end_s: When it ends.
        voice: The number of the voice in this recording.
    """

    start_s: float
    end_s: float
    voice: int


class RecordedTrack(Protocol):
    """One track of a recording: 16-bit mono samples at 16 kHz, read in parts."""

    samples: int

    def read(self, start_sample: int, stop_sample: int) -> NDArray[np.int16]:
        """Return samples start..stop [shape=(stop - start,)]."""


class VoiceTurnFinder(Protocol):
    """A voice model: tells the voices of a track apart, without knowing whose they are."""

    def find(self, track: RecordedTrack) -> Sequence[VoiceTurn]:
        """Return the turns in the order of their starts.

        Raises:
            GraniteError: The track cannot be read, or the model fails.
        """


def assign_voices(
    library: Library,
    session_id: int,
    track_number: int,
    track: RecordedTrack,
    finder: VoiceTurnFinder,
    name_of: Callable[[int], str],
) -> LineChange | None:
    """Name the speakers of a track's lines by their voices. Lines with a named speaker stay.

    Args:
        library: Has the session.
        session_id: The session.
        track_number: The track whose lines get speakers.
        track: The sound of that track.
        finder: Finds the turns.
        name_of: Returns a speaker's name for the number of a voice, such as "Voice 1".

    Returns:
        The change as the library applied it, which `Library.apply(change.inverse)` undoes; None if
        no line got a speaker.

    Raises:
        GraniteError: The track cannot be read, the model fails, or the library cannot be used.
    """
    turns = finder.find(track)
    changes = []
    for line in library.utterances(session_id):
        if line.track != track_number or line.speaker:
            continue
        voice = voice_of(line, turns)
        if voice is not None:
            changes.append((line, replace(line, speaker=clean_text(name_of(voice)).strip())))
    if not changes:
        return None
    before, after = zip(*changes, strict=True)
    return library.apply(LineChange(session_id, before, after))


def voice_of(line: SavedUtterance, turns: Sequence[VoiceTurn]) -> int | None:
    """Return the voice that is heard longest during a line, None if none is for half of it."""
    heard_s: dict[int, float] = defaultdict(float)
    for turn in turns:
        heard_s[turn.voice] += max(
            0.0, min(turn.end_s, line.end_s) - max(turn.start_s, line.start_s)
        )
    if not heard_s:
        return None
    voice = max(heard_s, key=lambda one: (heard_s[one], -one))
    is_enough = heard_s[voice] >= _LEAST_SHARE * (line.end_s - line.start_s)
    return voice if is_enough and heard_s[voice] > 0.0 else None
