"""The quietest position, in samples and in coarser cells."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from granite_live.util.pcm import quietest_position, quietest_sample


def test_the_first_of_equally_quiet_places_is_taken() -> None:
    assert quietest_position(np.ones(20), np.array([12, 5, 17]), 3) == 12


def test_a_place_at_the_edge_is_measured_by_what_is_there() -> None:
    energy = np.array([9.0, 9.0, 9.0, 9.0, 1.0])
    assert quietest_position(energy, np.array([2, 3, 5]), 2) == 5


@given(st.lists(st.integers(0, 1000), min_size=4, max_size=60), st.integers(1, 9), st.data())
def test_no_allowed_place_is_quieter(cells: list[int], half: int, data: st.DataObject) -> None:
    energy = np.array(cells, np.float64)
    places = np.array(data.draw(st.lists(st.integers(1, len(cells)), min_size=1, unique=True)))

    def mean(place: int) -> float:
        return float(np.mean(energy[max(place - half, 0) : place + half]))

    found = quietest_position(energy, places, half)
    assert found in places
    assert mean(found) <= min(mean(int(place)) for place in places) + 1e-9


def test_a_pause_in_samples_is_found() -> None:
    sound = np.random.default_rng(2).standard_normal(32000).astype(np.float32)
    sound[20000:24000] *= 0.01
    cut = quietest_sample(sound, 16000, 32000, 16000)
    assert 21000 <= cut <= 23000
