"""A session with two sources has two tracks, each as safe as the only one of others."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from helpers.faulty_disk import FaultyDisk
from numpy.typing import NDArray

from granite_live.audio.journal import Journal, find_unfinished, open_for_recovery
from granite_live.audio.journal.peaks import open_session_mix, session_peaks
from granite_live.audio.journal.records import OpeningRecord
from granite_live.audio.journal.retention import Deletion, DeletionScope, delete
from granite_live.audio.journal.sound import open_session_audio
from granite_live.audio.source import Origin, OriginKind
from granite_live.util.errors import GraniteError

RATE = 16_000
MIC = np.arange(-3_000, 29_000, dtype=np.int16)
SYSTEM = np.full(48_000, 20_000, np.int16)


def created(root: Path) -> Journal:
    return Journal.create(
        root, origin=Origin(OriginKind.MICROPHONE, "Desk"), system_source="Loudspeakers"
    )


def recorded(root: Path) -> Journal:
    journal = created(root)
    for at in range(0, len(SYSTEM), 8_000):
        journal.append(SYSTEM[at : at + 8_000], 1)
        if len(MIC[at : at + 8_000]):
            journal.append(MIC[at : at + 8_000])
    return journal


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()} - {"lock", "events.jsonl"}


def samples(folder: Path, track: int) -> NDArray[np.int16]:
    with open_session_audio(folder, track) as sound:
        return sound.read(0, sound.samples)


def test_both_tracks_become_flac(tmp_path: Path) -> None:
    with recorded(tmp_path) as journal:
        assert np.array_equal(journal.read(7_000, 9_000, 1), SYSTEM[7_000:9_000])
        assert np.array_equal(journal.read(7_000, 9_000), MIC[7_000:9_000])
        assert journal.finish() == journal.path / "sound.flac"
    assert names(journal.path) == {"sound.flac", "system.flac"}
    assert np.array_equal(samples(journal.path, 0), MIC)
    assert np.array_equal(samples(journal.path, 1), SYSTEM)


def test_a_session_with_one_source_has_one_track(tmp_path: Path) -> None:
    with Journal.create(tmp_path) as journal:
        journal.append(MIC)
        assert names(journal.path) == {"sound.pcm", "reserve"}


def test_after_a_kill_both_tracks_and_their_utterances_are_recovered(tmp_path: Path) -> None:
    journal = recorded(tmp_path)
    bounds = {"start_sample": 100, "end_sample": 9_000}
    for number, track in ((1, {}), (2, {"track": 1})):
        journal.append_record({"event": "utterance_closed", "utterance": number, **bounds, **track})
    journal.close()  # unfinished, as after a kill
    (found,) = find_unfinished(tmp_path)
    assert found.beginning == OpeningRecord(
        Origin(OriginKind.MICROPHONE, "Desk"), system_source="Loudspeakers"
    )
    with open_for_recovery(journal.path) as left:
        assert [(one.number, one.track) for one in left.missing] == [(1, 0), (2, 1)]
        assert left.unsegmented_from_samples == (9_000, 9_000)
        assert np.array_equal(left.sounds[1].read(0, len(SYSTEM)), SYSTEM)
        left.finish()
    assert np.array_equal(samples(journal.path, 0), MIC)
    assert np.array_equal(samples(journal.path, 1), SYSTEM)


@pytest.mark.parametrize("step", ["write", "sync", "rename", "remove"])
def test_packing_may_fail_at_any_step_and_goes_on_where_it_ended(tmp_path: Path, step: str) -> None:
    counted = FaultyDisk()
    journal = recorded(tmp_path / "model")
    journal.close()
    with open_for_recovery(journal.path, counted) as left:
        left.finish()
    for call in range(1, counted.calls[step] + 1):
        journal = recorded(tmp_path / str(call))
        journal.close()
        disk = FaultyDisk()
        disk.fail(step, call, OSError(errno.EIO, "broken"))
        try:
            with open_for_recovery(journal.path, disk) as left:
                left.finish()
        except GraniteError:
            assert "sound.pcm" in names(journal.path)
            with open_for_recovery(journal.path) as left:
                left.finish()
        assert names(journal.path) <= {"sound.flac", "system.flac", "reserve"}
        assert np.array_equal(samples(journal.path, 0), MIC)
        assert np.array_equal(samples(journal.path, 1), SYSTEM)


def test_a_track_that_never_had_sound_is_silent(tmp_path: Path) -> None:
    journal = created(tmp_path)
    journal.append(SYSTEM, 1)
    journal.close()
    with open_for_recovery(journal.path) as left:
        left.finish()
    assert not samples(journal.path, 0).any()
    assert np.array_equal(samples(journal.path, 1), SYSTEM)


@pytest.mark.parametrize("is_finished", [False, True])
def test_both_tracks_are_played_together(tmp_path: Path, *, is_finished: bool) -> None:
    journal = recorded(tmp_path)
    if is_finished:
        journal.finish()
    journal.close()
    wanted = SYSTEM.astype(np.int32)
    wanted[: len(MIC)] += MIC
    with open_session_mix(journal.path) as mix:
        assert mix.samples == len(SYSTEM)
        heard = mix.read(1_000, mix.samples)
    assert np.array_equal(heard, np.clip(wanted, -32_768, 32_767).astype(np.int16)[1_000:])
    assert len(session_peaks(journal.path)) == 30


def test_deletion_takes_both_tracks(tmp_path: Path) -> None:
    with recorded(tmp_path) as journal:
        journal.finish()
    session_peaks(journal.path)
    delete([Deletion(journal.path, DeletionScope.AUDIO)])
    assert names(journal.path) == set()
