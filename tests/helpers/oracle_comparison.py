"""Compare a recognizer with the oracle: which stages differ for which input."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from granite_live.asr import Recognizer
from helpers.oracle import Oracle, OracleResult, features_of
from helpers.synthetic_sounds import RATE_HZ, late_click, made_up_sound

FEATURE_TOLERANCE = 1e-4
"""The tolerance of the published contract; `test_published_sequence` is stricter."""

EMBEDDING_TOLERANCE = 1e-5


@dataclass(frozen=True)
class SyntheticSound:
    """A named test input: its length in samples and its seed."""

    name: str
    samples: int
    seed: int

    @property
    def waveform(self) -> np.ndarray:
        """float32 [samples], read-only."""
        return _waveform(self)


@cache
def _waveform(sound: SyntheticSound) -> np.ndarray:
    make = late_click if sound.name == "late click" else made_up_sound
    made = make(sound.samples, sound.seed)
    made.flags.writeable = False
    return made


SOUNDS = (
    SyntheticSound("0.3 s", 4_800, 0),
    SyntheticSound("one token", 10_001, 1),
    SyntheticSound("late click", 2 * RATE_HZ + 300, 9),
    SyntheticSound("odd length", 33_333, 2),
    SyntheticSound("3 s", 48_000, 26),
    SyntheticSound("5 s and a little", 80_319, 4),
    SyntheticSound("8.43 s", 134_880, 5),
    SyntheticSound("12 s", 192_000, 6),
)


@cache
def oracle_of(bundle: Path, tier: str) -> Oracle:
    return Oracle(bundle, tier)


@cache
def expected_features(sound: SyntheticSound) -> np.ndarray:
    """Return the features of the oracle's front end, which is slow and the same for each tier."""
    return features_of(sound.waveform)


@cache
def expected(bundle: Path, tier: str, sound: SyntheticSound) -> OracleResult:
    """Return the oracle's result, computed once per test run."""
    features = expected_features(sound)
    return oracle_of(bundle, tier).transcribe(sound.waveform, features=features)


def differences(
    recognizer: Recognizer, bundle: Path, tier: str, sounds: Iterable[SyntheticSound] = SOUNDS
) -> dict[str, list[str]]:
    """Return stage -> inputs for which the recognizer's result differs from the oracle's.

    Stages: "features", "draft ids", "audio rows", "final ids", "draft text", "text".
    """
    found: dict[str, list[str]] = {}
    for sound in sounds:
        want = expected(bundle, tier, sound)
        features = recognizer._features(sound.waveform)
        draft = recognizer.draft(sound.waveform)
        transcript = recognizer.edit(draft)
        rows = want.audio_embeds[0, : want.audio_length]
        same = {
            "features": _close(features, want.features, FEATURE_TOLERANCE),
            "draft ids": draft.token_ids == transcript.draft_token_ids == want.draft_ids,
            "audio rows": _close(draft.audio_rows, rows, EMBEDDING_TOLERANCE * np.abs(rows).max()),
            "final ids": transcript.token_ids == want.final_ids,
            "draft text": draft.text == transcript.draft_text == want.draft_text.strip(),
            "text": transcript.text == want.text.strip(),
        }
        for stage, equal in same.items():
            if not equal:
                found.setdefault(stage, []).append(sound.name)
    return found


def _close(left: np.ndarray, right: np.ndarray, tolerance: float) -> bool:
    return left.shape == right.shape and bool((np.abs(left - right) <= tolerance).all())
