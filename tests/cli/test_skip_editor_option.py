"""`--skip-editor`: the option, else the settings, reaches the function that opens the model."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from granite_live.app import factory
from granite_live.asr import RecognizerOptions
from granite_live.cli.live_commands import selected_model
from granite_live.cli.main import run
from granite_live.cli.options import GraphsName, SkipEditorName
from granite_live.cli.signals import StopRequest
from granite_live.cli.stored_settings import ModelArguments
from granite_live.cli.terminal import Messages
from granite_live.settings import Settings, save_settings
from granite_live.util.paths import assets_dir

SOUND = str(assets_dir() / "samples" / "quiet.flac")


@pytest.mark.parametrize(
    ("stored", "option", "wanted"),
    [("fast", [], "fast"), ("fast", ["--skip-editor", "off"], "off"), (None, [], "safe")],
)
def test_transcribe(
    bundle_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stored: str | None,
    option: list[str],
    wanted: str,
) -> None:
    if stored:
        save_settings(Settings(skip_editor=stored))
    asked: list[str] = []
    usual = factory.open_recognizer

    def hear(*args: object, options: RecognizerOptions, **more: object) -> object:
        asked.append(options.skip_editor)
        return usual(*args, options=options, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(factory, "open_recognizer", hear)
    arguments = ["transcribe", SOUND, "--bundle", str(bundle_dir), "--tier", "fp32"]
    assert run([*arguments, "--threads", "1", "--format", "json", *option]) == 0
    assert asked == [wanted]
    out, err = capsys.readouterr()
    assert ("From your settings: editing skipped more often." in err) == (wanted == "fast")
    assert all(one["editor_skipped"] is False for one in json.loads(out)["utterances"])


def test_a_session(bundle_dir: Path) -> None:
    settings = Settings(skip_editor="fast")
    published = GraphsName.published
    given = ModelArguments(bundle_dir, "fp32", threads=1, graphs=published)
    notes = Messages(sys.stderr)
    by_settings = selected_model(settings, given, notes, StopRequest())
    given = replace(given, skip_editor=SkipEditorName.off)
    by_option = selected_model(settings, given, notes, StopRequest())
    assert (by_settings.skip_editor, by_option.skip_editor) == ("fast", "off")


def test_what_is_none_of_these_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["transcribe", SOUND, "--skip-editor", "always"]) == 2
    assert "off" in capsys.readouterr().err
