"""Recovery of an interrupted session: real journal, real worker process, fake model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.scripted_recognizers import KILL
from helpers.session_fakes import QUICK, RATE, FakeSession, LoudnessSegmenter, said

from granite_live.audio.files import open_audio
from granite_live.audio.journal import Journal, find_unfinished, open_for_recovery
from granite_live.session import events
from granite_live.session.messages import ModelSpec
from granite_live.session.recovery import RecoveryResult, recover

# Nothing hangs here, so a slow machine must not be mistaken for a hung worker.
PATIENT = replace(QUICK, task_s=60.0)


class CrashedStudio(FakeSession):
    """A session over the real journal that ends like after a kill, unfinished."""

    def __init__(self, folder: Path, **arguments: object) -> None:
        self.real = Journal.create(folder / "sessions", unwritten_limit_s=60)
        super().__init__(
            folder,
            journal=self.real,
            read_older=self.real.read,
            timeouts=PATIENT,
            **arguments,
        )


def recovered(
    folder: Path, told: list[events.SessionEvent], deaths: int | None = None
) -> RecoveryResult:
    (found,) = find_unfinished(folder / "sessions")
    return recover(
        open_for_recovery(found.path),
        LoudnessSegmenter(),
        "helpers.scripted_recognizers:load",
        ModelSpec(str(folder), None if deaths is None else str(deaths)),
        told.append,
        PATIENT,
    )


def finals(told: list[events.SessionEvent]) -> list[tuple[int, str]]:
    return [(e.utterance, e.text) for e in told if isinstance(e, events.FinalText)]


def test_without_a_model_then_with_one(tmp_path: Path) -> None:
    played = np.concatenate([said([200]), said([300, 301]), said([400])])
    crashed = CrashedStudio(tmp_path, factory="load_nothing")
    crashed.session.start()
    crashed.source.play(played)
    crashed.end()
    told: list[events.SessionEvent] = []
    done = recovered(tmp_path, told)
    assert done == RecoveryResult(missing=3, unfinished=0, sound_s=len(played) / RATE)
    assert finals(told) == [(1, "W200"), (2, "W300 W301"), (3, "W400")]
    assert find_unfinished(tmp_path / "sessions") == []
    with open_audio(crashed.real.path / "sound.flac") as sound:
        heard = np.concatenate(list(sound.blocks(RATE)))
    assert (heard * 32768).tolist() == played.tolist()


def test_what_was_open_or_not_yet_cut_gets_its_text_too(tmp_path: Path) -> None:
    """The records end after the first utterance, as after a kill during the second."""
    crashed = CrashedStudio(tmp_path)
    crashed.session.start()
    crashed.source.play(np.concatenate([said([200]), said([300, 301]), said([400], pause=0)]))
    crashed.end()
    # Undo the clean end: restore the PCM, and the records up to the first final.
    folder = crashed.real.path
    with open_audio(folder / "sound.flac") as sound:
        heard = np.concatenate(list(sound.blocks(RATE)))
    lines = (folder / "events.jsonl").read_text().splitlines(keepends=True)
    first = next(k for k, line in enumerate(lines) if json.loads(line).get("event") == "final")
    again = Journal.create(tmp_path / "sessions2")
    again.append((heard * 32768).astype(np.int16))
    for line in lines[1 : first + 1]:
        again.append_record(json.loads(line))
    again.close()
    told: list[events.SessionEvent] = []
    (found,) = find_unfinished(tmp_path / "sessions2")
    done = recover(
        open_for_recovery(found.path),
        LoudnessSegmenter(),
        "helpers.scripted_recognizers:load",
        ModelSpec(str(tmp_path)),
        told.append,
        PATIENT,
    )
    assert done.unfinished == 0
    assert [text for _, text in finals(told)] == ["W300 W301", "W400"]
    assert min(number for number, _ in finals(told)) == 2


def test_what_still_cannot_be_heard_stays_for_another_time(tmp_path: Path) -> None:
    deadly = said([200])
    deadly[100] = KILL
    crashed = CrashedStudio(tmp_path, factory="load_nothing")
    crashed.session.start()
    crashed.source.play(np.concatenate([deadly, said([300])]))
    crashed.end()
    told: list[events.SessionEvent] = []
    assert recovered(tmp_path, told).unfinished == 1
    assert finals(told) == [(2, "W300")]
    told = []
    done = recovered(tmp_path, told, deaths=0)
    assert (done.missing, done.unfinished) == (1, 0)
    assert [number for number, _ in finals(told)] == [1]


@pytest.mark.parametrize("said_before", [0, 1])
def test_a_session_without_speech_is_just_finished(tmp_path: Path, said_before: int) -> None:
    journal = Journal.create(tmp_path / "sessions")
    journal.append(np.zeros(RATE * said_before, np.int16))
    journal.close()
    told: list[events.SessionEvent] = []
    assert recovered(tmp_path, told).missing == 0
    assert told == []
    assert find_unfinished(tmp_path / "sessions") == []
