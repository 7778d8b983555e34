"""The draft: what the encoder heard, before the editor has read it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from granite_live.speech.certainty import Certainty
from granite_live.speech.ctc import CtcTokens
from granite_live.transcript.model import Timing


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A CTC draft with all that the editor needs to go on, so that the encoder runs once.

    `frame_s` is the length of a CTC frame in seconds; `audio_rows` are the audio
    embeddings of the valid length, as the graph gave them [shape=(audio_length, D)].
    `certainty` is None where it was not asked for, or its tokens alone are not certain.
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
        """The draft's token ids, as they go into the slots."""
        return self.tokens.ids
