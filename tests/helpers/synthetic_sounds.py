"""Synthetic audio for tests: deterministic, of any length, without any person's voice."""

from __future__ import annotations

import numpy as np

RATE_HZ = 16000


def made_up_sound(samples: int, seed: int) -> np.ndarray:
    """Return `samples` float32 values in [-1, 1]: chirps and bursts of noise over a quiet floor.

    Loudness, pitch and noise change every 80 to 300 ms, as they do in speech, so that a model
    with random weights gives a draft of several different tokens.
    """
    rng = np.random.default_rng(seed)
    sound = 1e-3 * rng.standard_normal(samples)
    start = 0
    while start < samples:
        length = min(int(rng.integers(1280, 4800)), samples - start)
        t = np.arange(length) / RATE_HZ
        low, high = rng.uniform(100.0, 6000.0, size=2)
        chirp = np.sin(2 * np.pi * (low * t + (high - low) * t**2 * RATE_HZ / (2 * length)))
        noise = rng.standard_normal(length)
        share, loudness = rng.uniform(), 10 ** rng.uniform(-2.5, -0.5)
        shape = np.hanning(length + 2)[1:-1]
        sound[start : start + length] += loudness * shape * (share * chirp + (1 - share) * noise)
        start += length
    return np.clip(sound, -1.0, 1.0).astype(np.float32)


def late_click(samples: int, seed: int) -> np.ndarray:
    """Return audio with gaps of digital silence, and a loud click at the very end.

    The click lies only in frames that the front end drops, so it must not raise the floor under
    the quiet frames. `samples` should be slightly more than a multiple of 320.
    """
    sound = made_up_sound(samples, seed) * np.float32(0.4)
    sound[samples // 4 : samples // 3] = 0.0
    sound[samples // 2 : samples * 2 // 3] = 0.0
    last_row_ends = samples // 320 * 320
    t = np.arange(samples - last_row_ends - 60) / RATE_HZ
    sound[last_row_ends + 60 :] = 0.9 * np.cos(2 * np.pi * 1000 * t)
    return sound
