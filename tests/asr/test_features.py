"""The front end: its golden values, its shape, its arithmetic at the edges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence
from hypothesis import given
from hypothesis import strategies as st

from granite_live.asr.features import LogMel, check_waveform, mel_filters
from granite_live.messages.models import AsrMessage
from granite_live.models.bundle import FrontEnd
from granite_live.util.errors import AudioError

GOLDEN = Path(__file__).parents[3] / "shared" / "golden" / "features.npz"


def golden_names() -> list[str]:
    if not GOLDEN.is_file():
        return []
    with np.load(GOLDEN) as archive:
        return [name.removesuffix(".wave") for name in archive.files if name.endswith(".wave")]


@pytest.mark.skipif(not GOLDEN.is_file(), reason=f"no golden features at {GOLDEN}")
@pytest.mark.parametrize("name", golden_names())
def test_equals_the_upstream_extractor(name: str) -> None:
    with np.load(GOLDEN) as archive:
        wave, expected = archive[f"{name}.wave"], archive[f"{name}.features"]
    made = LogMel(FrontEnd())(wave)
    assert made.dtype == np.float32
    assert made.shape == expected.shape
    assert np.abs(made - expected).max() <= 1e-4


@pytest.mark.parametrize(
    ("samples", "rows"), [(0, 0), (1, 0), (319, 0), (320, 1), (639, 1), (640, 2), (16001, 50)]
)
def test_rows_are_whole(samples: int, rows: int) -> None:
    assert LogMel(FrontEnd())(np.full(samples, 0.1, np.float32)).shape == (1, rows, 160)


def test_silence_is_one_constant() -> None:
    made = LogMel(FrontEnd())(np.zeros(8000, np.float32))
    assert np.unique(made).tolist() == [-1.5]  # log10(1e-10) / 4 + 1


def test_frames_beyond_the_last_row_do_not_lift_the_floor() -> None:
    """A click in the last, incomplete row must not count for the maximum."""
    wave = np.zeros(320 * 50 + 319, np.float32)
    wave[4000:4400] = 1e-3
    quiet = LogMel(FrontEnd())(wave)
    wave[-5:] = 1.0
    loud = LogMel(FrontEnd())(wave)
    assert quiet.max() == loud[:, :-2].max()
    assert quiet.min() == loud[:, :-2].min()


def test_chunks_join_without_a_seam() -> None:
    """Longer than one chunk of frames: each row is what it is in a shorter piece."""
    rng = np.random.default_rng(5)
    wave = rng.standard_normal(16000 * 12).astype(np.float32) * 0.1
    whole = LogMel(FrontEnd())(wave)
    reference = np.log10(np.maximum(_plain_mel(wave), 1e-10))
    reference = np.maximum(reference, reference.max() - 8) / 4 + 1
    assert np.abs(whole.reshape(-1, 80) - reference).max() < 1e-5


def _plain_mel(wave: np.ndarray) -> np.ndarray:
    padded = np.pad(wave.astype(np.float64), 256, mode="reflect")
    window = np.zeros(512)
    window[56:456] = np.hanning(401)[:400]
    frames = len(wave) // 320 * 2
    power = [
        np.abs(np.fft.rfft(padded[160 * k : 160 * k + 512] * window)) ** 2 for k in range(frames)
    ]
    return np.array(power) @ mel_filters(FrontEnd())


def test_filters_cover_the_band_without_gap() -> None:
    filters = mel_filters(FrontEnd())
    assert filters.shape == (257, 80)
    assert (filters >= 0).all()
    assert (filters.max(axis=0) > 0).all()
    assert (filters[1:-1].sum(axis=1) > 0).all()


def test_other_numbers_make_other_rows() -> None:
    front_end = FrontEnd(n_fft=256, win_length=200, hop_length=80, n_mels=40, frame_stack=4)
    assert LogMel(front_end)(np.ones(3205, np.float32)).shape == (1, 10, 160)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_no_number_is_named(bad: float) -> None:
    wave = np.zeros(1000, np.float32)
    wave[800] = bad
    with pytest.raises(AudioError, match=r"sample 800 \(at 0\.050 s\)"):
        check_waveform(wave, 16000)


@pytest.mark.parametrize(
    "wave", [np.zeros((2, 100), np.float32), np.zeros(100, np.int16), np.zeros((), np.float32)]
)
def test_other_than_one_channel_of_floats_is_refused(wave: np.ndarray) -> None:
    with pytest.raises(AudioError, match=sentence(AsrMessage.WRONG_SOUND_FORMAT)):
        check_waveform(wave, 16000)


@given(st.integers(320, 5000), st.floats(-30, 30), st.integers(0, 1000))
def test_any_loudness_is_finite(samples: int, exponent: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    wave = (rng.standard_normal(samples) * 10.0**exponent).astype(np.float32)
    made = LogMel(FrontEnd())(wave)
    assert np.isfinite(made).all()
    # Single precision near 10 rounds by 1e-6.
    assert made.max() - made.min() <= 2.0 + 1e-5
