"""What is decided once and for all is stored, whole and private, and never misread."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import pytest

from granite_live import paths
from granite_live.cli.settings_command import show_or_change
from granite_live.errors import SettingsError
from granite_live.settings import (
    Keep,
    Retention,
    Settings,
    load_settings,
    save_settings,
    settings_path,
)


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


@pytest.mark.parametrize("content", ["{", "[]", '{"keep": "for ever"}', '{"keep": 3}'])
def test_a_damaged_file_is_told_and_left_alone(content: str) -> None:
    path = settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    with pytest.raises(SettingsError, match="mend the file or delete it") as caught:
        load_settings()
    assert str(path) in str(caught.value)
    assert path.read_text() == content


def test_a_folder_in_the_way_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("a file")
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path / "home"))
    with pytest.raises(SettingsError, match="cannot be written"):
        save_settings(Settings())


def test_without_a_home_of_its_own_it_lies_where_the_system_wants_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert settings_path().parent == paths.data_dir()
    monkeypatch.delenv("GRANITE_LIVE_HOME")
    assert paths.config_dir().name == "granite-live"


def test_the_command_shows_and_changes() -> None:
    out = io.StringIO()
    assert show_or_change("keep", "text", out) == 0
    assert out.getvalue() == ""
    assert show_or_change("keep", None, out) == 0
    assert show_or_change(None, None, out) == 0
    assert out.getvalue() == f"text\n{settings_path()}\nkeep = text\n"
    with pytest.raises(SettingsError, match="there is: keep"):
        show_or_change("colour", "red", out)
    with pytest.raises(SettingsError, match="there is: keep"):
        show_or_change("others", None, out)
    with pytest.raises(SettingsError, match="'soon'"):
        show_or_change("keep", "soon", out)
    assert load_settings().keep == Retention(Keep.TEXT)
