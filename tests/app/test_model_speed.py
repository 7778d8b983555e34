"""The speed of a model on this computer: measured once, kept, and shown in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.messages import shows
from helpers.prepared_recognizers import PutPrepared
from numpy.typing import NDArray

from granite_live.app import model_speed
from granite_live.app.doctor.model_check import check_model
from granite_live.app.factory import open_recognizer
from granite_live.app.model_inventory import ModelInventory
from granite_live.app.model_speed import measure_speed
from granite_live.app.models import ModelRequest, choose_model
from granite_live.cli.main import run
from granite_live.messages.models import FormMessage
from granite_live.models.bundle import Bundle, Form
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import find_prepared, note_speed


class _Transcriber:
    """Takes the given times, by a clock of its own."""

    sample_rate_hz = 16000

    def __init__(self, *took_s: float) -> None:
        self.lengths: list[int] = []
        self._took_s = iter(took_s)
        self._now_s = 0.0

    def transcribe(self, waveform: NDArray[np.floating]) -> None:
        self.lengths.append(len(waveform))
        self._now_s += next(self._took_s)

    def clock_s(self) -> float:
        return self._now_s


def test_the_fastest_of_three_runs_counts() -> None:
    timed = _Transcriber(2.0, 0.5, 0.75)
    assert measure_speed(timed, timed.clock_s) == pytest.approx(6.0 / 0.5)
    assert timed.lengths == [6 * 16000] * 3


def test_a_slow_model_runs_only_once() -> None:
    timed = _Transcriber(12.0)
    assert measure_speed(timed, timed.clock_s) == pytest.approx(0.5)


@pytest.fixture
def prepared(put_prepared: PutPrepared) -> Bundle:
    """The committed bundle, prepared in 8 bits."""
    return put_prepared("int8")


@pytest.fixture
def bundle(bundle_dir: Path, prepared: Bundle) -> Bundle:
    """The same bundle as published."""
    return open_bundle(bundle_dir, prepared.tier)


@pytest.fixture
def speeds(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The results of the next measurements; the real ones depend on the machine."""
    results: list[float] = []

    def measure(_recognizer: Any, _clock_s: Callable[[], float] | None = None) -> float:
        return results.pop(0)

    monkeypatch.setattr(model_speed, "measure_speed", measure)
    yield results
    assert results == []  # each was asked for


def test_opening_measures_an_unknown_form_and_takes_the_more_exact_one(
    bundle: Bundle, speeds: list[float]
) -> None:
    told: list[str] = []
    speeds += [8.0, 4.2]
    with open_recognizer(bundle, "cpu", on_progress=told.append) as recognizer:
        assert recognizer.bundle.form is Form.TWO_TERMS
    assert any(shows(one, FormMessage.MEASURING) for one in told)
    with open_recognizer(bundle, "cpu") as again:  # measures nothing
        assert again.bundle.form is Form.TWO_TERMS
    line = choose_model(ModelRequest(bundle.path, "int8", "cpu")).speed
    assert shows(line, FormMessage.FASTER, form=FormMessage.MOST_ACCURATE(), times=4.2)


def test_opening_keeps_the_quick_form_if_the_exact_one_is_too_slow(
    bundle: Bundle, speeds: list[float]
) -> None:
    speeds += [6.5, 2.9]
    with open_recognizer(bundle, "cpu") as recognizer:
        assert recognizer.bundle.form is Form.ROW_SCALED


def test_threads_that_the_user_chose_say_nothing_about_the_usual_speed(
    bundle: Bundle, speeds: list[float]
) -> None:
    with open_recognizer(bundle, "cpu", 1):
        pass
    found = find_prepared(bundle)
    assert found is not None
    assert found.speed is None


def test_the_inventory_says_how_fast_the_model_in_use_is(
    bundle: Bundle, prepared: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_speed(prepared, 4.0)
    used = choose_model(ModelRequest(bundle.path, "int8", "cpu"))
    monkeypatch.setattr("granite_live.app.model_inventory.stored_model", lambda: used)
    shown = [one for one in ModelInventory().read().tiers if one.is_in_use]
    assert [str(one.speed) for one in shown] == [
        "Accurate (8-bit), 4x faster than speech on this computer"
    ]


def test_the_doctor_and_the_command_line_say_it_in_one_line(
    bundle: Bundle, prepared: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    note_speed(prepared, 0.4)
    line = "Accurate (8-bit), slower than speech on this computer (0.4x)"
    assert run(["models", "show", str(bundle.path), "--tier", "int8"]) == 0
    assert line in capsys.readouterr().out
    found = {one.topic: one for one in check_model(ModelRequest(bundle.path, "int8", "cpu"))}
    assert line in found["prepared graphs"].detail
    assert found["prepared graphs"].facts["form"] == "row_scaled"
