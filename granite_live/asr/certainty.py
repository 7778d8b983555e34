"""Decide when a draft is certain, so that the editor can be skipped.

The thresholds are in `certain_drafts.toml`; `benchmarks/bench_certain.py` chose them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.ctc import CtcTokens, Scores, entropies

_RULES = "certain_drafts.toml"


@dataclass(frozen=True, slots=True)
class DraftStatistics:
    """Statistics of a draft's scores. Probabilities are in 0..1, entropies in nats.

    Probabilities are taken over the draft's tokens, entropies over all frames, so that entropies
    also show a word that was almost recognized. `blank_share` is the share of frames without a
    token. A NaN makes no draft certain.
    """

    mean_probability: float
    least_probability: float
    mean_entropy: float
    most_entropy: float
    blank_share: float


@dataclass(frozen=True, slots=True)
class CertaintyThresholds:
    """The thresholds within which a draft is certain, named as in `DraftStatistics`."""

    mean_probability: float
    least_probability: float
    mean_entropy: float
    most_entropy: float
    least_blank_share: float
    most_blank_share: float

    def tokens_pass(self, tokens: CtcTokens) -> bool:
        """Return whether the tokens alone allow the rule, before the other scores are computed."""
        likely = tokens.probabilities
        return (
            len(likely) > 0
            and float(likely.min()) >= self.least_probability
            and float(likely.mean()) >= self.mean_probability
        )

    def is_certain(self, statistics: DraftStatistics) -> bool:
        """Return whether the editor can skip a draft with these statistics."""
        return (
            statistics.mean_probability >= self.mean_probability
            and statistics.least_probability >= self.least_probability
            and statistics.mean_entropy <= self.mean_entropy
            and statistics.most_entropy <= self.most_entropy
            and self.least_blank_share <= statistics.blank_share <= self.most_blank_share
        )


def load_thresholds(skip_editor: str) -> CertaintyThresholds | None:
    """Return the rule for "safe" or "fast", None for "off".

    Raises:
        ValueError: `skip_editor` is none of these.
    """
    if skip_editor == "off":
        return None
    rules = tomllib.loads(files("granite_live.asr").joinpath(_RULES).read_text("utf-8"))
    if skip_editor not in rules:
        raise ValueError(f"skip_editor is {skip_editor!r}, it must be 'off', 'safe' or 'fast'")
    return CertaintyThresholds(**rules[skip_editor])


def draft_statistics(scores: Scores, mask: NDArray[Any], tokens: CtcTokens) -> DraftStatistics:
    """Return the statistics of the draft `tokens`, which `ctc.decode` made from the same scores.

    Args:
        scores: Of all frames.
        mask: Nonzero for valid frames, bool or float [shape=(frames,)].
        tokens: At least one.
    """
    frames = np.flatnonzero(np.asarray(mask) > 0)
    unsure = entropies(scores, frames)
    spoken = int((tokens.end_frames - tokens.start_frames).sum())
    return DraftStatistics(
        mean_probability=float(tokens.probabilities.mean()),
        least_probability=float(tokens.probabilities.min()),
        mean_entropy=float(unsure.mean()),
        most_entropy=float(unsure.max()),
        blank_share=1.0 - spoken / len(frames),
    )
