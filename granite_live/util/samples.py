"""Convert between the float samples of the pipeline and the 16-bit samples of a session.

The scale is the power of two that the decoders use, so that 16-bit recordings pass unchanged.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FULL_SCALE = 32768.0


def quantised(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return float32 samples [full scale 1.0] as int16, rounded to nearest and clipped.

    Samples that were int16 / 32768 are restored exactly. NaN becomes silence.
    """
    # Clip first, because scaling the largest floats would overflow.
    scaled = np.rint(np.clip(samples, -1.0, 1.0) * np.float32(_FULL_SCALE))
    scaled[np.isnan(scaled)] = 0.0
    whole: NDArray[np.int16] = np.minimum(scaled, np.float32(_FULL_SCALE - 1)).astype(np.int16)
    return whole


def as_float(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return int16 samples as float32, full scale 1.0; exact."""
    return samples.astype(np.float32) / np.float32(_FULL_SCALE)
