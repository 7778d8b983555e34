"""WebRTC's voice activity detector: tiny and fast, for clean audio only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.vad.detector import SAMPLE_RATE_HZ, DetectorError

# 30 ms, the longest supported frame.
_FRAME_SAMPLES = 480
# 2 of 0..3: with 3 less noise keeps an utterance open, but half of soft speech is lost.
_AGGRESSIVENESS = 2
# It votes yes or no; the share of yes among recent votes is a probability with hysteresis.
_VOTES = 5


class WebRtcDetector:
    """A `Detector`: the share of speech among WebRTC's last votes."""

    def __init__(self, aggressiveness: int = _AGGRESSIVENESS) -> None:
        """Load the library. `aggressiveness` is 0 (misses the least speech) to 3."""
        try:
            import webrtcvad
        except ImportError as error:
            msg = f"The voice detector 'webrtc' cannot be loaded ({error}): use another one."
            raise DetectorError(msg) from error
        untyped: Any = webrtcvad
        self._make: Callable[[], Any] = lambda: untyped.Vad(aggressiveness)
        self._vad = self._make()
        self._votes: deque[bool] = deque(maxlen=_VOTES)

    @property
    def frame_samples(self) -> int:
        """480 samples, 30 ms."""
        return _FRAME_SAMPLES

    def probability(self, frame: NDArray[np.float32]) -> float:
        """Return the share of speech among the last five votes, including this frame."""
        pcm = (np.clip(frame, -1.0, 1.0) * 32767.0).astype(np.int16).tobytes()
        self._votes.append(self._vad.is_speech(pcm, SAMPLE_RATE_HZ))
        return sum(self._votes) / _VOTES

    def reset(self) -> None:
        """Reset the votes and the noise estimate."""
        self._vad = self._make()
        self._votes.clear()
