"""This version on the data of an early one: settings, library, sessions and models stay."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from granite_live.app.library_sync import sync_library
from granite_live.app.models import choose_model
from granite_live.audio.journal import find_unfinished, sessions_dir
from granite_live.cli.main import run
from granite_live.library import Library, SessionState
from granite_live.settings import read_settings
from granite_live.util import paths

DATA = Path(__file__).parents[1] / "data"
FIRST = DATA / "first_version"
"""Written by a version before the library: settings, a session of the sample, an imported model."""
SESSION = "2026-03-01_10-00-00"


@pytest.fixture
def home(bundle_dir: Path) -> Path:
    """The data folder as early versions left it."""
    data = paths.data_dir()
    shutil.copy(FIRST / "settings.json", data)
    shutil.copy(DATA / "library_version_1.sqlite", data / "library.sqlite")
    session = data / "sessions" / SESSION
    session.mkdir(parents=True)
    (session / "lock").touch()
    shutil.copy(FIRST / "events.jsonl", session)
    shutil.copy(paths.assets_dir() / "samples" / "welcome.flac", session / "sound.flac")
    model = shutil.copytree(bundle_dir, data / "models" / "mine")
    for tier in ("fp32", "int8", "fp16w"):
        shutil.copy(FIRST / f"model-{tier}.json", model / tier / ".granite-live.json")
    return data


def test_the_settings_are_in_force(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings, unusable = read_settings()
    assert (str(settings.keep), settings.silence_ms, unusable) == ("30-days", 700, ())


def test_the_library_gets_the_session_beside_its_own(home: Path) -> None:
    with Library.open() as library:
        before = {one.id for one in library.sessions()}
        assert len(before) == 2
        sync_library(library)
        (new,) = [one for one in library.sessions() if one.journal == SESSION]
        assert {one.id for one in library.sessions()} == before | {new.id}
        assert new.state is SessionState.FINISHED
        lines = [one.text for one in library.utterances(new.id)]
    assert len(lines) == 4
    assert lines[0].startswith("i opened the window this morning")
    assert (sessions_dir() / SESSION / "sound.flac").is_file()
    assert not find_unfinished()


def test_the_model_is_used_and_was_not_changed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert choose_model().path == home / "models" / "mine"
    assert run(["models", "list"]) == 0
    assert "checked 2026-11-29T15:53:13Z" in capsys.readouterr().out
    assert run(["models", "verify", "mine", "--tier", "fp32"]) == 0


def test_everything_of_it_can_be_removed(home: Path) -> None:
    assert run(["uninstall-data", "all", "--yes"]) == 0
    left = [one for one in home.rglob("*") if one.is_file() and paths.log_dir() not in one.parents]
    assert left == []
