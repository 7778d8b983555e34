"""Lines get speakers from the turns of a voice model, here a scripted one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.sample_library import new_session, result

from granite_live.app.voices import RecordedTrack, VoiceTurn, assign_voices
from granite_live.library import Library, SourceKind
from granite_live.transcript.model import Track

RATE_HZ = 16_000


class Recording:
    """A track in memory."""

    def __init__(self, values: Sequence[int]) -> None:
        self._sound = np.repeat(np.array(values, np.int16), RATE_HZ)
        self.samples = len(self._sound)

    def read(self, start_sample: int, stop_sample: int) -> np.ndarray:
        return self._sound[start_sample:stop_sample]


class ScriptedFinder:
    """Takes the value of each second for its voice; 0 is silence."""

    def find(self, track: RecordedTrack) -> Sequence[VoiceTurn]:
        seconds = range(track.samples // RATE_HZ)
        values = [int(track.read(at * RATE_HZ, at * RATE_HZ + 1)[0]) for at in seconds]
        return [VoiceTurn(at, at + 1.0, value) for at, value in enumerate(values) if value]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite", durable=False) as opened:
        yield opened


def test_lines_get_the_voice_that_is_heard_longest_and_names_stay(library: Library) -> None:
    session_id = library.create_session(replace(new_session(), source_kind=SourceKind.MEETING))
    lines = [
        *((1, Track.SYSTEM, 0.0, 2.0, ""), (2, Track.MICROPHONE, 0.5, 2.0, "")),
        *((3, Track.SYSTEM, 2.0, 5.0, ""), (4, Track.SYSTEM, 5.0, 6.0, "Anna")),
        (5, Track.SYSTEM, 6.0, 9.0, ""),
    ]
    for number, track, start_s, end_s, speaker in lines:
        said = replace(result(number, f"line {number}", track=track), start_s=start_s, end_s=end_s)
        library.put_utterance(session_id, said)
        if speaker:
            (line,) = (one for one in library.utterances(session_id) if one.number == number)
            library.set_speaker([line.id], speaker)
    before = {one.number: one.speaker for one in library.utterances(session_id)}
    recording = Recording([1, 1, 2, 1, 2, 2, 0, 1, 0])
    change = assign_voices(
        *(library, session_id, Track.SYSTEM, recording, ScriptedFinder()),
        lambda voice: f"Voice {voice}",
    )
    named = {one.number: one.speaker for one in library.utterances(session_id)}
    # The last line has a voice for a third of its time only.
    assert named == before | {1: "Voice 1", 3: "Voice 2"}
    assert change is not None
    library.apply(change.inverse)
    assert {one.number: one.speaker for one in library.utterances(session_id)} == before


def test_silence_changes_nothing(library: Library) -> None:
    session_id = library.create_session(new_session())
    library.put_utterance(session_id, result(1, "line"))
    nothing = assign_voices(
        *(library, session_id, Track.MICROPHONE, Recording([0, 0]), ScriptedFinder()), str
    )
    assert nothing is None
