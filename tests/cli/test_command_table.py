"""The list of commands that the help shows without importing them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from granite_live.cli.command_table import COMMANDS, load_command


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    command = load_command(name)
    assert command.name == name
    assert " ".join(command.help.split("\n\n")[0].split()) == COMMANDS[name].summary


def test_the_help_imports_no_command() -> None:
    program = (
        "import sys; from granite_live.cli.main import run; run(['--help']);"
        "print([one for one in sys.modules if one.startswith('granite_live.cli.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    imported = done.stdout.splitlines()[-1]
    for spec in COMMANDS.values():
        module = f"'granite_live.cli.{spec.place.partition(':')[0]}'"
        assert module not in imported or module == "'granite_live.cli.main'"
