"""The command reference, the manual page and the completions follow from the commands."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
COMPLETIONS = REPOSITORY / "packaging" / "completions"
MANUAL_PAGE = REPOSITORY / "packaging" / "man" / "granite-live.1"

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, encoding="utf-8"
    )


def completed(*words: str) -> set[str]:
    """Return what bash offers in place of the last word."""
    script = (
        'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _granite_live; '
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = run("bash", "-c", script, "bash", COMPLETIONS / "granite-live.bash", *words)
    return set(done.stdout.split())


def test_all_files_are_current() -> None:
    """If this fails, run `make reference`."""
    done = run(sys.executable, REPOSITORY / "tools" / "command_line" / "update.py", "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("shell", "name"),
    [("bash", "granite-live.bash"), ("zsh", "_granite-live"), ("fish", "granite-live.fish")],
)
def test_shells_accept_their_completions(shell: str, name: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    done = run(shell, "-n", COMPLETIONS / name)
    assert (done.returncode, done.stderr) == (0, "")


@needs_bash
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["granite-live", "tr"], {"transcribe"}),
        (["granite-live", "models", "ver"], {"verify"}),
        (["granite-live", "transcribe", "--form"], {"--format"}),
        (["granite-live", "transcribe", "--format", "s"], {"srt"}),
        (["granite-live", "transcribe", "-q", "--graphs", "p"], {"published", "prepared"}),
        (["granite-live", "models", "download", "--no"], {"--no-prepare"}),
        (["granite-live", "listen", "--seconds", ""], set()),
    ],
)
def test_bash_offers_what_can_follow(words: list[str], offered: set[str]) -> None:
    assert completed(*words) == offered


@needs_bash
def test_bash_offers_files_with_spaces_as_one_word(tmp_path: Path) -> None:
    (tmp_path / "a talk.mp3").touch()
    script = (
        'source "$1"; COMP_WORDS=(granite-live transcribe "$2"); COMP_CWORD=2; _granite_live; '
        'printf "%s" "${#COMPREPLY[@]}:${COMPREPLY[0]}"'
    )
    file = COMPLETIONS / "granite-live.bash"
    done = run("bash", "-c", script, "bash", file, f"{tmp_path}/a")
    assert done.stdout == f"1:{tmp_path}/a talk.mp3"


@pytest.mark.skipif(
    shutil.which("man") is None or shutil.which("groff") is None, reason="there is no man here"
)
def test_the_manual_page_is_shown_without_a_warning() -> None:
    done = run("man", "--warnings", "--local-file", MANUAL_PAGE)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("granite-live models download", "--editing-passes", "EXIT STATUS"):
        assert words in done.stdout
