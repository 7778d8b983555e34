"""Measure how fast a model is on this computer, by a sample of speech."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.util.errors import GraniteError
from granite_live.util.paths import assets_dir

if TYPE_CHECKING:
    from granite_live.models.bundle import Bundle, FrontEnd


_SAMPLE_S = 6.0
_RUNS = 3
_PATIENCE_S = 4.0  # if runs take longer than this together, no further run is timed


class _Transcriber(Protocol):
    """The part of a recognizer that is timed."""

    @property
    def sample_rate_hz(self) -> int: ...

    def transcribe(self, waveform: NDArray[np.floating]) -> object: ...


def measure_speed(
    recognizer: _Transcriber, clock_s: Callable[[], float] = time.perf_counter
) -> float:
    """Return how many seconds of speech a recognizer transcribes in a second.

    The fastest of a few runs counts, because other load only makes runs slower.

    Raises:
        GraniteError: There is no sample of speech, or the model cannot run.
    """
    from granite_live.messages.models import FormMessage

    sounds = speech_sounds(recognizer.sample_rate_hz, _SAMPLE_S)
    if not sounds:
        raise GraniteError(FormMessage.NO_SAMPLE())
    sound = max(sounds, key=len)
    took_s: list[float] = []
    while len(took_s) < _RUNS and sum(took_s) < _PATIENCE_S:
        began_s = clock_s()
        recognizer.transcribe(sound)
        took_s.append(clock_s() - began_s)
    return len(sound) / recognizer.sample_rate_hz / max(min(took_s), 1e-6)


def measure_prepared(prepared: Bundle) -> float:
    """Open a prepared form for this CPU and return its speed, see `measure_speed`.

    Raises:
        GraniteError: It cannot be opened or run.
    """
    from granite_live.asr import Recognizer
    from granite_live.asr.thread_tuning import choose_threads

    with Recognizer.load(prepared, "cpu", choose_threads(prepared).plan) as recognizer:
        return measure_speed(recognizer)


def speed_line(bundle: Bundle, provider: str) -> str:
    """Return how exact and how fast the prepared form of an opened tier is, "" if unknown."""
    from granite_live.asr.providers import first_provider
    from granite_live.models.optimize import describe_speed, find_prepared

    ready = find_prepared(bundle, first_provider(provider, bundle.tier))
    return "" if ready is None else describe_speed(ready)


_LONGEST_S = 8.0


def speech_features(front_end: FrontEnd) -> list[NDArray[np.float32]]:
    """Return features [each shape=(1, T, F)] of the first seconds of each recording.

    A recording that cannot be read is left out.
    """
    from granite_live.asr.features import LogMel

    features = LogMel(front_end)
    return [features(sound) for sound in speech_sounds(front_end.sample_rate_hz)]


def speech_sounds(sample_rate_hz: int, longest_s: float = _LONGEST_S) -> list[NDArray[np.float32]]:
    """Return the first seconds of each recording, mono [each shape=(samples,)].

    A recording that cannot be read is left out.
    """
    from granite_live.audio.files import open_audio

    found = []
    for path in sorted((assets_dir() / "samples").glob("*.flac")):
        try:
            with open_audio(path) as audio:
                sound = np.concatenate(list(audio.blocks(sample_rate_hz)))
        except (GraniteError, OSError) as error:
            logging.getLogger(__name__).warning("%s is not used: %s", path.name, error)
            continue
        found.append(sound[: int(longest_s * sample_rate_hz)])
    return found
