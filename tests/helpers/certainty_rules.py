"""Choose the bounds for certain drafts from drafts whose editing is known.

All bounds follow from one number, the allowed level of doubt. With so little freedom there is
little to overfit to the speech at hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from granite_live.asr.certainty import CertaintyThresholds, DraftStatistics

SAFE_MARGIN = 2.0
"""Factor between the doubt of the most certain draft that the editor changed and "safe"."""
FAST_COST = 0.001
"""Share of words that "fast" may get wrong in addition."""

# Between two sounds a frame is divided between two classes, however certain the draft is. That is
# ln 2 = 0.69 nats, and every draft has some of it.
_USUAL_MOST, _USUAL_MEAN = 0.7, 0.04
# A draft outside of these bounds is no speech or misses words, at any level.
_BLANKS = (0.4, 0.95)


@dataclass(frozen=True)
class ScoredDraft:
    """One utterance: the certainty of its draft, and the editor's text."""

    table: str
    clip: str
    certainty: DraftStatistics
    draft: str
    final: str

    @property
    def is_changed(self) -> bool:
        """Whether the editor writes another text."""
        return self.draft != self.final

    def text(self, rule: CertaintyThresholds | None) -> str:
        """Return the program's text."""
        return self.draft if self.is_skipped(rule) else self.final

    def is_skipped(self, rule: CertaintyThresholds | None) -> bool:
        """Return whether the editor is skipped; False without a rule."""
        return rule is not None and rule.is_certain(self.certainty)


def rule_at(level: float) -> CertaintyThresholds:
    """Return the bounds that allow this much doubt, in 0..1."""
    return CertaintyThresholds(
        mean_probability=round(1 - level / 3, 4),
        least_probability=round(1 - level, 4),
        mean_entropy=round(_USUAL_MEAN + level / 2, 4),
        most_entropy=round(_USUAL_MOST + level * 2, 4),
        least_blank_share=_BLANKS[0],
        most_blank_share=_BLANKS[1],
    )


def level_of(found: DraftStatistics) -> float:
    """Return the least level at which a draft is certain; infinite if there is none."""
    if not _BLANKS[0] <= found.blank_share <= _BLANKS[1]:
        return math.inf
    return max(
        3 * (1 - found.mean_probability),
        1 - found.least_probability,
        2 * (found.mean_entropy - _USUAL_MEAN),
        (found.most_entropy - _USUAL_MOST) / 2,
        0.0,
    )


def choose_safe(heard: Sequence[ScoredDraft]) -> float:
    """Return half the level of the most certain draft that the editor changed.

    Raises:
        ValueError: The editor changed no draft, so there is no evidence.
    """
    levels = [level_of(one.certainty) for one in heard if one.is_changed]
    if not levels or min(levels) == math.inf:
        raise ValueError("the editor changed no draft: more speech is needed to choose from")
    return min(levels) / SAFE_MARGIN


def choose_fast(
    heard: Sequence[ScoredDraft],
    safe: float,
    errors: Callable[[CertaintyThresholds], int],
    words: int,
) -> float:
    """Return the greatest level up to which skipping costs no more than `FAST_COST`.

    Args:
        heard: The drafts.
        safe: The level to start at; the result is at least twice as much.
        errors: Counts the wrong words of all texts under a rule.
        words: The number of reference words.
    """
    best = SAFE_MARGIN * safe
    least = errors(rule_at(0.0))
    levels = sorted({level_of(one.certainty) for one in heard if level_of(one.certainty) < 1})
    for level in levels:
        if errors(rule_at(level)) - least > FAST_COST * words:
            break
        best = max(best, level)
    return best


def as_toml(safe: float, fast: float, chosen_from: str) -> str:
    """Return the contents of `certain_drafts.toml`."""
    lines = [
        "# From when on a draft is so certain that the editor is not asked; see certainty.py.",
        "# Written by benchmarks/bench_certain.py --choose --write.",
        f"# Chosen from {chosen_from}.",
    ]
    for name, level in (("safe", safe), ("fast", fast)):
        lines += ["", f"[{name}]", f"# level {level:.4f}"]
        lines += [f"{key} = {value}" for key, value in asdict(rule_at(level)).items()]
    return "\n".join(lines) + "\n"
