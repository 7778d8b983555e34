"""Voice-activity detectors: the protocol, Silero's network and the WebRTC project's detector."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.messages.settings import VadMessage
from granite_live.util.errors import GraniteError
from granite_live.util.paths import assets_dir
from granite_live.vad.silero import FRAME_SAMPLES, SileroNetwork

SAMPLE_RATE_HZ = 16000
DEFAULT_DETECTOR = "silero"
DETECTORS = ("silero", "webrtc")


class DetectorError(GraniteError):
    """A voice detector is unknown or cannot be loaded on this computer."""


class VoiceDetector(Protocol):
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


def make_detector(name: str = DEFAULT_DETECTOR) -> VoiceDetector:
    """Return a new detector, one of `DETECTORS`.

    Raises:
        DetectorError: The name is unknown, or the library is not installed.
    """
    if name == "silero":
        return SileroDetector()
    if name == "webrtc":
        return WebRtcDetector()
    known = ", ".join(DETECTORS)
    msg = VadMessage.UNKNOWN(name=name, known=known)
    raise DetectorError(msg)


class SileroDetector:
    """A `VoiceDetector`: Silero VAD 6.2."""

    def __init__(self) -> None:
        """Read the network's weights, which takes some milliseconds and 3 MB.

        Raises:
            FileNotFoundError: The installation is incomplete.
        """
        self._network = SileroNetwork(assets_dir() / "voice-detector" / "silero.npz")

    @property
    def frame_samples(self) -> int:
        """512 samples, 32 ms, the only length that the network accepts."""
        return FRAME_SAMPLES

    def probability(self, frame: NDArray[np.float32]) -> float:
        """Return the network's output for the next frame."""
        return self._network.probability(frame)

    def reset(self) -> None:
        """Reset the network's state."""
        self._network.reset()


# 30 ms, the longest supported frame.
_WEBRTC_FRAME_SAMPLES = 480
# 2 of 0..3: with 3 less noise keeps an utterance open, but half of soft speech is lost.
_AGGRESSIVENESS = 2
# It votes yes or no; the share of yes among recent votes is a probability with hysteresis.
_VOTES = 5


class WebRtcDetector:
    """A `VoiceDetector`: the share of speech among WebRTC's last votes."""

    def __init__(self) -> None:
        try:
            import webrtcvad
        except ImportError as error:
            msg = VadMessage.WEBRTC_UNLOADABLE(reason=error)
            raise DetectorError(msg) from error
        untyped: Any = webrtcvad
        self._make: Callable[[], Any] = lambda: untyped.Vad(_AGGRESSIVENESS)
        self._vad = self._make()
        self._votes: deque[bool] = deque(maxlen=_VOTES)

    @property
    def frame_samples(self) -> int:
        """480 samples, 30 ms."""
        return _WEBRTC_FRAME_SAMPLES

    def probability(self, frame: NDArray[np.float32]) -> float:
        """Return the share of speech among the last five votes, including this frame."""
        pcm = (np.clip(frame, -1.0, 1.0) * 32767.0).astype(np.int16).tobytes()
        self._votes.append(self._vad.is_speech(pcm, SAMPLE_RATE_HZ))
        return sum(self._votes) / _VOTES

    def reset(self) -> None:
        """Reset the votes and the noise estimate."""
        self._vad = self._make()
        self._votes.clear()
