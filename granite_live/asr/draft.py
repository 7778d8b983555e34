"""The CTC draft of an utterance, before the editor runs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.certainty import Certainty
from granite_live.asr.ctc import CtcTokens
from granite_live.transcript.model import Timing


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A CTC draft with everything the editor needs, so that the encoder runs only once.

    `frame_s` is the length of a CTC frame in seconds. `audio_rows` are the audio embeddings without
    padding [shape=(audio_length, D)]. `certainty` is None if it was not requested or the tokens
    alone rule it out.
    """

    text: str
    tokens: CtcTokens
    frame_s: float
    duration_s: float
    audio_rows: NDArray[np.float32]
    timing: Timing = field(default_factory=Timing)
    certainty: Certainty | None = None

    @property
    def token_ids(self) -> tuple[int, ...]:
        """The draft's token ids."""
        return self.tokens.ids
