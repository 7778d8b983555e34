"""Checks of a model in another process: correct, damaged, and stopped."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from helpers.bundle_variants import copied
from helpers.messages import sentence, shows

from granite_live.app import model_tasks
from granite_live.app.model_inventory import ModelInventory
from granite_live.app.model_tasks import CheckResult, ModelVerification
from granite_live.app.models import choose_model
from granite_live.messages.bundle import BundleMessage
from granite_live.messages.store import CheckMessage
from granite_live.models.store.verification import failed_check_reason
from granite_live.util.errors import BundleError


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def installed(bundle_dir: Path, tmp_path: Path) -> Path:
    return (
        ModelInventory()
        .import_model(copied(bundle_dir, tmp_path / "b", "int8"), lambda *_: None)
        .path
    )


def test_every_byte_and_what_the_makers_recorded(installed: Path) -> None:
    told: list[tuple[int, int]] = []
    verdict = ModelVerification(installed, "int8", lambda *now: told.append(now)).run()
    assert verdict.failed == 0
    first, *rest = verdict.checks
    assert (first.item, first.is_good) == ("files", True)
    assert shows(first.detail, CheckMessage.FILES_UNCHANGED)
    assert told[-1][0] == told[-1][1] > 0
    assert all(isinstance(one, CheckResult) for one in rest)


def test_a_damaged_file_is_named_and_nothing_is_run(installed: Path) -> None:
    weights = installed / "int8" / "editor.onnx_data"
    content = bytearray(weights.read_bytes())
    content[9] ^= 1
    weights.write_bytes(content)
    verdict = ModelVerification(installed, "int8", lambda *_: None).run()
    assert [(one.item, one.is_good) for one in verdict.checks] == [("int8/editor.onnx_data", False)]
    assert verdict.failed == 1
    # No session uses it until it passes a check or is installed again.
    assert "editor.onnx_data: its SHA-256" in failed_check_reason(installed, "int8")
    assert choose_model().is_demo
    content[9] ^= 1
    weights.write_bytes(content)
    assert ModelVerification(installed, "int8", lambda *_: None).run().failed == 0
    assert failed_check_reason(installed, "int8") == ""
    assert not choose_model().is_demo


def test_what_was_put_there_by_hand_is_told_and_run(bundle_dir: Path, tmp_path: Path) -> None:
    by_hand = copied(bundle_dir, tmp_path / "hand", "fp32")
    verdict = ModelVerification(by_hand, "fp32", lambda *_: None).run()
    assert verdict.checks[0].is_good is None
    assert verdict.failed == 0


def test_what_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=sentence(BundleMessage.NOTHING_THERE)):
        ModelVerification(tmp_path / "nowhere", "int8", lambda *_: None).run()


def test_a_check_that_is_stopped_before_or_meanwhile(installed: Path) -> None:
    early = ModelVerification(installed, "int8", lambda *_: None)
    early.stop()
    assert early.run().was_stopped
    # The first report comes after all bytes were read, before the model ran.
    late = ModelVerification(installed, "int8", lambda *_: late.stop())
    verdict = late.run()
    assert verdict.was_stopped
    assert verdict.checks == ()


def test_a_check_whose_process_dies_is_a_sentence_and_a_fault(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_tasks, "run_verification", die)
    with pytest.raises(BundleError, match=sentence(CheckMessage.MODEL_CHECK_CRASHED)):
        ModelVerification(installed, "int8", lambda *_: None).run()
    assert failed_check_reason(installed, "int8") == CheckMessage.ENDED_WITHOUT_ANSWER()
