"""`granite-live uninstall-data` lists what is stored and removes only what is chosen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers.messages import shows
from platformdirs import user_config_path

from granite_live.app.stored_data import DataKind, stored_data
from granite_live.audio.journal import sessions_dir
from granite_live.audio.journal.folders import FLAC_NAME, SessionLock
from granite_live.audio.journal.records import RECORDS_NAME
from granite_live.cli.main import run
from granite_live.library import Library
from granite_live.messages.session import AppMessage
from granite_live.settings import Settings, save_settings, settings_path
from granite_live.settings.vocabulary import (
    Term,
    TermSet,
    Vocabulary,
    save_vocabulary,
    vocabulary_path,
)
from granite_live.util import data_use, paths
from granite_live.util.errors import DataInUseError

GUARD_S = 60
SESSION = "2026-03-01_10-00-00"

KINDS = [kind.value for kind in DataKind]


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One thing of each kind in the folders of the program; returns a file of another program."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "autostart"))
    data = paths.data_dir()
    save_settings(Settings())
    session = sessions_dir() / SESSION
    session.mkdir(parents=True)
    (session / RECORDS_NAME).write_text('{"event": "opened"}\n')
    (session / FLAC_NAME).write_bytes(bytes(5000))
    Library.open().close()
    for file in ("models/mine/tokenizer.json", "prepared/mine-int8-0/graph", "threads.json",
                 "log/granite-live-worker.log", "unfinished/0123.jsonl", "server-token",
                 "server/work-left/sound", "unsaved/left/sound.pcm"):  # fmt: skip
        (data / file).parent.mkdir(parents=True, exist_ok=True)
        (data / file).write_bytes(bytes(100))
    other = data / "note of mine.txt"
    other.write_text("mine")
    return other


def kinds_here() -> list[str]:
    return [one.kind.value for one in stored_data() if one.paths]


def test_it_lists_everything_with_sizes_and_places(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["uninstall-data"]) == 0
    out = capsys.readouterr().out
    for kind in KINDS:
        assert f"\n{kind}" in f"\n{out}"
    assert f"{sessions_dir() / SESSION}: {FLAC_NAME}" in out
    assert f"{settings_path().parent}: 2 files and folders" in out
    assert "5.0 kB" in out
    assert kinds_here() == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_goes_and_the_others_stay(
    kind: str, stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["uninstall-data", kind, "--yes"]) == 0
    assert "were freed." in capsys.readouterr().out
    gone = {"sessions": {"sessions", "recordings"}}.get(kind, {kind})
    # The command itself logs: its file may be there again.
    assert set(kinds_here()) - {"logs"} == set(KINDS) - gone - {"logs"}
    assert (paths.log_dir() / "granite-live-worker.log").exists() == (kind != "logs")
    assert (sessions_dir() / SESSION / RECORDS_NAME).exists() == (kind != "sessions")
    assert (paths.config_dir() / "server-token").exists() == (kind != "settings")
    assert (paths.data_dir() / "server").exists() == (kind != "sessions")
    assert (paths.data_dir() / "unsaved").exists() == (kind != "sessions")
    assert stored.read_text() == "mine"


def test_all_leaves_only_what_is_of_others(stored: Path) -> None:
    assert run(["uninstall-data", "all", "--yes"]) == 0
    left = [one for one in paths.data_dir().rglob("*") if one.is_file()]
    assert [one for one in left if paths.log_dir() not in one.parents] == [stored]
    assert run(["uninstall-data", "all", "--yes"]) == 0


def test_links_are_removed_and_not_what_they_point_to(stored: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("mine")
    (paths.models_dir() / "link").symlink_to(elsewhere, target_is_directory=True)
    assert run(["uninstall-data", "models", "-y"]) == 0
    assert not paths.models_dir().exists()
    assert (elsewhere / "precious").read_text() == "mine"


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_it_asks(
    answer: str, code: int, stored: Path, monkeypatch: pytest.MonkeyPatch,
    answering: Callable[[str], None],
) -> None:  # fmt: skip
    answering(f"{answer}\n")
    assert run(["uninstall-data", "models", "logs"]) == code
    assert (paths.models_dir() / "mine").exists() == (code == 1)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that sets what a user types on a terminal."""
    import io

    def answer(typed: str) -> None:
        terminal = io.StringIO(typed)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", terminal)

    return answer


def test_on_a_terminal_the_kinds_are_typed(
    stored: Path, answering: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    answering("sesions\nsettings, prepared\ny\n")
    assert run(["uninstall-data"]) == 0
    out, err = capsys.readouterr()
    assert "There is no 'sesions'" in err
    assert "Remove settings (" in out
    assert set(KINDS) - set(kinds_here()) == {"settings", "prepared"}


def test_enter_chooses_nothing(stored: Path, answering: Callable[[str], None]) -> None:
    answering("\n")
    assert run(["uninstall-data"]) == 1
    assert kinds_here() == KINDS


def test_yes_alone_is_an_error(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["uninstall-data", "--yes"]) == 2
    assert run(["uninstall-data", "everything", "--yes"]) == 2
    assert kinds_here() == KINDS


def test_nothing_is_removed_under_a_running_program(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with data_use.using_data(), data_use.using_data():
        assert run(["uninstall-data", "all", "--yes"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: A window or another command of Granite Live uses the data in ")
    assert kinds_here() == KINDS


def test_nothing_is_removed_under_a_session_of_an_older_program(stored: Path) -> None:
    lock = SessionLock.acquire(sessions_dir() / SESSION)
    assert lock is not None
    try:
        assert run(["uninstall-data", "models", "--yes"]) == 2
    finally:
        lock.release()
    assert kinds_here() == KINDS


def test_a_command_waits_for_no_removal_and_says_so(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with data_use.claimed_data():
        assert run(["recover"]) == 2
    assert shows(capsys.readouterr().err, AppMessage.DATA_BEING_REMOVED)


def test_the_start_at_login_goes_with_the_settings(
    stored: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from granite_live.desktop import autostart

    if not sys.platform.startswith("linux"):
        pytest.skip("writes a desktop entry")
    autostart.enable(autostart.program_command())
    assert autostart.is_enabled()
    assert user_config_path().is_relative_to(tmp_path)
    assert run(["uninstall-data", "settings", "--yes"]) == 0
    assert not autostart.is_enabled()


@contextmanager
def program(*command: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "granite_live", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches a process otherwise there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_the_question_removes_nothing(stored: Path, number: signal.Signals) -> None:
    with program("uninstall-data", "all") as process:
        assert process.stdout is not None
        shown = ""
        while "cannot be undone" not in shown:
            shown += process.stdout.read(1)
        process.send_signal(number)
        _out, said = process.communicate(timeout=GUARD_S)
    assert process.returncode in (1, 128 + number)
    assert "Traceback" not in said
    assert kinds_here() == KINDS


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches a process otherwise there")
def test_a_running_command_is_noticed(stored: Path) -> None:
    """A command that reads from a pipe, which never ends by itself."""
    with program("transcribe", "-") as process:
        until_s = time.monotonic() + GUARD_S
        while not is_in_use():
            assert process.poll() is None
            assert time.monotonic() < until_s
            time.sleep(0.01)
        assert run(["uninstall-data", "logs", "--yes"]) == 2


def is_in_use() -> bool:
    try:
        with data_use.claimed_data():
            return False
    except DataInUseError:
        return True


def test_the_vocabulary_goes_with_the_settings() -> None:
    save_vocabulary(Vocabulary({"general": TermSet((Term("Lycophron"),))}))
    assert run(["uninstall-data", "settings", "--yes"]) == 0
    assert not vocabulary_path().exists()
