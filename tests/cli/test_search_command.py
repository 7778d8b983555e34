"""`granite-live search`: texts, and recordings by sound."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers.messages import shows

from granite_live.app.sound_search import SoundSearch, sessions_with_sound
from granite_live.asr import Recognizer
from granite_live.cli.main import run
from granite_live.library import Library, SessionPart
from granite_live.messages.library import LibraryMessage
from granite_live.messages.settings import VocabularyMessage
from granite_live.models.opening import open_bundle
from granite_live.settings.vocabulary import Term
from granite_live.util.errors import HistoryError
from granite_live.util.paths import demo_bundle_dir

DEMO = ["--bundle", str(demo_bundle_dir())]


@pytest.fixture(scope="module")
def listened(tmp_path_factory: pytest.TempPathFactory, first_sentence: Path) -> Path:
    """The data folder after a session with speech and its recording."""
    folder = tmp_path_factory.mktemp("listened")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANITE_LIVE_HOME", str(folder / "home"))
        assert run(["listen", "--source", str(first_sentence), "--quiet", *DEMO]) == 0
    return folder / "home"


@pytest.fixture
def recorded(listened: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A data folder of this test's own with that session."""
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path / "home"))
    shutil.copytree(listened, tmp_path / "home")


def rows(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    return [line.split("\t") for line in capsys.readouterr().out.splitlines()]


def test_text_is_found_and_what_is_not_there_is_exit_code_1(
    recorded: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["search", "window"]) == 0
    (found,) = rows(capsys)
    assert "window" in found[-1]
    assert run(["search", "Kirkleatham"]) == 1
    assert rows(capsys) == []


def test_a_term_is_found_by_its_sound_however_it_is_written(
    recorded: None, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["search", "--by-sound", "Wyndoe = window", "--threads", "1", *DEMO]
    assert run(command) == 0
    found = rows(capsys)
    best = found[0]
    assert len(best) == 4
    assert "window" in best[3]
    assert float(best[2]) > 0.8
    scores = [float(one[2]) for one in found]
    assert scores == sorted(scores, reverse=True)
    assert run([*command, "--limit", "1"]) == 0
    assert rows(capsys) == [best]


def test_a_search_reports_progress_stops_and_needs_the_recording(
    recorded: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["search", "window"]) == 0  # adds the command's session to the library
    (session,) = sessions_with_sound()
    with Recognizer.load(open_bundle(demo_bundle_dir()), "cpu", 1) as recognizer:
        shares: list[float] = []
        whole = SoundSearch(Term("window"), [session]).run(
            recognizer, lambda share, _found: shares.append(share)
        )
        assert shares
        assert shares[-1] == pytest.approx(1.0)
        assert whole.searched_s > 1.0
        stopped = SoundSearch(Term("window"), [session])
        stopped.stop()
        nothing = stopped.run(recognizer)
        assert (nothing.places, nothing.searched_s) == ((), 0.0)
        halved = SoundSearch(Term("window"), [session, session])
        half = halved.run(recognizer, lambda _share, _found: halved.stop())
        assert half.places == whole.places
        assert half.searched_s == whole.searched_s
    with Library.open() as library:
        library.delete_session(session.session.id, SessionPart.SOUND)
    assert sessions_with_sound() == []
    with pytest.raises(HistoryError) as caught:
        sessions_with_sound(session.session.id)
    assert shows(caught.value, LibraryMessage.SOUND_DELETED_NOT_SEARCHED)


def test_a_recording_that_cannot_be_read_is_named_and_the_rest_is_searched(
    recorded: None, capsys: pytest.CaptureFixture[str]
) -> None:
    from granite_live.audio.journal import sessions_dir

    assert run(["search", "window"]) == 0
    (session,) = sessions_with_sound()
    for file in Path(sessions_dir() / session.session.journal).iterdir():
        if file.suffix in (".flac", ".pcm", ".wav"):
            file.write_bytes(b"no sound")
    capsys.readouterr()
    assert run(["search", "--by-sound", "window", *DEMO]) == 1
    told = capsys.readouterr()
    assert "warning" in told.err
    assert told.out == ""


def test_what_cannot_be_a_term_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "--by-sound", "x", *DEMO]) == 2
    assert shows(capsys.readouterr().err, VocabularyMessage.BAD_TERM)
    assert run(["search", "--by-sound", "window", *DEMO]) == 1
