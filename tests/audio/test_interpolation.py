"""Sound is read between its samples, and played a little faster or slower, without being harmed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from granite_live.audio.interpolation import Interpolator, RateCorrector

RATE = 16_000


def tone(hertz: float, places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sin(2.0 * np.pi * hertz * places / RATE)


def error_db(found: NDArray[np.float64], wanted: NDArray[np.float64]) -> float:
    return float(10.0 * np.log10(np.mean((found - wanted) ** 2) / np.mean(wanted**2) + 1e-20))


@pytest.mark.parametrize("hertz", [100.0, 2_000.0, 5_000.0, 7_000.0])
def test_a_tone_is_read_between_its_samples(hertz: float) -> None:
    places = np.linspace(50.0, 950.0, 777)
    found = Interpolator(16, 6.0).at(tone(hertz, np.arange(1000.0)), places)
    assert error_db(found, tone(hertz, places)) < -55.0


def test_at_the_samples_they_are_unchanged_and_beyond_them_the_last_one_stays() -> None:
    sound = np.random.default_rng(1).standard_normal(100)
    found = Interpolator(4, 4.0).at(sound, np.arange(-5.0, 105.0))
    assert np.allclose(found, np.pad(sound, 5, mode="edge"), atol=1e-12)


@pytest.mark.parametrize("factor", [0.9999, 1.005])
def test_a_change_of_speed_is_not_heard(factor: float) -> None:
    """The blocks before it are the same samples, and the tone goes on where it was."""
    sound = tone(6_000.0, np.arange(4.0 * RATE)).astype(np.float32)
    corrector = RateCorrector()
    found = [
        corrector.feed(sound[at : at + 320], 1.0 if at < RATE else factor)
        for at in range(0, len(sound), 320)
    ]
    whole = np.concatenate([*found, corrector.flush()])
    before = RATE // 320 * 320
    assert np.array_equal(whole[:before], sound[:before])
    assert len(whole) == pytest.approx(before + (len(sound) - before) * factor, abs=1.5)
    wanted = tone(6_000.0, before + np.arange(len(whole) - before) / factor)
    assert error_db(whole[before:-20], wanted[:-20]) < -50.0


def test_blocks_of_any_length_are_taken() -> None:
    sound = tone(440.0, np.arange(2_000.0)).astype(np.float32)
    whole, pieces = RateCorrector(), RateCorrector()
    at_once = np.concatenate([whole.feed(sound, 0.999), whole.flush()])
    edges = [0, 0, 1, 3, 10, 700, 701, 2_000]
    parts = [pieces.feed(sound[start:stop], 0.999) for start, stop in pairwise(edges)]
    assert np.allclose(np.concatenate([*parts, pieces.flush()]), at_once, atol=1e-5)


def test_after_a_flush_it_begins_anew() -> None:
    sound = tone(440.0, np.arange(640.0)).astype(np.float32)
    corrector = RateCorrector()
    corrector.feed(sound, 1.001)
    assert len(corrector.flush())
    assert not len(corrector.flush())
    assert np.array_equal(corrector.feed(sound), sound)
