"""The peaks of a recording: computed once, stored, and deleted with the sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.faulty_disk import FaultyDisk
from numpy.typing import NDArray

from granite_live.audio.journal import Journal, retention
from granite_live.audio.journal.folders import FLAC_NAME, PEAKS_NAME
from granite_live.audio.journal.peaks import session_peaks
from granite_live.util.errors import AudioError

RATE_HZ = 16_000


def session(root: Path, seconds: float, *, is_packed: bool = True) -> Path:
    """Return a session that is silent but for its second second, which reaches half scale."""
    sound = np.zeros(round(seconds * RATE_HZ), np.int16)
    sound[RATE_HZ : 2 * RATE_HZ : 100] = -16_384
    journal = Journal.create(root)
    journal.append(sound)
    if is_packed:
        journal.finish()
    else:
        journal.close()
    return journal.path


def test_each_tenth_of_a_second_has_its_peak(tmp_path: Path) -> None:
    found = session_peaks(session(tmp_path, 3.25))
    assert found.dtype == np.uint8
    assert found.tolist() == [0] * 10 + [128] * 10 + [0] * 13


def test_stored_peaks_are_used(tmp_path: Path) -> None:
    folder = session(tmp_path, 3.0)
    wanted = session_peaks(folder)
    stored = folder / PEAKS_NAME
    assert stored.read_bytes() == wanted.tobytes()
    stored.write_bytes(bytes(range(30)))
    assert session_peaks(folder).tolist() == list(range(30))
    stored.write_bytes(b"wrong length")
    assert session_peaks(folder).tolist() == wanted.tolist()


def test_a_session_that_runs_stores_none(tmp_path: Path) -> None:
    folder = session(tmp_path, 3.0, is_packed=False)
    assert len(session_peaks(folder)) == 30
    assert not (folder / PEAKS_NAME).exists()


def test_cancelled_work_stores_none(tmp_path: Path) -> None:
    folder = session(tmp_path, 3.0)
    assert len(session_peaks(folder, lambda: True)) == 0
    assert not (folder / PEAKS_NAME).exists()


@pytest.mark.parametrize("part", list(retention.DeletionScope))
def test_they_are_deleted_with_the_sound(tmp_path: Path, part: retention.DeletionScope) -> None:
    folder = session(tmp_path, 3.0)
    session_peaks(folder)
    retention.delete([retention.Deletion(folder, part)])
    assert not (folder / FLAC_NAME).exists()
    assert not (folder / PEAKS_NAME).exists()
    assert folder.exists() == (part is not retention.DeletionScope.EVERYTHING)
    with pytest.raises(AudioError):
        session_peaks(folder)


def noise(seconds: float) -> NDArray[np.int16]:
    return np.random.default_rng(7).integers(-20_000, 20_000, round(seconds * RATE_HZ), np.int16)


def grown(root: Path, sound: NDArray[np.int16], files: FaultyDisk | None = None) -> Journal:
    """Return a running session that got the sound in pieces of odd lengths."""
    journal = Journal.create(root, stores_peaks=True, files=files or FaultyDisk())
    for start in range(0, len(sound), 1_237):
        journal.append(sound[start : start + 1_237])
    return journal


def test_peaks_grow_with_the_recording(tmp_path: Path) -> None:
    journal = grown(tmp_path, noise(12.34))
    stored = journal.path / PEAKS_NAME
    assert 110 <= stored.stat().st_size <= 123
    journal.finish()
    growing = stored.read_bytes()
    stored.unlink()
    assert growing == session_peaks(journal.path).tobytes()
    assert len(growing) == 124


def test_of_a_running_session_only_the_rest_is_read(tmp_path: Path) -> None:
    journal = grown(tmp_path, noise(12.34))
    stored = journal.path / PEAKS_NAME
    count = stored.stat().st_size
    whole = session_peaks(journal.path)
    assert len(whole) == 124
    stored.write_bytes(bytes([7]) * count)  # what is stored is not computed again
    again = session_peaks(journal.path)
    assert again[:count].tolist() == [7] * count
    assert again[count:].tolist() == whole[count:].tolist()
    journal.close()


def test_peaks_that_the_disk_refuses_cost_nothing_else(tmp_path: Path) -> None:
    files = FaultyDisk()
    journal = Journal.create(tmp_path, stores_peaks=True, files=files)
    files.room = 0
    journal.append(noise(3.0))
    assert not (journal.path / PEAKS_NAME).exists()
    files.room = None
    journal.append(noise(3.0))
    journal.finish()
    assert len(session_peaks(journal.path)) == 60


def test_without_the_sound_no_peaks_are_kept(tmp_path: Path) -> None:
    journal = grown(tmp_path, noise(3.0))
    journal.finish(keep_sound=False)
    assert not (journal.path / PEAKS_NAME).exists()


def test_a_session_that_never_began_leaves_nothing(tmp_path: Path) -> None:
    Journal.create(tmp_path, stores_peaks=True).discard()
    assert list(tmp_path.iterdir()) == []


def both_sides(root: Path, mine: NDArray[np.int16], theirs: NDArray[np.int16]) -> Journal:
    """Return a running meeting whose tracks got their sound in turns, the second one later."""
    journal = Journal.create(root, stores_peaks=True, system_source="Loudspeakers")
    ahead = 3 * RATE_HZ
    for start in range(0, max(len(mine), len(theirs)) + ahead, 1_237):
        journal.append(mine[start : start + 1_237])
        begin = max(0, start - ahead)
        journal.append(theirs[begin : max(begin, start + 1_237 - ahead)], 1)
    return journal


def test_the_mixed_peaks_of_both_sides_grow_with_the_recording(tmp_path: Path) -> None:
    journal = both_sides(tmp_path, noise(12.34), noise(11.0) // 3)
    stored = journal.path / PEAKS_NAME
    assert stored.stat().st_size >= 100
    journal.finish()
    grown_peaks = stored.read_bytes()
    stored.unlink()
    assert session_peaks(journal.path).tobytes() == grown_peaks


def test_peaks_grow_while_the_computer_plays_nothing(tmp_path: Path) -> None:
    mine = noise(12.0)
    journal = Journal.create(tmp_path, stores_peaks=True, system_source="Loudspeakers")
    for start in range(0, len(mine), RATE_HZ):
        journal.append(mine[start : start + RATE_HZ])
    stored = journal.path / PEAKS_NAME
    assert stored.stat().st_size >= 60
    # The silence of that time comes with the next sound.
    journal.append(np.zeros(12 * RATE_HZ, np.int16), 1)
    journal.append(noise(3.0), 1)
    journal.finish()
    grown_peaks = stored.read_bytes()
    stored.unlink()
    assert session_peaks(journal.path).tobytes() == grown_peaks


def test_sound_that_comes_too_late_for_its_peaks_leaves_them_to_be_computed(
    tmp_path: Path,
) -> None:
    journal = Journal.create(tmp_path, stores_peaks=True, system_source="Loudspeakers")
    journal.append(noise(12.0))
    journal.append(noise(2.0), 1)
    assert not (journal.path / PEAKS_NAME).exists()
    journal.finish()
    assert len(session_peaks(journal.path)) == 120
