"""Speech becomes faster or slower without a change of pitch."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from granite_live.audio.playback import TimeStretcher

RATE_HZ = 48_000


def tone(hz: float, duration_s: float) -> NDArray[np.float32]:
    at_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return (0.5 * np.sin(2 * np.pi * hz * at_s)).astype(np.float32)


def stretched(
    samples: NDArray[np.float32], speed: float, block: int = 4_800
) -> NDArray[np.float32]:
    stretcher = TimeStretcher(RATE_HZ, speed)
    pieces = [stretcher.feed(samples[at : at + block]) for at in range(0, len(samples), block)]
    return np.concatenate((*pieces, stretcher.flush()))


def pitch_hz(samples: NDArray[np.float32]) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * RATE_HZ / len(samples)


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("hz", [110.0, 220.0, 1000.0])
def test_the_length_changes_and_the_pitch_stays(speed: float, hz: float) -> None:
    samples = tone(hz, 2.0)
    found = stretched(samples, speed)
    assert len(found) == pytest.approx(len(samples) / speed, abs=0.06 * RATE_HZ)
    assert pitch_hz(found) == pytest.approx(hz, abs=2.0)
    # Joined without holes: the loudness of a steady tone stays.
    windows = found[4800 : len(found) // 4800 * 4800 - 4800].reshape(-1, 480)
    loudness = np.sqrt((windows**2).mean(axis=1))
    assert loudness.min() > 0.25
    assert loudness.max() < 0.45


def test_at_normal_speed_samples_pass_unchanged() -> None:
    samples = tone(220.0, 0.5)
    assert np.array_equal(stretched(samples, 1.0), samples)


def test_blocks_of_any_size_give_the_same_samples() -> None:
    samples = np.random.default_rng(1).normal(0, 0.1, 30_000).astype(np.float32)
    whole = stretched(samples, 1.5, block=30_000)
    assert np.allclose(stretched(samples, 1.5, block=700), whole)


def test_events_keep_their_places() -> None:
    samples = np.zeros(4 * RATE_HZ, np.float32)
    for at_s in (1.0, 2.0, 3.0):
        samples[round(at_s * RATE_HZ) : round((at_s + 0.2) * RATE_HZ)] = tone(300.0, 0.2)
    found = stretched(samples, 2.0)
    loud = np.abs(found) > 0.05
    for at_s in (1.0, 2.0, 3.0):
        first = round((at_s / 2 - 0.04) * RATE_HZ)
        assert loud[first : first + round(0.14 * RATE_HZ)].any()
        assert not loud[first - round(0.2 * RATE_HZ) : first - round(0.02 * RATE_HZ)].any()


def test_a_speed_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        TimeStretcher(RATE_HZ, 0.0)
