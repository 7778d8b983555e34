"""A recognizer whose model runs in a supervised worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.synthetic_sounds import made_up_sound

from granite_live.app.worker_recognizer import WorkerRecognizer
from granite_live.asr import Recognizer
from granite_live.session.messages import ModelSpec
from granite_live.util.errors import ProviderError
from granite_live.util.pcm import to_float32, to_int16


def test_texts_equal_those_of_the_recognizer_in_this_process(
    bundle_dir: Path, load_recognizer: Callable[[Path, str], Recognizer]
) -> None:
    sounds = [
        to_float32(to_int16(made_up_sound(16_000 * n, seed=n).astype(np.float32))) for n in (1, 2)
    ]
    wanted = load_recognizer(bundle_dir, "int8").transcribe_many(sounds)
    with WorkerRecognizer(ModelSpec(str(bundle_dir), "int8", "cpu", 1)) as recognizer:
        found = recognizer.transcribe_many(sounds)
        assert recognizer.model_info.tier == "int8"
        pid = recognizer.worker_pid
        os.kill(pid, signal.SIGKILL)
        again = recognizer.transcribe_many(sounds)
        assert recognizer.worker_pid not in (0, pid)
    assert [one.token_ids for one in found] == [one.token_ids for one in wanted]
    assert [one.token_ids for one in again] == [one.token_ids for one in wanted]
    with pytest.raises(ProviderError, match="closing"):
        recognizer.transcribe_many(sounds)


def test_a_model_that_cannot_be_loaded_is_reported(tmp_path: Path) -> None:
    with WorkerRecognizer(ModelSpec(str(tmp_path / "missing"), "int8", "cpu")) as recognizer:
        with pytest.raises(ProviderError):
            recognizer.transcribe_many([np.zeros(1600, np.float32)])
        with pytest.raises(ProviderError):
            _ = recognizer.model_info
        assert recognizer.failure
