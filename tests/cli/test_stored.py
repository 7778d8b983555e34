"""Settings that apply to a command, and options that overrule them."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from granite_live.app.models import ModelRequest
from granite_live.cli.stored_settings import (
    ModelArguments,
    TranscribeRequest,
    print_settings_in_effect,
    session_settings,
    with_stored_rules,
)
from granite_live.settings import Keep, Retention, Settings
from granite_live.transcript.export.options import PRESETS
from granite_live.transcript.polish import Polish
from granite_live.util.errors import SettingsError

BUNDLE = str(Path("/models/granite").absolute())
STORED = Settings(
    model_path=BUNDLE,
    tier="fp16w",
    provider="cuda",
    silence_ms=900,
    detector="webrtc",
    replacements=(("granite life", "Granite Live"),),
    sentence_case=False,
    keep=Retention(Keep.TEXT),
)


def test_the_settings_choose_the_model() -> None:
    assert ModelRequest.of(STORED) == ModelRequest(
        Path(BUNDLE), "fp16w", "cuda", is_from_settings=True
    )
    assert ModelRequest.of(Settings()) == ModelRequest(None, None, "auto")


def test_options_win_one_by_one() -> None:
    chosen = ModelRequest.of(STORED, None, "int8", "cpu")
    assert chosen == ModelRequest(Path(BUNDLE), "int8", "cpu", is_from_settings=True)
    # The tier was chosen for the bundle of the settings; another bundle may not have it.
    other = Path("other")
    assert ModelRequest.of(STORED, other) == ModelRequest(other, None, "cuda")


def test_a_session_is_as_in_the_window() -> None:
    chosen = session_settings(STORED, as_heard=False)
    assert (chosen.silence_ms, chosen.detector, chosen.keep_sound) == (900, "webrtc", False)
    assert chosen.polish == Polish((("granite life", "Granite Live"),), sentence_case=False)
    as_heard = session_settings(STORED, as_heard=True)
    assert (as_heard.silence_ms, as_heard.polish) == (900, Polish())


@pytest.mark.parametrize(
    ("settings", "bundle", "as_heard", "told"),
    [
        (Settings(), None, False, ""),
        (Settings(skip_editor="off"), None, False, "every draft edited"),
        (Settings(skip_editor="fast"), None, False, "editing skipped more often"),
        (STORED, Path("mine"), True, "pauses of 900 ms, the webrtc detector"),
        (
            STORED,
            None,
            False,
            f"the model in {BUNDLE}, pauses of 900 ms, the webrtc detector, 1 replacement, "
            "no capitals",
        ),
    ],
)
def test_what_is_not_usual_is_told(
    settings: Settings, bundle: Path | None, as_heard: bool, told: str
) -> None:
    err = io.StringIO()
    print_settings_in_effect(settings, err, ModelArguments(bundle), as_heard=as_heard)
    assert err.getvalue() == (f"From your settings: {told}.\n" if told else "")


def test_an_option_overrules_when_the_editor_is_skipped() -> None:
    err = io.StringIO()
    print_settings_in_effect(Settings(skip_editor="fast"), err, ModelArguments(skip_editor="safe"))
    assert err.getvalue() == ""


def test_the_rules_of_subtitles_are_those_of_the_option_then_of_the_settings() -> None:
    asked = TranscribeRequest(("talk.wav",), format_name="srt")
    stored = Settings(subtitle_rules="netflix")
    assert with_stored_rules(asked, Settings()).export.rules == PRESETS["standard"]
    assert with_stored_rules(asked, stored).export.rules == PRESETS["netflix"]
    assert with_stored_rules(replace(asked, subtitles="bbc"), stored).export.rules == PRESETS["bbc"]


def test_the_settings_name_all_rules_of_subtitles() -> None:
    for name in PRESETS:
        assert Settings(subtitle_rules=name).subtitle_rules == name
    with pytest.raises(SettingsError, match="'netflix' or 'phone'"):
        Settings(subtitle_rules="none")
