"""The host's front end in numpy, and the HTK -> Slaney map of the graph's first operation."""

from __future__ import annotations

import numpy as np
import torch

RATE, N_FFT, WINDOW, HOP, MELS = 16000, 512, 400, 160, 80


def htk_bank() -> np.ndarray:
    """Return HTK triangles over 257 bins without area normalization: [257,80]."""
    top = 2595.0 * np.log10(1.0 + RATE / 2 / 700.0)
    hz = 700.0 * (10.0 ** (np.linspace(0.0, top, MELS + 2) / 2595.0) - 1.0)
    return _triangles(hz, np.linspace(0, RATE / 2, N_FFT // 2 + 1))


def slaney_bank() -> np.ndarray:
    """Return Whisper's bands (Slaney scale, area normalized) over 201 bins: [201,80]."""
    step, corner = 200.0 / 3.0, 1000.0
    log_step = np.log(6.4) / 27.0
    top = corner / step + np.log(RATE / 2 / corner) / log_step
    mel = np.linspace(0.0, top, MELS + 2)
    hz = np.where(mel < 15.0, mel * step, corner * np.exp(log_step * (mel - 15.0)))
    bank = _triangles(hz, np.linspace(0, RATE / 2, 201))
    return bank * (2.0 / (hz[2:] - hz[:-2]))[None]


def _triangles(hz: np.ndarray, bins: np.ndarray) -> np.ndarray:
    slope = hz[None] - bins[:, None]
    width = np.diff(hz)
    return np.maximum(0.0, np.minimum(-slope[:, :-2] / width[:-1], slope[:, 2:] / width[1:]))


_HTK = htk_bank().astype(np.float32)
_HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


def spectrum(wave: np.ndarray, n_fft: int) -> np.ndarray:
    """Return the power spectrum with a 400-sample window, centered, reflected at the ends."""
    x = torch.from_numpy(np.ascontiguousarray(wave, dtype=np.float32))
    s = torch.stft(x, n_fft, HOP, WINDOW, torch.from_numpy(_HANN), center=True, return_complex=True)
    return s.abs().square().numpy().T


def log_power(wave: np.ndarray) -> np.ndarray:
    """Return log10 of HTK band power, without an odd last frame: [2T,80]."""
    keep = 2 * (len(wave) // (2 * HOP))
    return np.log10(np.maximum(spectrum(wave, N_FFT)[:keep] @ _HTK, 1e-10))


def normalise_log(x: np.ndarray) -> np.ndarray:
    """Apply the host's steps after the logarithm; two frames to a row: [T,160]."""
    y = np.maximum(x, x.max() - 8.0) / 4.0 + 1.0
    return y.reshape(len(y) // 2, 2 * MELS).astype(np.float32)


def host_features(wave: np.ndarray) -> np.ndarray:
    """Run the whole front end: samples -> [T,160]."""
    return normalise_log(log_power(wave))


def fit_mix(waves: list[np.ndarray], steps: int = 400) -> tuple[torch.Tensor, float]:
    """Fit a non-negative 80x80 map from HTK to Slaney power on real spectra.

    Returns the map and its mean error in Whisper's normalised units.
    """
    slaney = slaney_bank()
    htk, want = [], []
    for w in waves:
        a, b = spectrum(w, N_FFT) @ _HTK, spectrum(w, 400) @ slaney
        pick = slice(None, None, 5)
        htk.append(a[pick])
        want.append(np.log10(np.maximum(b[pick], b.max() * 1e-8 + 1e-10)))
    x = torch.from_numpy(np.concatenate(htk)).float()
    y = torch.from_numpy(np.concatenate(want)).float()
    full = slaney_bank()
    grid = np.linspace(0, RATE / 2, 201)
    wide = np.stack([np.interp(grid, np.linspace(0, RATE / 2, 257), c) for c in _HTK.T], 1)
    start = np.linalg.lstsq(wide, full, rcond=None)[0].clip(1e-9)
    p = torch.nn.Parameter(torch.from_numpy(start).float().log())
    opt = torch.optim.Adam([p], 0.05)
    loss = torch.zeros(())
    for i in range(steps):
        opt.param_groups[0]["lr"] = 0.05 * (1 - i / steps)
        loss = (torch.log10((x @ p.exp()).clamp(min=1e-10)) - y).abs().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    return p.exp().detach(), float(loss.detach()) / 4.0
