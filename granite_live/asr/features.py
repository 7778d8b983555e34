"""The log-mel front end in numpy, equal to the upstream extractor.

STFT of centered, Hann-windowed frames -> power -> HTK mel bands without area normalization -> log10
with a floor eight decades (80 dB) below the utterance's maximum -> scaled to about -1..1 ->
neighboring frames stacked. The order of the last steps matters: frames that do not fill a row are
dropped *before* the maximum is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_live.messages.models import AsrMessage
from granite_live.util.errors import AudioError

if TYPE_CHECKING:
    from granite_live.models.bundle import FrontEnd

_SMALLEST_POWER = 1e-10
_RANGE_DECADES = 8.0
# Frames per FFT call, so that the windowed copy fits the CPU cache.
_FRAMES_PER_CHUNK = 512


class LogMel:
    """The front end with precomputed tables. Stateless between calls, so threads may share it."""

    def __init__(self, front_end: FrontEnd) -> None:
        self._front_end = front_end
        self._window = _padded_hann(front_end.win_length, front_end.n_fft)
        self._filters = mel_filters(front_end)

    def rows(self, samples: int) -> int:
        """Return the number of feature rows for `samples` samples."""
        return samples // self._front_end.samples_per_row

    def __call__(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the model's input for one utterance.

        Args:
            waveform: Audio in -1..1 [shape=(samples,)].

        Returns:
            float32 [shape=(1, T, n_mels * frame_stack)], T = samples // samples_per_row.
        """
        rows = self.rows(len(waveform))
        front_end = self._front_end
        if rows == 0:
            return np.empty((1, 0, front_end.feature_dim), np.float32)
        mel = self._mel_power(waveform, rows * front_end.frame_stack)
        np.maximum(mel, _SMALLEST_POWER, out=mel)
        np.log10(mel, out=mel)
        np.maximum(mel, mel.max() - _RANGE_DECADES, out=mel)
        mel /= 4.0
        mel += 1.0
        return mel.astype(np.float32).reshape(1, rows, front_end.feature_dim)

    def _mel_power(self, waveform: NDArray[np.float32], frames: int) -> NDArray[np.float64]:
        """Return the mel power of the first `frames` frames [shape=(frames, n_mels)].

        Uses double precision: float32 errors in the weakest bands exceed the contract's tolerance.
        """
        front_end = self._front_end
        half = front_end.n_fft // 2
        padded = np.pad(waveform.astype(np.float64), half, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(padded, front_end.n_fft)
        windows = windows[:: front_end.hop_length][:frames]
        mel = np.empty((frames, front_end.n_mels))
        for first in range(0, frames, _FRAMES_PER_CHUNK):
            chunk = slice(first, first + _FRAMES_PER_CHUNK)
            spectrum = np.fft.rfft(windows[chunk] * self._window, axis=-1)
            mel[chunk] = (spectrum.real**2 + spectrum.imag**2) @ self._filters
        return mel


def mel_filters(front_end: FrontEnd) -> NDArray[np.float64]:
    """Return triangular filters on the HTK mel scale, peaks of 1 [shape=(n_fft // 2 + 1, n_mels)].

    The filters span 0 Hz to half the sample rate. Scale: S. Young et al., The HTK Book, 5.4.
    """
    top_hz = front_end.sample_rate_hz / 2
    bins_hz = np.linspace(0.0, top_hz, front_end.n_fft // 2 + 1)
    top_mel = 2595.0 * np.log10(1.0 + top_hz / 700.0)
    edges_mel = np.linspace(0.0, top_mel, front_end.n_mels + 2)
    edges_hz = 700.0 * (10.0 ** (edges_mel / 2595.0) - 1.0)
    widths = np.diff(edges_hz)
    distance = edges_hz[None, :] - bins_hz[:, None]
    rising = -distance[:, :-2] / widths[:-1]
    falling = distance[:, 2:] / widths[1:]
    return np.maximum(0.0, np.minimum(rising, falling))


def check_waveform(waveform: NDArray[np.floating], sample_rate_hz: int) -> NDArray[np.float32]:
    """Return `waveform` as contiguous float32.

    Raises:
        AudioError: It is not one channel of floating-point samples, or a sample is not finite.
    """
    array = np.asarray(waveform)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.floating):
        raise AudioError(AsrMessage.WRONG_SOUND_FORMAT(dtype=array.dtype, shape=array.shape))
    # Values beyond single precision count as infinite. (Comparisons with nan are false.)
    usable = np.abs(array) <= np.finfo(np.float32).max
    if not usable.all():
        at = int(np.argmin(usable))
        raise AudioError(
            AsrMessage.DAMAGED_SOUND(sample=at, at_s=at / sample_rate_hz, value=array[at])
        )
    return np.ascontiguousarray(array, dtype=np.float32)


def _padded_hann(win_length: int, n_fft: int) -> NDArray[np.float64]:
    """Return a periodic Hann window, centered in `n_fft` samples."""
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(win_length) / win_length)
    left = (n_fft - win_length) // 2
    return np.pad(window, (left, n_fft - win_length - left))
