"""How sure the encoder is of a draft, and from when on the editor need not read it.

The rules' numbers are data, `certain_drafts.toml`; `benchmarks/bench_certain.py` chose them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from granite_live.speech.ctc import CtcTokens
from granite_live.speech.scores import Scores, entropies

_RULES = "certain_drafts.toml"


@dataclass(frozen=True, slots=True)
class Certainty:
    """What a draft's classes say of it. Probabilities are in 0..1, entropies in nats.

    Probabilities are those of the tokens, so of what was heard; entropies are those of all
    frames, so they also tell of a word that was nearly heard. `blank_share` is the share of frames
    without a token. What is not a number makes no draft certain.
    """

    mean_probability: float
    least_probability: float
    mean_entropy: float
    most_entropy: float
    blank_share: float


@dataclass(frozen=True, slots=True)
class Rule:
    """The bounds within which a draft is certain. See `Certainty` for the names."""

    mean_probability: float
    least_probability: float
    mean_entropy: float
    most_entropy: float
    least_blank_share: float
    most_blank_share: float

    def may_hold(self, tokens: CtcTokens) -> bool:
        """Say whether the tokens alone allow it; that spares asking for the rest of the scores."""
        likely = tokens.probabilities
        return (
            len(likely) > 0
            and float(likely.min()) >= self.least_probability
            and float(likely.mean()) >= self.mean_probability
        )

    def holds(self, found: Certainty) -> bool:
        """Say whether the editor need not read a draft like this."""
        return (
            found.mean_probability >= self.mean_probability
            and found.least_probability >= self.least_probability
            and found.mean_entropy <= self.mean_entropy
            and found.most_entropy <= self.most_entropy
            and self.least_blank_share <= found.blank_share <= self.most_blank_share
        )


def rule_for(skip_editor: str) -> Rule | None:
    """Return the rule for "safe" or "fast", None for "off".

    Raises:
        ValueError: It is none of these.
    """
    if skip_editor == "off":
        return None
    rules = tomllib.loads(files("granite_live.speech").joinpath(_RULES).read_text("utf-8"))
    if skip_editor not in rules:
        raise ValueError(f"skip_editor is {skip_editor!r}, it must be 'off', 'safe' or 'fast'")
    return Rule(**rules[skip_editor])


def certainty(scores: Scores, mask: NDArray[Any], tokens: CtcTokens) -> Certainty:
    """Return how sure the encoder is of `tokens`, which `ctc.decode` made of the same scores.

    Args:
        scores: Of all frames.
        mask: Which frames are real, bool or float [shape=(frames,)].
        tokens: At least one.
    """
    frames = np.flatnonzero(np.asarray(mask) > 0)
    unsure = entropies(scores, frames)
    spoken = int((tokens.end_frames - tokens.start_frames).sum())
    return Certainty(
        mean_probability=float(tokens.probabilities.mean()),
        least_probability=float(tokens.probabilities.min()),
        mean_entropy=float(unsure.mean()),
        most_entropy=float(unsure.max()),
        blank_share=1.0 - spoken / len(frames),
    )
