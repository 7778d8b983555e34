"""Exit codes agree with the last sentence, and docs/exit-codes.md lists all of them."""

from __future__ import annotations

import io
import re
import signal
from pathlib import Path

import pytest

from granite_live.cli import exit_status
from granite_live.cli.listen import ListenRequest, listen
from granite_live.cli.live_commands import recover_sessions
from granite_live.cli.main import run
from granite_live.cli.signals import StopRequest, StopRequested
from granite_live.session.messages import ModelSpec
from granite_live.settings import Settings
from granite_live.util.errors import GraniteError
from granite_live.util.paths import assets_dir

DOCUMENT = Path(__file__).parents[2] / "docs" / "exit-codes.md"
SAMPLES = assets_dir() / "samples"


def documented() -> set[int]:
    rows = re.findall(r"^\| ([0-9, ]+) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    return {int(code) for row in rows for code in row.split(",")}


def test_all_codes_are_documented() -> None:
    codes = {value for name, value in vars(exit_status).items() if name.startswith("EXIT_")}
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        codes.add(StopRequested(number).exit_code)
    assert documented() == codes | {0, GraniteError.exit_code}


def test_every_command_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    text = DOCUMENT.read_text("utf-8")
    for arguments in ([], ["models"]):
        assert run([*arguments, "--help"]) == 0
        commands = capsys.readouterr().out.partition("Commands:")[2]
        for name in re.findall(r"^  ([a-z-]+) ", commands, re.MULTILINE):
            if name not in ("models", "window"):
                assert f"`{' '.join([*arguments, name])}`" in text


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["settings"], 0),
        (["models", "list"], 0),
        (["models", "where"], 0),
        (["recover"], 0),
        (["settings", "colour"], 2),
        (["settings", "keep", "forever"], 2),
        (["transcribe", "nothing.wav"], 2),
        (["listen", "--source", "nothing.wav"], 2),
        (["listen", "--nonsense"], 2),
        (["models", "show", "nothing"], 2),
        (["models", "remove", "nothing", "--yes"], 2),
        (["bench", "--bundle", "nothing"], 2),
    ],
)
def test_codes_of_commands(arguments: list[str], code: int) -> None:
    assert run(arguments) == code


NO_MODEL = ModelSpec("/nothing/here", None, "cpu")


def test_a_session_without_text_is_incomplete_and_names_the_remedy(tmp_path: Path) -> None:
    """For example the model was removed, or memory is too small for it."""
    out, err = io.StringIO(), io.StringIO()
    request = ListenRequest(NO_MODEL, source=SAMPLES / "welcome.flac", save=tmp_path)
    assert listen(request, StopRequest(), out, err) == 1
    assert out.getvalue() == ""
    told = err.getvalue().splitlines()
    assert "warning: 4 of 4 utterances have no text." in told
    assert told[-1] == f"warning: granite-live recover --save {tmp_path} creates the missing text."
    # `recover` cannot load it either, so the session stays as it is.
    out, err = io.StringIO(), io.StringIO()
    code = recover_sessions(NO_MODEL, Settings(), tmp_path, StopRequest(), out, err)
    assert code == 1
    (session,) = tmp_path.iterdir()
    assert f"warning: {session}: 4 of 4 utterances have no text." in err.getvalue().splitlines()
    assert (session / "sound.pcm").is_file()


def test_a_question_without_an_answer_is_a_no(
    bundle_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["models", "import", str(bundle_dir), "--name", "mine", "--no-prepare"]) == 0
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run(["models", "remove", "mine"]) == 1
    assert capsys.readouterr().err == "Canceled.\n"
    assert run(["models", "show", "mine"]) == 0
