"""`--editing-passes`: how often the editor reads its own text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from granite_live.app.models import stored_model
from granite_live.cli.main import run
from granite_live.settings import Settings, save_settings
from granite_live.util.paths import assets_dir

SOUND = str(assets_dir() / "samples" / "quiet.flac")


def utterances(
    bundle: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> list[dict[str, object]]:
    """Return the command's JSON for a recording that is transcribed as one utterance."""
    arguments = ["transcribe", SOUND, "--bundle", str(bundle), "--tier", "fp32", "--threads", "1"]
    arguments += ["--no-segmentation", "--format", "json", "--skip-editor", "off"]
    assert run([*arguments, *options]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["utterances"]
    assert found
    return found


def test_json_says_how_many_passes_were_run(
    bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    once = utterances(bundle_dir, capsys)
    assert [one["editing_passes"] for one in once] == [
        1 if one["draft_text"] else 0 for one in once
    ]
    twice = utterances(bundle_dir, capsys, "--editing-passes", "2")
    for one, two in zip(once, twice, strict=True):
        changed = one["token_ids"] not in ([], one["draft_token_ids"])
        assert two["editing_passes"] == (2 if changed else one["editing_passes"])
        assert two["draft_token_ids"] == one["draft_token_ids"]


@pytest.mark.parametrize("wrong", ["0", "21", "often"])
def test_what_is_no_number_of_passes_is_refused(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["transcribe", SOUND, "--editing-passes", wrong]) == 2
    assert f"'{wrong}' is not a whole number of passes from 1 to 20." in capsys.readouterr().err


def finals(
    speech: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> list[dict[str, object]]:
    """Return the final event of each utterance that `listen` prints."""
    assert run(["listen", "--source", str(speech), "--json", *options]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = [one for one in told if one["event"] == "final"]
    assert found
    return found


def test_listen_runs_as_many_passes_as_the_settings_or_the_option_say(
    bundle_dir: Path, two_sentences: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_settings(Settings(editing_passes=2, skip_editor="off"))
    options = ["--bundle", str(bundle_dir), "--tier", "fp32", "--save", str(tmp_path)]
    once = finals(two_sentences, capsys, *options, "--editing-passes", "1")
    assert {one["editing_passes"] for one in once} == {1}
    twice = finals(two_sentences, capsys, *options)
    assert {one["editing_passes"] for one in twice} == {2}
    assert run(["transcribe", str(two_sentences), *options[:4], "--format", "json"]) == 0
    out, err = capsys.readouterr()
    written = json.loads(out)["utterances"]
    assert [one["text"] for one in written] == [one["text"] for one in twice]
    assert {one["editing_passes"] for one in written} == {2}
    assert "From your settings: every draft edited, 2 editor passes." in err


def test_the_window_uses_the_setting(bundle_dir: Path) -> None:
    save_settings(Settings(editing_passes=3, model_path=str(bundle_dir), tier="fp32"))
    assert stored_model().spec.editing_passes == 3
