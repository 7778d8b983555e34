"""A recognizer for the worker that transcribes batches, as on a graphics card.

The CPU stands in for the card; everything else is real.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from granite_live.asr import Recognizer
from granite_live.models.bundle import Form
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import prepare_tier
from granite_live.session.messages import ModelSpec
from granite_live.transcript.model import Transcript
from granite_live.util.paths import data_dir

NOTES = "together.txt"
"""The file in the data folder where it records the batch sizes."""


class NotingRecognizer(Recognizer):
    def transcribe_many(self, waveforms: Sequence[np.ndarray]) -> list[Transcript]:
        with (data_dir() / NOTES).open("a") as file:
            file.write(f"{len(waveforms)}\n")
        return super().transcribe_many(waveforms)


def load(spec: ModelSpec) -> Recognizer:
    bundle = prepare_tier(open_bundle(Path(spec.bundle_path), spec.tier), form=Form.JOINT)
    return NotingRecognizer.load(bundle, "cpu", 1)
