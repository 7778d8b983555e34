"""Voice-activity detectors: the protocol, Silero's network and the WebRTC project's detector."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from granite_live.messages.settings import VadMessage
from granite_live.util.errors import GraniteError
from granite_live.util.paths import assets_dir

Array = NDArray[np.float32]

FRAME_SAMPLES = 512
_CONTEXT_SAMPLES = 64
_SPECTRA, _WINDOW, _HOP = 4, 256, 128
_BINS = _WINDOW // 2 + 1
_STATE = 128
# Of the three weights in time of each convolution, those that ever meet something else than the
# zeros beside the spectra.
_TAPS = (slice(0, 3), slice(0, 3), slice(1, 3), slice(1, 2))


class SileroNetwork:
    """Silero VAD 6.2 at 16 kHz, computed with numpy. Not thread-safe.

    A frame of 32 ms, after the last 4 ms of the one before it, becomes four overlapping spectra.
    Four convolutions over time make one vector of them, an LSTM cell remembers, and a last layer
    scores.
    """

    def __init__(self, weights: Path) -> None:
        """Read the weights, which tools/voice_detector/weights.py wrote.

        Raises:
            OSError: The file cannot be read.
        """
        with np.load(weights) as file:
            read: dict[str, Array] = {name.removeprefix("model."): file[name] for name in file}
        spectrum = read["stft.forward_basis_buffer"][:, 0].T
        self._cosines = np.ascontiguousarray(spectrum[:, :_BINS])
        self._sines = np.ascontiguousarray(spectrum[:, _BINS:])
        convolution = "encoder.{}.reparam_conv.{}"
        self._layers = [
            _Layer(
                read[convolution.format(number, "weight")][:, :, taps],
                read[convolution.format(number, "bias")],
            )
            for number, taps in enumerate(_TAPS)
        ]
        both = (read["decoder.rnn.weight_ih"], read["decoder.rnn.weight_hh"])
        self._gates = np.concatenate(both, axis=1)
        self._gates_bias = read["decoder.rnn.bias_ih"] + read["decoder.rnn.bias_hh"]
        self._last = read["decoder.decoder.2.weight"].reshape(-1)
        self._last_bias = read["decoder.decoder.2.bias"][0]
        self._sound = np.zeros(_CONTEXT_SAMPLES + FRAME_SAMPLES + _CONTEXT_SAMPLES, np.float32)
        self._windows = _overlapping(self._sound, _SPECTRA, _WINDOW, _HOP)
        # Rows of zeros stand where a convolution looks beyond the spectra.
        self._spectra = np.zeros((_SPECTRA + 2, _BINS), np.float32)
        self._hidden = np.zeros((_SPECTRA + 1, _STATE), np.float32)
        self._input_and_output = np.zeros(2 * _STATE, np.float32)
        self._cell = np.zeros(_STATE, np.float32)

    def reset(self) -> None:
        """Forget all frames."""
        for state in (self._sound, self._input_and_output, self._cell):
            state[:] = 0

    def probability(self, frame: Array) -> float:
        """Return the probability of speech in the next frame [shape=(FRAME_SAMPLES,)]."""
        sound = self._sound
        sound[:_CONTEXT_SAMPLES] = sound[FRAME_SAMPLES:-_CONTEXT_SAMPLES]
        sound[_CONTEXT_SAMPLES:-_CONTEXT_SAMPLES] = frame
        sound[-_CONTEXT_SAMPLES:] = sound[-_CONTEXT_SAMPLES - 2 : -2 * _CONTEXT_SAMPLES - 2 : -1]
        real, imaginary = self._windows @ self._cosines, self._windows @ self._sines
        np.sqrt(real * real + imaginary * imaginary, out=self._spectra[1:-1])
        first, second, third, fourth = self._layers
        self._hidden[1:] = first.apply(_overlapping(self._spectra, 4, 3 * _BINS, _BINS))
        pair = second.apply(_overlapping(self._hidden, 2, 3 * _STATE, 2 * _STATE))
        vector = fourth.apply(third.apply(pair.reshape(1, -1)))[0]
        return self._remember(vector)

    def _remember(self, vector: Array) -> float:
        self._input_and_output[:_STATE] = vector
        # einsum, as BLAS would take several threads for a product with a vector.
        gates = np.einsum("ij,j->i", self._gates, self._input_and_output) + self._gates_bias
        let_in, keep, new, let_out = gates.reshape(4, _STATE)
        self._cell *= _sigmoid(keep)
        self._cell += _sigmoid(let_in) * np.tanh(new)
        output = _sigmoid(let_out) * np.tanh(self._cell)
        self._input_and_output[_STATE:] = output
        return float(_sigmoid(np.maximum(output, 0) @ self._last + self._last_bias))


class _Layer:
    """A convolution over time and the cut below zero."""

    def __init__(self, weights: Array, bias: Array) -> None:
        in_rows = weights.transpose(2, 1, 0).reshape(-1, len(bias))
        self._weights, self._bias = np.ascontiguousarray(in_rows), bias

    def apply(self, rows: Array) -> Array:
        """Return the outputs [shape=(places, outputs)] of what lies under each place [rows]."""
        result: Array = rows @ self._weights
        result += self._bias
        np.maximum(result, 0, out=result)
        return result


def _overlapping(values: Array, rows: int, width: int, step: int) -> Array:
    """Return a view of rows that begin `step` numbers after each other."""
    return as_strided(values, (rows, width), (step * values.itemsize, values.itemsize))


def _sigmoid(values: Array) -> Array:
    result: Array = np.float32(0.5) * np.tanh(np.float32(0.5) * values) + np.float32(0.5)
    return result


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


def make_detector(name: str) -> VoiceDetector:
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
