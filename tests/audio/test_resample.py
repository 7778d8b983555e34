"""Streaming resampling loses and shifts nothing, whatever the pieces are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from granite_live.audio.resampling import Resampler

WANTED_HZ = 16_000


def tone(rate_hz: int, seconds: float, frequency_hz: float = 440.0) -> NDArray[np.float32]:
    times_s = np.arange(round(rate_hz * seconds)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * frequency_hz * times_s)).astype(np.float32)


def resampled(samples: NDArray[np.float32], rate_hz: int, *cuts: int) -> NDArray[np.float32]:
    resampler = Resampler(WANTED_HZ)
    pieces = [resampler.feed(piece, rate_hz) for piece in np.split(samples, cuts)]
    return np.concatenate([*pieces, resampler.flush()])


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000])
def test_a_tone_keeps_its_pitch_place_and_length(rate_hz: int) -> None:
    result = resampled(tone(rate_hz, 1.0), rate_hz)
    assert abs(len(result) - WANTED_HZ) <= 1
    # The first and last few milliseconds ring, because the tone begins abruptly.
    middle = slice(800, WANTED_HZ - 800)
    np.testing.assert_allclose(result[middle], tone(WANTED_HZ, 1.0)[middle], atol=1e-4)


def test_what_is_too_high_for_the_new_rate_does_not_come_back_as_something_else() -> None:
    result = resampled(tone(48_000, 1.0, 15_000.0), 48_000)
    assert np.abs(result[800:-800]).max() < 1e-4


def test_mono_of_the_wanted_rate_passes_bit_for_bit() -> None:
    sound = tone(WANTED_HZ, 0.1)
    resampler = Resampler(WANTED_HZ)
    assert np.array_equal(resampler.feed(sound, WANTED_HZ), sound)
    assert np.array_equal(resampler.feed(sound[:, np.newaxis], WANTED_HZ), sound)
    assert len(resampler.flush()) == 0


@pytest.mark.parametrize("rate_hz", [WANTED_HZ, 48_000])
def test_several_channels_become_their_mean(rate_hz: int) -> None:
    left = tone(rate_hz, 0.5)
    both = np.stack([left, np.zeros_like(left)], axis=1)
    np.testing.assert_allclose(
        resampled(both, rate_hz), resampled(left, rate_hz) / 2, atol=1e-6, rtol=0
    )


@given(
    rate_hz=st.sampled_from([8_000, 44_100, 48_000]),
    cuts=st.lists(st.integers(0, 20_000), max_size=8),
)
def test_how_the_sound_is_cut_does_not_matter(rate_hz: int, cuts: list[int]) -> None:
    noise = np.random.default_rng(5).standard_normal(20_000).astype(np.float32)
    np.testing.assert_allclose(
        resampled(noise, rate_hz, *sorted(cuts)), resampled(noise, rate_hz), atol=1e-5, rtol=0
    )


@given(
    pieces=st.lists(
        st.tuples(
            st.sampled_from([8_000, 16_000, 44_100, 48_000]),
            st.sampled_from([1, 2]),
            st.integers(1, 4_000),
        ),
        max_size=8,
    )
)
def test_every_piece_keeps_its_length_when_the_device_changes(
    pieces: list[tuple[int, int, int]],
) -> None:
    resampler = Resampler(WANTED_HZ)
    samples = sum(
        len(resampler.feed(np.ones((frames, channels), dtype=np.float32), rate_hz))
        for rate_hz, channels, frames in pieces
    )
    samples += len(resampler.flush())
    expected = sum(frames * WANTED_HZ / rate_hz for rate_hz, _, frames in pieces)
    # Half a sample of rounding at every change of the rate.
    assert abs(samples - expected) <= len(pieces)


def test_it_can_be_used_again_after_its_end() -> None:
    sound = tone(48_000, 0.2)
    resampler = Resampler(WANTED_HZ)
    runs = [np.concatenate([resampler.feed(sound, 48_000), resampler.flush()]) for _ in range(2)]
    assert np.array_equal(runs[0], runs[1])
    assert len(resampler.flush()) == 0
