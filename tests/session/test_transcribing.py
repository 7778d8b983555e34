"""The worker's cached drafts and transcripts serve identical samples only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.scripted_recognizers import FAIL, ScriptedRecognizer

from granite_live.session.messages import BatchItem, ModelSpec, TranscriptionTask
from granite_live.session.scheduler import MAX_KEPT_DRAFTS
from granite_live.session.worker import TaskExecutor
from granite_live.transcript.model import Transcript
from granite_live.util.errors import GraniteError

SOUND = np.repeat(np.array([0, 1000, 0], np.int16), 1600)


class Counting(ScriptedRecognizer):
    """Counts the drafts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(ModelSpec(str(folder)))
        self.drafted = 0
        self.together: list[int] = []

    def transcribe_many(self, waveforms: Sequence[np.ndarray]) -> list[Transcript]:
        self.together.append(len(waveforms))
        return super().transcribe_many(waveforms)

    def draft(self, waveform: np.ndarray) -> Any:
        self.drafted += 1
        return super().draft(waveform)


def ask(work: TaskExecutor, kind: str, sound: np.ndarray, utterance: int = 1) -> str:
    return str(work.execute(TranscriptionTask(1, kind, utterance, sound)).text)


def test_the_same_sound_is_only_edited(tmp_path: Path) -> None:
    recognizer = Counting(tmp_path)
    work = TaskExecutor(recognizer)
    assert ask(work, "provisional", SOUND) == "w1000"
    assert ask(work, "final", SOUND) == "W1000"
    assert recognizer.drafted == 1
    assert ask(work, "final", SOUND) == "W1000"
    assert recognizer.drafted == 2, "a draft serves once"


def test_other_sound_of_the_utterance_is_drafted_anew(tmp_path: Path) -> None:
    recognizer = Counting(tmp_path)
    work = TaskExecutor(recognizer)
    ask(work, "provisional", SOUND)
    longer = np.concatenate([SOUND, np.full(800, 2000, np.int16)])
    assert ask(work, "final", longer) == "W1000 W2000"
    ask(work, "provisional", SOUND)
    nearly = SOUND.copy()
    nearly[-1] = 1
    ask(work, "final", nearly)
    assert recognizer.drafted == 4


def test_the_newest_draft_of_an_utterance_counts(tmp_path: Path) -> None:
    recognizer = Counting(tmp_path)
    work = TaskExecutor(recognizer)
    ask(work, "provisional", SOUND[:2400])
    ask(work, "provisional", SOUND)
    assert ask(work, "final", SOUND) == "W1000"
    assert recognizer.drafted == 2


def test_no_more_are_kept_than_agreed(tmp_path: Path) -> None:
    recognizer = Counting(tmp_path)
    work = TaskExecutor(recognizer)
    for number in range(MAX_KEPT_DRAFTS + 3):
        ask(work, "provisional", SOUND, number)
    assert recognizer.drafted == MAX_KEPT_DRAFTS + 3
    ask(work, "final", SOUND, MAX_KEPT_DRAFTS + 2)
    assert recognizer.drafted == MAX_KEPT_DRAFTS + 3  # the newest are kept
    ask(work, "final", SOUND, 2)
    assert recognizer.drafted == MAX_KEPT_DRAFTS + 4  # the oldest are not


def spoken(*numbers: int) -> np.ndarray:
    return np.concatenate([np.array([0] * 400 + [n] * 1600, np.int16) for n in numbers])


def task(utterance: int, *batch: int, sound: np.ndarray | None = None) -> TranscriptionTask:
    """A final whose word is 1000 times its number, with a batch of others like it."""
    others = tuple(BatchItem(one, spoken(1000 * one)) for one in batch)
    return TranscriptionTask(
        1, "final", utterance, spoken(1000 * utterance) if sound is None else sound, others
    )


def test_company_is_transcribed_at_once_and_ready_when_asked_for(tmp_path: Path) -> None:
    recognizer = Counting(tmp_path)
    work = TaskExecutor(recognizer)
    assert work.execute(task(1, 2, 3)).text == "W1000"
    assert recognizer.together == [3]
    assert work.execute(task(2)).text == "W2000"
    assert work.execute(task(3)).text == "W3000"
    assert recognizer.drafted == 3
    assert work.execute(task(3)).text == "W3000"
    assert recognizer.drafted == 4, "a transcript serves once"


def test_what_was_said_meanwhile_is_transcribed_anew(tmp_path: Path) -> None:
    recognizer = Counting(tmp_path)
    work = TaskExecutor(recognizer)
    work.execute(task(1, 2))
    assert work.execute(task(2, sound=spoken(2000, 2500))).text == "W2000 W2500"
    assert recognizer.drafted == 3


def test_who_fails_in_company_fails_alone_and_nobody_else(tmp_path: Path) -> None:
    recognizer = Counting(tmp_path)
    work = TaskExecutor(recognizer)
    bad = BatchItem(2, np.full(400, FAIL, np.int16))
    assert work.execute(TranscriptionTask(1, "final", 1, spoken(1000), (bad,))).text == "W1000"
    with pytest.raises(GraniteError, match="cannot be heard"):
        work.execute(TranscriptionTask(2, "final", 2, bad.samples))


def test_a_draft_that_was_kept_is_edited_before_others_are_asked(tmp_path: Path) -> None:
    recognizer = Counting(tmp_path)
    work = TaskExecutor(recognizer)
    work.execute(TranscriptionTask(1, "provisional", 1, spoken(1000)))
    assert work.execute(task(1, 2)).text == "W1000"
    assert recognizer.together == []
    assert work.execute(task(2)).text == "W2000"
