"""The interface of voice activity detectors, and the choice of one by name."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.util.errors import GraniteError

SAMPLE_RATE_HZ = 16000
DEFAULT_DETECTOR = "silero"
DETECTORS = ("silero", "webrtc")


class DetectorError(GraniteError):
    """A voice detector is unknown or cannot be loaded on this computer."""


class Detector(Protocol):
    """Estimates for each frame of a stream whether it is speech. Not thread-safe."""

    @property
    def frame_samples(self) -> int:
        """Samples per frame at 16 kHz; a multiple of 4."""

    def probability(self, frame: NDArray[np.float32]) -> float:
        """Return the probability that the next frame of the stream is speech, 0..1.

        Args:
            frame: Samples at 16 kHz, -1..1 [shape=(frame_samples,)]. Neither kept nor changed.
        """

    def reset(self) -> None:
        """Reset the state: the next frame does not follow the last one."""


def make_detector(name: str = DEFAULT_DETECTOR) -> Detector:
    """Return a new detector, one of `DETECTORS`.

    Raises:
        DetectorError: The name is unknown, or the library is not installed.
    """
    if name == "silero":
        from granite_live.vad.silero import SileroDetector

        return SileroDetector()
    if name == "webrtc":
        from granite_live.vad.webrtc import WebRtcDetector

        return WebRtcDetector()
    known = ", ".join(DETECTORS)
    msg = f"There is no voice detector {name!r}: choose one of {known}."
    raise DetectorError(msg)
