"""The peaks of a recording: computed once, stored, and deleted with the sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from granite_live.audio.journal import Journal, retention
from granite_live.audio.journal.folders import FLAC_NAME, PEAKS_NAME
from granite_live.audio.journal.mix import session_peaks
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
