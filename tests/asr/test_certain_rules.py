"""How the bounds for certain drafts are chosen: by what the editor changed, with a margin."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace

import pytest
from helpers.certainty_rules import (
    FAST_COST,
    SAFE_MARGIN,
    ScoredDraft,
    as_toml,
    choose_fast,
    choose_safe,
    level_of,
    rule_at,
)
from hypothesis import given
from hypothesis import strategies as st

from granite_live.asr.certainty import CertaintyThresholds, DraftStatistics

GOOD = DraftStatistics(1.0, 1.0, 0.0, 0.0, 0.75)


def heard(level: float, *, changed: bool) -> ScoredDraft:
    sure = replace(GOOD, least_probability=1 - level)
    return ScoredDraft("t", "c", sure, "a draft", "an edit" if changed else "a draft")


shares = st.floats(0.0, 1.0)


@given(
    st.builds(DraftStatistics, shares, shares, st.floats(0.0, 9.0), st.floats(0.0, 9.0), shares),
    shares,
)
def test_a_rule_holds_from_a_drafts_own_level_on(found: DraftStatistics, level: float) -> None:
    own = level_of(found)
    if abs(own - level) > 0.001:  # bounds are rounded
        assert rule_at(level).is_certain(found) == (own <= level)


def test_odd_shares_of_blanks_are_never_certain() -> None:
    for share in (0.0, 0.39, 0.96, 1.0):
        assert level_of(replace(GOOD, blank_share=share)) == math.inf
        assert not rule_at(1.0).is_certain(replace(GOOD, blank_share=share))


def test_safe_keeps_away_from_what_was_changed() -> None:
    known = [heard(0.01, changed=False), heard(0.2, changed=True), heard(0.3, changed=True)]
    assert choose_safe(known) == pytest.approx(0.2 / SAFE_MARGIN)


def test_safe_cannot_be_chosen_where_nothing_was_changed() -> None:
    with pytest.raises(ValueError, match="more speech is needed"):
        choose_safe([heard(0.1, changed=False)])


def test_fast_goes_as_far_as_it_may_cost() -> None:
    known = [heard(level / 100, changed=level % 10 == 0) for level in range(5, 60)]
    words = 2000

    def errors(rule: CertaintyThresholds) -> int:
        return sum(one.is_skipped(rule) and one.is_changed for one in known)

    assert FAST_COST * words == 2
    # Changed are those at 0.1, 0.2, 0.3: the third would be one too many.
    assert choose_fast(known, 0.05, errors, words) == pytest.approx(0.29)


def test_what_is_written_is_what_is_read() -> None:
    rules = tomllib.loads(as_toml(0.02, 0.3, "nothing"))
    assert CertaintyThresholds(**rules["safe"]) == rule_at(0.02)
    assert CertaintyThresholds(**rules["fast"]) == rule_at(0.3)
