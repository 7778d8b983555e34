"""`--graphs`: graphs are prepared on request, a failure is reported, and later runs use them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from helpers.messages import shows

from granite_live.cli.live_commands import selected_model
from granite_live.cli.main import run
from granite_live.cli.options import GraphsName
from granite_live.cli.signals import StopRequest
from granite_live.cli.stored_settings import ModelArguments
from granite_live.cli.terminal import Messages
from granite_live.messages.models import OptimizeMessage
from granite_live.session.messages import ModelSpec
from granite_live.settings import Settings
from granite_live.util.paths import assets_dir

SOUND = str(assets_dir() / "samples" / "quiet.flac")


def _transcribe(bundle: Path, tier: str, *graphs: str) -> int:
    return run(["transcribe", SOUND, "--bundle", str(bundle), "--tier", tier, *graphs])


def selected(bundle: Path, tier: str, graphs: GraphsName) -> ModelSpec:
    given = ModelArguments(bundle, tier, threads=1, graphs=graphs)
    return selected_model(Settings(), given, Messages(sys.stderr), StopRequest())


def test_prepared_once(bundle_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _transcribe(bundle_dir, "fp32", "--graphs", "prepared") == 0
    first = capsys.readouterr()
    assert shows(first.err, OptimizeMessage.PREPARING, graph="encoder", model="bundle", tier="fp32")
    assert _transcribe(bundle_dir, "fp32", "--graphs", "prepared") == 0
    second = capsys.readouterr()
    assert "Preparing" not in second.err
    assert _transcribe(bundle_dir, "fp32", "--graphs", "published") == 0
    assert capsys.readouterr().out == second.out == first.out


def test_what_cannot_be_prepared_runs_as_published_after_a_warning(
    bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _transcribe(bundle_dir, "fp16w", "--graphs", "prepared") == 0
    warning = "warning: The published graphs are used. The tier fp16w is not prepared"
    assert warning in capsys.readouterr().err
    spec = selected(bundle_dir, "fp16w", GraphsName.prepared)
    assert spec.graphs == "published"
    assert warning in capsys.readouterr().err


def test_a_session_prepares_before_it_listens(
    bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = selected(bundle_dir, "fp32", GraphsName.prepared)
    assert spec.graphs == "prepared"
    assert shows(capsys.readouterr().err, OptimizeMessage.COMPARING)
    assert selected(bundle_dir, "fp32", GraphsName.auto).graphs == "auto"
