"""Settings that cannot be used stop no command: the defaults apply, and a line says so."""

from __future__ import annotations

import pytest

from granite_live.cli.main import run
from granite_live.settings import settings_path


@pytest.mark.parametrize("content", [b"", b'{"keep": "te', b'{"keep": "text", "tier": "int4"}'])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["transcribe", "nothing.wav"], 2),
        (["listen", "--source", "nothing.wav"], 2),
        (["recover"], 0),
        (["settings"], 0),
        (["models", "show"], 0),
    ],
)
def test_each_command_works_and_says_it_once(
    content: bytes, arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    settings_path().write_bytes(content)
    assert run(arguments) == code
    warned = capsys.readouterr().err
    (aside,) = settings_path().parent.glob("settings.damaged-*.json")
    assert aside.read_bytes() == content
    assert warned.count(str(aside)) == 1
    assert "Traceback" not in warned
    assert run(arguments) == code
    assert str(aside) not in capsys.readouterr().err
