"""An installed model is prepared in another process; whatever happens there, it stays usable."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from helpers.messages import shows

from granite_live.app import model_tasks
from granite_live.app.model_tasks import ModelPreparation
from granite_live.app.subprocess_task import ProcessDiedError
from granite_live.messages.bundle import BundleMessage
from granite_live.messages.models import ModelMessage
from granite_live.models.opening import open_bundle
from granite_live.models.optimize import find_prepared
from granite_live.util import paths


def left() -> list[Path]:
    folder = paths.data_dir() / "prepared"
    return [one for one in folder.iterdir() if one.is_dir()] if folder.is_dir() else []


def test_it_is_made_once_and_found(bundle_dir: Path) -> None:
    told: list[str] = []
    outcome = ModelPreparation(bundle_dir, "fp32", "cpu", told.append).run()
    assert (outcome.is_ready, outcome.sentence) == (True, "")
    assert any("encoder" in one for one in told)
    assert find_prepared(open_bundle(bundle_dir, "fp32")) is not None


def test_stopped_in_the_middle_nothing_half_made_stays(bundle_dir: Path) -> None:
    late = ModelPreparation(bundle_dir, "int8", "cpu", lambda _: late.stop())
    outcome = late.run()
    assert outcome.was_stopped
    assert outcome.sentence == ""
    assert left() == []
    assert multiprocessing.active_children() == []


def test_what_cannot_be_prepared_is_a_sentence(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def died(*_: object) -> None:
        raise ProcessDiedError("x")

    one = ModelPreparation(bundle_dir, "int8", "cpu")
    monkeypatch.setattr(one._task, "run", died)
    assert shows(one.run().sentence, ModelMessage.PREPARING_CRASHED)
    missing = ModelPreparation(bundle_dir / "nowhere", "int8", "cpu").run()
    assert not missing.is_ready
    assert shows(missing.sentence, BundleMessage.NOTHING_THERE)


def test_where_nothing_is_gained_nothing_is_done(
    bundle_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_tasks, "run_preparation", None)
    outcome = ModelPreparation(bundle_dir, "fp16w", "cpu").run()
    assert (outcome.is_ready, outcome.sentence, outcome.was_stopped) == (False, "", False)
