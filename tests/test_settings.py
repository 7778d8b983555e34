"""Settings are stored atomically and privately, and never misread."""

from __future__ import annotations

import io
import json
import os
import re
import stat
from dataclasses import fields, replace
from pathlib import Path

import pytest
from helpers.messages import sentence, shows
from hypothesis import given
from hypothesis import strategies as st

from granite_live.cli.settings import show_or_change
from granite_live.messages.settings import SettingsMessage
from granite_live.settings import (
    Keep,
    Retention,
    Settings,
    load_or_back_up,
    load_settings,
    read_settings,
    save_settings,
    settings_path,
)
from granite_live.util import paths
from granite_live.util.errors import SettingsError
from granite_live.vad.detectors import DEFAULT_DETECTOR, DETECTORS
from granite_live.vad.events import SegmenterSettings


def test_nothing_stored_keeps_all() -> None:
    assert load_settings().keep == Retention(Keep.ALL)


@pytest.mark.parametrize(
    ("text", "retention"),
    [
        ("all", Retention(Keep.ALL)),
        ("text", Retention(Keep.TEXT)),
        ("1-day", Retention(Keep.DAYS, 1)),
        ("30-days", Retention(Keep.DAYS, 30)),
    ],
)
def test_there_and_back(text: str, retention: Retention) -> None:
    assert Retention.parse(text) == retention
    assert str(retention) == text
    save_settings(Settings(keep=retention))
    assert load_settings().keep == retention


@pytest.mark.parametrize(
    "text", ["", "days", "0-days", "-1-days", "ALL", "1.5-days", "9999999-days"]
)
def test_what_means_nothing_is_one_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match="30-days") as caught:
        Retention.parse(text)
    assert repr(text) in str(caught.value)


def test_less_than_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="not 0"):
        Retention(Keep.DAYS, days=0)


def test_the_file_is_private_and_keeps_what_a_newer_program_wrote() -> None:
    save_settings(Settings())
    path = settings_path()
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    path.write_text(json.dumps({"window": {"width": 800}, "keep": "text"}))
    save_settings(load_settings().changed("keep", "7-days"))
    assert json.loads(path.read_text()) == {"window": {"width": 800}, "keep": "7-days"}
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("content", ["{", "[]", "", '{"keep": "te'])
def test_a_damaged_file_is_told_and_left_alone(content: str) -> None:
    path = settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    with pytest.raises(SettingsError, match=sentence(SettingsMessage.DAMAGED)) as caught:
        read_settings()
    assert load_settings() == Settings()
    assert str(path) in str(caught.value)
    assert path.read_text() == content


def test_a_folder_in_the_way_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("a file")
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path / "home"))
    with pytest.raises(SettingsError, match=sentence(SettingsMessage.UNWRITABLE)):
        save_settings(Settings())


def test_without_a_home_of_its_own_it_lies_where_the_system_wants_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert settings_path().parent == paths.data_dir()
    monkeypatch.delenv("GRANITE_LIVE_HOME")
    assert paths.config_dir().name == "granite-live"


def test_the_command_shows_and_changes() -> None:
    out = io.StringIO()
    assert show_or_change("keep", "text", out, out) == 0
    assert out.getvalue() == ""
    assert show_or_change("keep", None, out, out) == 0
    assert show_or_change("silence_ms", "800", out, out) == 0
    assert show_or_change("sentence_case", "off", out, out) == 0
    assert show_or_change("replacements", '{"jason": "JSON"}', out, out) == 0
    assert show_or_change(None, None, out, out) == 0
    assert out.getvalue().startswith(f"text\n{settings_path()}\nkeep = text\n")
    assert set(out.getvalue().splitlines()) >= {
        "silence_ms = 800",
        "sentence_case = off",
        'replacements = {"jason": "JSON"}',
        "line_spacing = 1.5",
    }
    with pytest.raises(
        SettingsError, match=sentence(SettingsMessage.UNKNOWN, known=re.compile("keep.*"))
    ):
        show_or_change("colour", "red", out, out)
    with pytest.raises(
        SettingsError, match=sentence(SettingsMessage.UNKNOWN, known=re.compile("keep.*"))
    ):
        show_or_change("others", None, out, out)
    with pytest.raises(SettingsError, match="'soon'"):
        show_or_change("keep", "soon", out, out)
    assert load_settings().keep == Retention(Keep.TEXT)


ALL_CHANGED = Settings(
    keep=Retention(Keep.DAYS, 7),
    input_device="pulse:desk",
    input_kind="system",
    with_system_sound=True,
    keep_echo=True,
    subtitle_rules="netflix",
    open_early=True,
    silence_ms=900,
    detector="webrtc",
    model_path="/models/granite",
    tier="int8",
    provider="cpu",
    skip_editor="fast",
    editing_passes=3,
    language="de",
    appearance="dark",
    font_family="Source Serif",
    font_size_pt=20,
    line_spacing=1.25,
    replacements=(("granite life", "Granite Live"), ("jason", "JSON")),
    sentence_case=False,
    shortcuts=(("find", "Ctrl+F"), ("copy", ""), ("export", "")),
    live_export="/captions/now.txt",
    live_export_lines=0,
    offer_model=False,
    captions_lines=3,
    captions_font_family="DejaVu Sans",
    captions_font_size_px=72,
    captions_colour="#ffee00",
    captions_outline_px=0,
    captions_background_colour="#102030",
    captions_opacity_percent=40,
    captions_click_through=True,
    dictation_key="F9",
    dictation_mode="toggle",
    dictation_delivery="type",
    dictation_quick=False,
    dictation_silence_ms=450,
    spoken_editing=True,
    dictation_at_start=True,
    stay_in_tray=True,
    serve=True,
    serve_port=9000,
    idle_minutes=3,
    hook_command="notify-send --",
    hook_url="http://127.0.0.1:9/text",
    hook_texts="session",
)


def test_every_setting_is_stored_and_typed() -> None:
    usual = Settings()
    assert Settings.names() == tuple(one.name for one in fields(Settings) if one.name != "others")
    save_settings(ALL_CHANGED)
    assert load_settings() == ALL_CHANGED
    typed = usual
    for name in Settings.names():
        assert getattr(ALL_CHANGED, name) != getattr(usual, name)
        typed = typed.changed(name, ALL_CHANGED.text_of(name))
    assert typed == ALL_CHANGED


def test_what_is_usual_is_not_stored_so_that_it_can_become_better() -> None:
    save_settings(Settings(font_size_pt=16))
    assert json.loads(settings_path().read_text()) == {"font_size_pt": 16}


def test_what_is_usual_is_what_the_rooms_do() -> None:
    assert Settings().silence_ms == SegmenterSettings().silence_ms
    assert Settings().detector == DEFAULT_DETECTOR
    for name in DETECTORS:
        assert Settings(detector=name).detector == name


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("keep", "all", sentence(SettingsMessage.CHOOSE_RETENTION)),
        ("input_device", "two\nlines", sentence(SettingsMessage.MUST_BE_LINE)),
        ("input_device", None, sentence(SettingsMessage.MUST_BE_LINE)),
        ("input_kind", "radio", "'microphone' or 'system'"),
        (
            "silence_ms",
            199,
            sentence(SettingsMessage.WHOLE_NUMBER, unit="milliseconds", low=200, high=5000),
        ),
        ("silence_ms", 600.5, sentence(SettingsMessage.WHOLE_NUMBER)),
        ("silence_ms", True, sentence(SettingsMessage.WHOLE_NUMBER)),
        ("silence_ms", "600", sentence(SettingsMessage.WHOLE_NUMBER)),
        (
            "line_spacing",
            float("nan"),
            sentence(SettingsMessage.NUMBER, unit="lines", low=1, high=3),
        ),
        ("detector", "ears", "'silero' or 'webrtc'"),
        ("model_path", "granite", sentence(SettingsMessage.MUST_BE_ABSOLUTE)),
        ("model_path", "/a\0b", sentence(SettingsMessage.MUST_BE_PATH)),
        ("tier", "int4", "'fp32'"),
        ("provider", "abacus", "'cuda'"),
        ("skip_editor", "always", "'off', 'safe' or 'fast'"),
        ("appearance", "pink", "'dark'"),
        ("sentence_case", 1, sentence(SettingsMessage.TRUE_OR_FALSE)),
        ("replacements", [["a", "b"]], "pairs of heard, written"),
        (
            "replacements",
            (("a", "b", "c"),),
            sentence(SettingsMessage.MUST_BE_PAIR, left="heard", right="written"),
        ),
        ("replacements", ((" ", "b"),), sentence(SettingsMessage.PAIR_EMPTY)),
        ("replacements", (("a", 3),), sentence(SettingsMessage.PAIR_OF_LINES)),
        (
            "replacements",
            (("new york", "NY"), ("New  York", "N.Y.")),
            sentence(SettingsMessage.TWICE),
        ),
        (
            "shortcuts",
            (("find", "Ctrl+F"), ("copy", "ctrl+f")),
            sentence(SettingsMessage.FOR_SEVERAL, what="action"),
        ),
        ("live_export_lines", -1, "from 0 to 100"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    name: str, value: object, why: str | re.Pattern[str]
) -> None:
    with pytest.raises(
        SettingsError, match=sentence(SettingsMessage.BAD_VALUE, name=name)
    ) as caught:
        Settings(**{name: value})  # type: ignore[arg-type]
    assert re.search(why, str(caught.value))
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("silence_ms", "soon"),
        ("silence_ms", "100"),
        ("line_spacing", "nan"),
        ("sentence_case", "maybe"),
        ("replacements", "["),
        ("replacements", "[]"),
        ("replacements", '{"a": 1}'),
    ],
)
def test_what_is_typed_wrongly_is_one_sentence(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=sentence(SettingsMessage.BAD_VALUE, name=name)):
        Settings().changed(name, text)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"keep": "te', b"\xff\xfe", b"\0" * 512, b"1" * 9_999]
)
def test_a_damaged_file_is_set_aside_where_that_is_wanted(content: bytes) -> None:
    path = settings_path()
    path.write_bytes(content)
    settings, message = load_or_back_up()
    assert settings == Settings()
    (aside,) = path.parent.iterdir()
    assert aside.read_bytes() == content
    assert aside.name.startswith("settings.damaged-")
    assert str(aside) in message
    assert load_or_back_up() == (Settings(), "")


def test_a_file_that_cannot_be_read_stays() -> None:
    settings_path().mkdir()
    settings, message = load_or_back_up()
    assert settings == Settings()
    assert shows(message, SettingsMessage.UNREADABLE)
    assert settings_path().is_dir()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(Settings.names()) | st.text(), JSON, max_size=4))
def test_whatever_the_file_holds_becomes_settings(stored: dict[str, object]) -> None:
    settings, unusable = Settings.from_stored(stored)
    assert all(len(clause) < 300 for clause in unusable)
    assert settings.others == {k: v for k, v in stored.items() if k not in Settings.names()}
    assert Settings.from_stored(settings.stored()) == (replace(settings), ())


NEWER = {
    "keep": "7-days",
    "tier": "int4",
    "detector": 3,
    "font_size_pt": 1_000,
    "replacements": {"jason": "JSON", "um": 4, "kay": "K"},
    "shortcuts": {"find": "Ctrl+F", "copy": "ctrl+f"},
    "hologram": {"size": 3},
}
"""Settings of another version of the program: some of them are valid."""


def test_a_value_that_cannot_be_used_costs_no_other() -> None:
    path = settings_path()
    path.write_text(json.dumps(NEWER))
    wanted = Settings(
        keep=Retention(Keep.DAYS, 7),
        replacements=(("jason", "JSON"), ("kay", "K")),
        shortcuts=(("find", "Ctrl+F"),),
        others={"hologram": {"size": 3}},
    )
    assert load_settings() == wanted
    settings, message = load_or_back_up()
    assert settings == wanted
    for name in ("tier", "detector", "font_size_pt", "replacements", "shortcuts"):
        assert shows(message, SettingsMessage.BAD_VALUE_CLAUSE, name=name)
    assert "the setting keep" not in message
    (aside,) = path.parent.glob("settings.damaged-*.json")
    assert json.loads(aside.read_text()) == NEWER
    assert str(aside) in message
    # It is reported once, and the valid values are still stored.
    assert load_or_back_up() == (wanted, "")
    assert json.loads(path.read_text())["hologram"] == {"size": 3}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_an_editors_byte_order_mark_is_no_damage(encoding: str) -> None:
    settings_path().write_bytes('{"keep": "text"}'.encode(encoding))
    assert load_or_back_up() == (Settings(keep=Retention(Keep.TEXT)), "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_in_its_place_is_not_waited_for() -> None:
    os.mkfifo(settings_path())
    settings, message = load_or_back_up()
    assert settings == Settings()
    assert shows(message, SettingsMessage.NOT_A_FILE)


def test_the_command_sets_a_damaged_file_aside_and_says_so() -> None:
    settings_path().write_text('{"keep": "te')
    out, err = io.StringIO(), io.StringIO()
    assert show_or_change("keep", None, out, err) == 0
    assert out.getvalue() == "all\n"
    assert err.getvalue().startswith("warning: The settings could not be used (")
    assert err.getvalue().count("\n") == 1
    assert show_or_change("keep", "text", out, err) == 0
    assert json.loads(settings_path().read_text()) == {"keep": "text"}


def test_a_file_that_cannot_be_read_is_not_replaced() -> None:
    settings_path().mkdir()
    with pytest.raises(SettingsError, match=sentence(SettingsMessage.UNREADABLE)):
        show_or_change("keep", "text", io.StringIO(), io.StringIO())
    assert settings_path().is_dir()
