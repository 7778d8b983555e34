"""Read a microphone's track without the echo of the other track."""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from granite_live.session.sound_reader import ReadSamples
from granite_live.util.errors import GraniteError

_log = logging.getLogger(__name__)

RemoveEcho = Callable[[NDArray[np.int16], NDArray[np.int16], int], NDArray[np.int16]]
"""Returns the last samples of a microphone without the echo of the computer's sound; implemented by
`granite_live.audio.echo.remove_echo`."""

_CONTEXT_SAMPLES = 30 * 16_000


class EchoFreeReader:
    """Reads the microphone's track for the recognizer. The recording keeps the echo.

    Args:
        microphone: Returns samples of the microphone's track.
        system: Returns samples of the other track.
        system_samples: Returns how many samples the other track has.
        remove: Removes the echo.
    """

    def __init__(
        self,
        microphone: ReadSamples,
        system: ReadSamples,
        system_samples: Callable[[], int],
        remove: RemoveEcho,
    ) -> None:
        self._microphone, self._system = microphone, system
        self._system_samples, self._remove = system_samples, remove

    def __call__(self, start: int, stop: int) -> NDArray[np.int16]:
        """Return exactly the samples start..stop [shape=(stop - start,)].

        Raises:
            AudioError: The microphone's track cannot be read.
        """
        first = max(0, min(start, stop - _CONTEXT_SAMPLES))
        available = min(stop, self._system_samples())
        if available <= start:
            return self._microphone(start, stop)
        try:
            system = self._system(first, available)
        except (GraniteError, OSError) as error:
            _log.warning("The echo is not removed, the system's sound is unreadable: %s", error)
            return self._microphone(start, stop)
        system = np.concatenate([system, np.zeros(stop - available, np.int16)])
        return self._remove(self._microphone(first, stop), system, stop - start)
