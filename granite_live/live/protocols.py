"""What a session needs of the rooms around it. It is handed implementations, and knows none."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from granite_live.live.messages import ModelSpec
from granite_live.transcript.model import ModelInfo, Transcript


class Recogniser(Protocol):
    """What the worker process runs. `granite_live.speech.Recognizer` is one."""

    threads: int

    @property
    def model_info(self) -> ModelInfo:
        """Which model this is, and where it really runs."""

    @property
    def provider_notes(self) -> tuple[str, ...]:
        """Sentences on fall-backs."""

    def draft(self, waveform: NDArray[np.floating]) -> Any:
        """Run the encoder; the result is for `fits`, `edit` and `unedited` only."""

    def fits(self, draft: Any) -> bool:
        """Say whether the editor can take the draft whole."""

    def edit(self, draft: Any) -> Transcript:
        """Run the editor on a draft."""

    def unedited(self, draft: Any) -> Transcript:
        """Return the draft itself as a transcript."""

    def transcribe(self, waveform: NDArray[np.floating]) -> Transcript:
        """Draft and edit sound of any length."""

    def close(self) -> None:
        """Give the memory back."""


class RecogniserFactory(Protocol):
    """Makes a recogniser inside the worker; named to it as "package.module:function"."""

    def __call__(self, spec: ModelSpec) -> Recogniser:
        """Load the model.

        Raises:
            GraniteError: It cannot be loaded; the message is for the user.
        """
