"""The list of models to choose from: every tier of every bundle, in a useful order."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from granite_live.app.models import all_models
from granite_live.util import paths
from granite_live.util.errors import BundleError


@pytest.fixture
def no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise BundleError("The demo model is missing.")

    monkeypatch.setattr("granite_live.app.models.demo_path", missing)


def test_every_tier_of_the_chosen_and_the_installed_bundles(
    bundle_dir: Path, no_demo: None, tmp_path: Path
) -> None:
    installed = paths.models_dir() / "installed"
    shutil.copytree(bundle_dir, installed)
    (paths.models_dir() / "broken").mkdir()
    chosen = tmp_path / "chosen"
    shutil.copytree(bundle_dir, chosen)
    found = all_models(chosen, "cpu")
    assert [(one.path, one.provider) for one in found] == [
        *[(chosen, "cpu")] * 3,
        *[(installed, "cpu")] * 3,
    ]
    assert {one.tier for one in found} == {"fp32", "int8", "fp16w"}


def test_a_bundle_that_is_chosen_and_installed_is_there_once(
    bundle_dir: Path, no_demo: None
) -> None:
    installed = paths.models_dir() / "installed"
    shutil.copytree(bundle_dir, installed)
    assert len(all_models(installed)) == 3


def test_without_any_the_reason_is_told(no_demo: None) -> None:
    with pytest.raises(BundleError, match="demo model is missing"):
        all_models()
