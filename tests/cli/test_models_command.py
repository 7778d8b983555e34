"""`models show` and `models verify`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers.messages import shows

from granite_live.asr.verify import FixtureCheck
from granite_live.cli.main import run
from granite_live.cli.models import verification_summary
from granite_live.messages.models import ChoiceMessage


def test_show(bundle_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "show", str(bundle_dir), "--tier", "fp32"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert str(bundle_dir) in out
    assert "fp32 on cpu, " in out
    assert shows(out, ChoiceMessage.AS_ASKED, what="fp32")
    assert "fp32, fp16w, int8" in out
    assert "blank is class 0, class c is token c - 1" in out
    assert "16000 Hz" in out


def test_show_of_something_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "show", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_verify_without_fixtures(
    bundle_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(bundle_dir, bundle, ignore=shutil.ignore_patterns("test_fixtures"))
    assert run(["models", "verify", str(bundle)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "nothing could be checked" in err


@pytest.mark.parametrize(
    ("passed", "code", "words"),
    [
        ([True, None, True], 0, "all 2 checks passed"),
        ([True, False], 1, "1 of 2 checks failed"),
        ([None], 1, "nothing could be checked"),
        ([], 1, "nothing could be checked"),
    ],
)
def test_verdict(passed: list[bool | None], code: int, words: str) -> None:
    found = verification_summary([FixtureCheck("item", 0.1, 0.2, one) for one in passed])
    assert found[0] == code
    assert words in found[1]


def test_table_of_checks(
    bundle_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = [
        FixtureCheck("input features", 3.2e-5, 1e-4, True),
        FixtureCheck("audio embeddings", 0.25, None, None, "reported only"),
        FixtureCheck("transcript", None, None, False, "it wrote: [bold]other words"),
    ]
    monkeypatch.setattr("granite_live.asr.verify.verify_fixtures", lambda _bundle, _read: checks)
    assert run(["models", "verify", str(bundle_dir)]) == 1
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[1] == ["input", "features", "3.2e-05", "0.0001", "pass"]
    assert rows[2][:5] == ["audio", "embeddings", "0.25", "-", "reported"]
    assert rows[3] == ["transcript", "-", "-", "FAIL", "it", "wrote:", "[bold]other", "words"]
