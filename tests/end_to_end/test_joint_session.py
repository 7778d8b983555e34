"""A session whose worker takes several utterances at once writes what one after another writes."""

from __future__ import annotations

import queue
from pathlib import Path

import numpy as np
import pytest
from helpers import batch_recognizer

from granite_live.app import factory
from granite_live.asr import Recognizer
from granite_live.audio.file_source import FileSource
from granite_live.audio.files import read_audio
from granite_live.audio.journal import Journal
from granite_live.models.opening import open_bundle
from granite_live.session import events
from granite_live.session.messages import ModelSpec
from granite_live.util.paths import assets_dir, data_dir
from granite_live.util.pcm import to_float32, to_int16
from granite_live.vad.segmenter import segment_stream

RATE = 16_000
SAMPLE = assets_dir() / "samples" / "conversation.flac"


def test_a_file_at_full_speed(
    bundle_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(factory, "RECOGNIZER_FACTORY", "helpers.batch_recognizer:load")
    told: queue.SimpleQueue[events.SessionEvent] = queue.SimpleQueue()
    session = factory.make_session(
        FileSource(SAMPLE),
        ModelSpec(str(bundle_dir), "fp32", "cpu"),
        Journal.create(tmp_path),
        told.put,
    )
    session.start()
    session.join()
    heard = [told.get() for _ in range(told.qsize())]
    finals = [event for event in heard if isinstance(event, events.FinalText)]
    together = [int(line) for line in (data_dir() / batch_recognizer.NOTES).read_text().split()]
    assert max(together) > 1  # loading takes longer than finding the utterances

    sound = to_int16(read_audio(SAMPLE, RATE))
    blocks = (sound[at : at + RATE] for at in range(0, len(sound), RATE))
    with Recognizer.load(open_bundle(bundle_dir, "fp32"), "cpu", 1) as published:
        wanted = [
            (one.start_sample, published.transcribe(to_float32(one.samples)))
            for one in segment_stream(blocks, factory.make_segmenter())
        ]
    assert len(finals) == len(wanted) > 3
    for number, (event, (start_sample, transcript)) in enumerate(
        zip(finals, wanted, strict=True), 1
    ):
        assert event.utterance == number
        assert event.start_s == pytest.approx(start_sample / RATE)
        assert event.text == transcript.text
        words = [(word.text, word.start_s + start_sample / RATE) for word in transcript.words]
        assert [word.text for word in event.words] == [text for text, _ in words]
        np.testing.assert_allclose([w.start_s for w in event.words], [s for _, s in words])
    assert any(event.text for event in finals)
