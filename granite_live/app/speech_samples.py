"""The recordings that come with the program, for preparing and timing a model."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from granite_live.util.errors import GraniteError
from granite_live.util.paths import assets_dir

if TYPE_CHECKING:
    from granite_live.models.bundle import FrontEnd

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
