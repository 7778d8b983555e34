"""A model that failed its check is not used silently: another one is used, and a line says so."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from helpers.bundle_variants import copied
from helpers.messages import sentence, shows

from granite_live.app.models import ModelRequest, all_models, choose_model, stored_model
from granite_live.cli.main import run
from granite_live.cli.model_loading import choose_bundle
from granite_live.cli.terminal import Messages
from granite_live.messages.store import CheckMessage
from granite_live.models.store import BundleStore, import_bundle
from granite_live.models.store.verification import FailedCheckError, failed_check_reason, note_check
from granite_live.settings import Settings, save_settings
from granite_live.util import paths


@pytest.fixture
def mine(bundle_dir: Path, tmp_path: Path) -> Path:
    both = copied(bundle_dir, tmp_path / "b", "int8", "fp32")
    return import_bundle(BundleStore(paths.models_dir()), both, "mine").path


def test_verify_marks_it_and_a_passed_check_clears_it(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = mine / "int8" / "editor.onnx_data"
    content = bytearray(weights.read_bytes())
    content[9] ^= 1
    weights.write_bytes(content)
    assert run(["models", "verify", "mine", "--tier", "int8"]) == 1
    assert "1 file is not as installed. It is no longer used" in capsys.readouterr().err
    assert stored_model().tier == "fp32"
    assert run(["models", "show", "mine", "--tier", "int8"]) == 0
    assert "failed its check: int8/editor.onnx_data" in capsys.readouterr().out
    assert run(["models", "show", "mine"]) == 0
    assert "skipped" in capsys.readouterr().out
    assert run(["models", "list"]) == 0
    assert "int8  1.2 MB  FAILED its check: int8/editor.onnx_data" in capsys.readouterr().out
    content[9] ^= 1
    weights.write_bytes(content)
    note_check(mine, "int8", "still")
    assert run(["models", "verify", "mine", "--tier", "int8"]) in (
        0,
        1,
    )  # The bundle has no fixtures.
    assert failed_check_reason(mine, "int8") == ""
    assert stored_model().tier == "int8"


def test_a_command_falls_back_and_says_so(mine: Path) -> None:
    note_check(mine, "int8", "its SHA-256 is another one")
    err = io.StringIO()
    assert choose_bundle(ModelRequest(), Messages(err)).bundle.tier == "fp32"
    said = err.getvalue()
    assert "warning: mine (int8) failed its check: its SHA-256 is another one." in said
    assert shows(said, CheckMessage.AGAIN, name="mine", tier="int8")
    note_check(mine, "fp32", "it is damaged")
    err = io.StringIO()
    assert choose_bundle(ModelRequest(tier="fp32"), Messages(err)).bundle.is_demo
    assert "an installed model was skipped. mine (fp32) failed its check" in err.getvalue()
    assert "no other model can be used" in err.getvalue()


def test_what_was_asked_for_is_refused_what_was_wished_is_replaced(mine: Path) -> None:
    note_check(mine, "fp32", "it is damaged")
    with pytest.raises(FailedCheckError, match=sentence(CheckMessage.FAILED)):
        choose_bundle(ModelRequest(mine, "fp32"), Messages(io.StringIO()))
    err = io.StringIO()
    stored = ModelRequest(mine, "fp32", is_from_settings=True)
    assert choose_bundle(stored, Messages(err)).bundle.tier == "int8"
    assert "the model of your settings was skipped." in err.getvalue()
    save_settings(Settings(model_path=str(mine), tier="fp32"))
    used = stored_model()
    assert (used.tier, used.path) == ("int8", mine)
    assert len(used.skipped) == 1
    with pytest.raises(FailedCheckError):
        choose_model(ModelRequest(mine, "fp32"))


def test_it_is_not_offered_for_another_try(mine: Path) -> None:
    note_check(mine, "fp32", "it is damaged")
    tiers = [(one.path, one.tier) for one in all_models() if one.path == mine]
    assert tiers == [(mine, "int8")]


def test_the_demo_is_the_last_resort(mine: Path) -> None:
    for tier in ("int8", "fp32"):
        note_check(mine, tier, "it is damaged")
    save_settings(Settings(model_path=str(mine), tier="fp32"))
    used = stored_model()
    assert used.is_demo
    assert shows(used.skipped[0], CheckMessage.FAILED, name="mine", tier="fp32")
