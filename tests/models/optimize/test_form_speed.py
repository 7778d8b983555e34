"""The choice of the form with row scales: the most exact one that is quick enough here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.prepared_recognizers import PutPrepared

from granite_live.messages.models import FormMessage
from granite_live.models.bundle import Bundle, Form
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import (
    describe_speed,
    find_prepared,
    form_speed,
    note_speed,
    prepare_tier,
)
from granite_live.models.optimize.form_speed import QUICK_ENOUGH, choose_row_scales

ONE, TWO = Form.ROW_SCALED, Form.TWO_TERMS


@pytest.mark.parametrize(
    ("speeds", "chosen"),
    [
        ({}, ONE),
        ({ONE: QUICK_ENOUGH}, ONE),
        ({ONE: 2 * QUICK_ENOUGH}, TWO),  # to be tried: it takes twice the time at most
        ({ONE: 2 * QUICK_ENOUGH, TWO: 0.9 * QUICK_ENOUGH}, ONE),
        ({ONE: 1.0, TWO: QUICK_ENOUGH}, TWO),
    ],
)
def test_the_most_exact_form_that_is_quick_enough_is_chosen(
    speeds: dict[Form, float], chosen: Form
) -> None:
    assert choose_row_scales(speeds) is chosen


@pytest.fixture
def bundle(bundle_dir: Path, put_prepared: PutPrepared) -> Bundle:
    """A bundle whose tier is prepared, not measured."""
    return open_bundle(bundle_dir, put_prepared("int8").tier)


def _speeds(one: float, two: float, asked: list[Form]) -> Callable[[Bundle], float]:
    """Return a measurement with these results, which notes what it measures."""

    def measure(prepared: Bundle) -> float:
        asked.append(prepared.form)
        return {ONE: one, TWO: two}[prepared.form]

    return measure


def test_each_form_is_measured_once_until_the_machine_changes(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Form] = []
    made = prepare_tier(bundle, measure=_speeds(one=9.0, two=4.0, asked=asked))
    assert made.form is TWO
    assert asked == [ONE, TWO]
    assert shows(describe_speed(made), FormMessage.FASTER, times=4.0)
    assert str(describe_speed(made)).startswith("Most accurate (8-bit), 4x faster than speech")
    prepare_tier(bundle, measure=_speeds(one=1.0, two=1.0, asked=asked))
    assert asked == [ONE, TWO]  # both are known

    # With fewer cores the figures do not hold: the quick form is used until it is measured.
    monkeypatch.setattr(form_speed, "physical_core_count", lambda: 99)
    found = find_prepared(bundle)
    assert found is not None
    assert found.form is ONE
    assert found.speed is None
    assert describe_speed(found) == ""
    again = prepare_tier(bundle, measure=_speeds(one=0.5, two=0.3, asked=asked))
    assert again.form is ONE
    assert asked == [ONE, TWO, ONE]  # two terms would be slower still
    assert shows(describe_speed(again), FormMessage.SLOWER, times=0.5)


def test_speeds_that_are_damaged_or_cannot_be_kept_change_nothing_else(bundle: Bundle) -> None:
    made = prepare_tier(bundle)
    notes = made.graphs["encoder"].with_name("prepared.json")
    before = json.loads(notes.read_text("utf-8"))
    for damaged in (5, {"machine": 1}, {**before.get("speeds", {}), "forms": {"unknown": 3}}):
        notes.write_text(json.dumps({**before, "speeds": damaged}), "utf-8")
        found = find_prepared(bundle)
        assert found is not None
        assert found.form is ONE
    for speed, line in ((1.04, FormMessage.AS_FAST), (2.5, FormMessage.FASTER)):
        assert shows(describe_speed(replace(made, speed=speed)), line)
    note_speed(made, 2.5)
    measured = find_prepared(bundle)
    assert measured is not None
    assert measured.speed == 2.5
    kept = json.loads(notes.read_text("utf-8"))
    assert {name: kept[name] for name in before if name != "speeds"} == {
        name: before[name] for name in before if name != "speeds"
    }
