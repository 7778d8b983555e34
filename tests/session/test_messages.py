"""Messages survive the pipe unchanged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.messages import Message
from granite_live.messages.session import WorkerMessage
from granite_live.session.messages import (
    BatchItem,
    Heartbeat,
    ModelLoaded,
    ModelSpec,
    PipeMessage,
    StopWorker,
    TaskDone,
    TaskFailed,
    TranscriptionTask,
    pack,
    unpack,
)
from granite_live.transcript.model import ModelInfo, Timing, Transcript, Word

TRANSCRIPT = Transcript(
    0.0,
    2.5,
    "naïve\ncafé",
    (1, 2),
    (Word("naïve", 0.1, 0.2, 0.5, "naive"), Word("café", 0.3, 0.4, 1.0)),
    0.75,
    "naive café",
    (3,),
    Timing(0.1, 0.2, 0.3, 0.7),
    editor_skipped=True,
)


@pytest.mark.parametrize(
    "message",
    [
        ModelSpec("/tmp/bündle", "int8", "cpu", 2, "prepared", "fast"),
        StopWorker(),
        Heartbeat(),
        ModelLoaded(
            ModelInfo("/p", "int8", {"encoder": "CPU"}, 0, 1, is_demo=True), ("note",), 2, 0.5
        ),
        ModelLoaded(ModelInfo("/p", "fp16w", {"encoder": "CUDA"}, 0, 1), (), 2, 0.5, 240.0),
        TaskDone(7, TRANSCRIPT, 0.25),
        TaskFailed(None, "no memory"),
        TaskFailed(3, "two\nlines"),
    ],
)
def test_there_and_back(message: PipeMessage) -> None:
    assert unpack(pack(message)) == message


@given(st.lists(st.integers(-32768, 32767), max_size=200))
def test_samples_travel_bit_for_bit(values: list[int]) -> None:
    found = unpack(pack(TranscriptionTask(3, "final", 9, np.array(values, np.int16))))
    assert isinstance(found, TranscriptionTask)
    assert (found.number, found.kind, found.utterance) == (3, "final", 9)
    assert found.samples.dtype == np.int16
    assert found.samples.tolist() == values


@pytest.mark.parametrize("data", [b"", b"[]\n", b'["Nothing", {}]\n', b"\xff\n", b'["Done", {}]\n'])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own errors are among them
        unpack(data)


@given(st.lists(st.lists(st.integers(-32768, 32767), max_size=50), max_size=5))
def test_company_travels_with_its_task(sounds: list[list[int]]) -> None:
    company = tuple(BatchItem(k, np.array(one, np.int16)) for k, one in enumerate(sounds))
    found = unpack(pack(TranscriptionTask(3, "final", 9, np.array([7, 8], np.int16), company)))
    assert isinstance(found, TranscriptionTask)
    assert found.samples.tolist() == [7, 8]
    assert [one.utterance for one in found.batch] == list(range(len(sounds)))
    assert [one.samples.tolist() for one in found.batch] == sounds


def test_less_sound_than_was_said_is_no_message() -> None:
    company = (BatchItem(2, np.ones(10, np.int16)),)
    whole = pack(TranscriptionTask(3, "final", 9, np.ones(2, np.int16), company))
    with pytest.raises(ValueError, match="not a message"):
        unpack(whole[:-10])


def test_sentences_for_users_keep_their_codes() -> None:
    failed = TaskFailed(1, WorkerMessage.LOADING_FAILED(reason=WorkerMessage.OUT_OF_MEMORY()))
    reason = unpack(pack(failed)).reason  # type: ignore[union-attr]
    assert isinstance(reason, Message)
    assert reason.code == "worker.loading_failed"
    inner = reason.arguments["reason"]
    assert isinstance(inner, Message)
    assert inner.code == "worker.out_of_memory"
