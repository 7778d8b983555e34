"""What the worker keeps of a draft: it is edited as it is if the sound is the very same."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from fake_recogniser import FakeRecogniser

from granite_live.live import worker
from granite_live.live.messages import ModelSpec, Task
from granite_live.live.scheduler import KEPT_DRAFTS

SOUND = np.repeat(np.array([0, 1000, 0], np.int16), 1600)


class Counting(FakeRecogniser):
    """Counts what is drafted."""

    def __init__(self, folder: Path) -> None:
        super().__init__(ModelSpec(str(folder)))
        self.drafted = 0

    def draft(self, waveform: np.ndarray) -> Any:
        self.drafted += 1
        return super().draft(waveform)


def ask(recogniser: Counting, kept: Any, kind: str, sound: np.ndarray, utterance: int = 1) -> str:
    return str(worker._transcribe(recogniser, Task(1, kind, utterance, sound), kept).text)


def test_the_same_sound_is_only_edited(tmp_path: Path) -> None:
    recogniser, kept = Counting(tmp_path), OrderedDict[int, Any]()
    assert ask(recogniser, kept, "provisional", SOUND) == "w1000"
    assert ask(recogniser, kept, "final", SOUND) == "W1000"
    assert recogniser.drafted == 1
    assert ask(recogniser, kept, "final", SOUND) == "W1000"
    assert recogniser.drafted == 2, "a draft serves once"


def test_other_sound_of_the_utterance_is_drafted_anew(tmp_path: Path) -> None:
    recogniser, kept = Counting(tmp_path), OrderedDict[int, Any]()
    ask(recogniser, kept, "provisional", SOUND)
    longer = np.concatenate([SOUND, np.full(800, 2000, np.int16)])
    assert ask(recogniser, kept, "final", longer) == "W1000 W2000"
    ask(recogniser, kept, "provisional", SOUND)
    nearly = SOUND.copy()
    nearly[-1] = 1
    ask(recogniser, kept, "final", nearly)
    assert recogniser.drafted == 4


def test_the_newest_draft_of_an_utterance_counts(tmp_path: Path) -> None:
    recogniser, kept = Counting(tmp_path), OrderedDict[int, Any]()
    ask(recogniser, kept, "provisional", SOUND[:2400])
    ask(recogniser, kept, "provisional", SOUND)
    assert ask(recogniser, kept, "final", SOUND) == "W1000"
    assert recogniser.drafted == 2


def test_no_more_are_kept_than_agreed(tmp_path: Path) -> None:
    recogniser, kept = Counting(tmp_path), OrderedDict[int, Any]()
    for number in range(KEPT_DRAFTS + 3):
        ask(recogniser, kept, "provisional", SOUND, number)
    assert len(kept) == KEPT_DRAFTS
