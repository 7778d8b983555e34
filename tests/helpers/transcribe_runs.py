"""Calls of `transcribe_files` with made-up recordings and a fake model."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from granite_live.cli.batch import transcribe_files
from granite_live.cli.stored_settings import TranscribeRequest
from granite_live.cli.terminal import Messages
from granite_live.vad.segmenter import Segmenter
from helpers.model_fakes import FakeRecognizer, all_speech

RATE_HZ = 16_000


class Run:
    """One call of `transcribe_files`: its output, and whether it loaded a model."""

    def __init__(
        self,
        request: TranscribeRequest,
        recognizer: FakeRecognizer | Exception,
        make_segmenter: Callable[[], Segmenter],
    ) -> None:
        self.loads: list[TranscribeRequest] = []
        self._recognizer = recognizer
        out, err = io.StringIO(), io.StringIO()
        self.code = transcribe_files(request, self._load, make_segmenter, out, err)
        self.out, self.err = out.getvalue(), err.getvalue()

    def _load(self, request: TranscribeRequest, notes: Messages) -> FakeRecognizer:
        self.loads.append(request)
        if isinstance(self._recognizer, Exception):
            raise self._recognizer
        return self._recognizer


def run(
    *files: Path | str,
    recognizer: FakeRecognizer | Exception | None = None,
    make_segmenter: Callable[[], Segmenter] = all_speech,
    **options: object,
) -> Run:
    request = replace(TranscribeRequest(files=files), **options)  # type: ignore[arg-type]
    return Run(request, recognizer or FakeRecognizer(), make_segmenter)


def recording(path: Path, seconds: float = 1.0, channels: int = 1, rate_hz: int = RATE_HZ) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        ramp = np.arange(round(seconds * rate_hz) * channels) % 1_000
        file.writeframes(ramp.astype("<i2").tobytes())
    return path
