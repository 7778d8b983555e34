"""Read the commands and options of `granite-live` into plain values.

Everything comes from the command line's own definition, so what is written from it cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import typer
import typer.main

from granite_live.cli.main import app

PROGRAM = "granite-live"
_FILES = {"PATH", "FILE", "FILES", "NAME|PATH", "DIR|URL"}
_FOLDERS = {"DIR"}


@dataclass(frozen=True)
class Parameter:
    """An option or an argument.

    `value` is the placeholder of the value ("" for a flag), `choices` are the possible values if
    they can be listed, `completes` is "file", "folder" or "".
    """

    names: tuple[str, ...]
    value: str
    choices: tuple[str, ...]
    completes: str
    help: str


@dataclass(frozen=True)
class Command:
    """A command with its options, arguments and subcommands; `path` begins with the program."""

    path: tuple[str, ...]
    summary: str
    help: tuple[str, ...]
    usage: str
    options: tuple[Parameter, ...]
    arguments: tuple[Parameter, ...]
    commands: tuple[Command, ...]

    @property
    def name(self) -> str:
        """Return the words to type."""
        return " ".join(self.path)

    def walk(self) -> Iterator[Command]:
        """Yield this command and all below it."""
        yield self
        for command in self.commands:
            yield from command.walk()


def read() -> Command:
    """Return the whole command line."""
    return _command(typer.main.get_command(app), (PROGRAM,), None)


def _command(command: Any, path: tuple[str, ...], parent: Any) -> Command:
    context = type(command).context_class(
        command, info_name=path[-1], parent=parent, **command.context_settings
    )
    paragraphs = tuple(_one_line(text) for text in (command.help or "").split("\n\n"))
    parameters = command.get_params(context)
    arguments = [p for p in parameters if p.param_type_name == "argument"]
    usage = [
        _argument(p).names[0] if p.required else f"[{_argument(p).names[0]}]" for p in arguments
    ]
    if hasattr(command, "commands"):
        usage.append("COMMAND ...")
    return Command(
        path=path,
        summary=re.split(r"(?<=\.)\s", paragraphs[0])[0].rstrip("."),
        help=paragraphs,
        usage=" ".join([*path, "[OPTIONS]", *usage]),
        options=tuple(
            _option(p, context)
            for p in parameters
            if p.param_type_name == "option" and not p.hidden
        ),
        arguments=tuple(map(_argument, arguments)),
        commands=tuple(
            _command(below, (*path, name), context)
            for name, below in _below(command, context)
            if not below.hidden
        ),
    )


def _below(command: Any, context: Any) -> list[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        return []
    # The main command imports its commands when they are asked for.
    return [(name, command.get_command(context, name)) for name in command.list_commands(context)]


def _option(option: Any, context: Any) -> Parameter:
    # The second part of the record has the help with the default and the range.
    _, text = option.get_help_record(context)
    choices = _choices(option)
    value = "" if option.is_flag else option.metavar or "|".join(choices) or "VALUE"
    return Parameter(
        names=(*sorted(option.opts, key=len), *option.secondary_opts),
        value=value,
        choices=choices,
        completes=_completes(value),
        help=_same_everywhere(_one_line(text)),
    )


def _argument(argument: Any) -> Parameter:
    value = (argument.metavar or argument.name.upper()).strip("[]")
    return Parameter(
        names=(value + ("..." if argument.nargs == -1 else ""),),
        value=value,
        choices=(),
        completes=_completes(value),
        help=_same_everywhere(_one_line(argument.help or "")),
    )


def _choices(option: Any) -> tuple[str, ...]:
    members = getattr(option.type, "choices", ())
    if members:
        return tuple(one.value if isinstance(one, Enum) else str(one) for one in members)
    parts = (option.metavar or "").split("|")
    # "fp32|int8" are values; "ID|NAME" and "all|N-days" hold placeholders.
    return tuple(parts) if len(parts) > 1 and all(part == part.lower() for part in parts) else ()


def _completes(value: str) -> str:
    return "folder" if value in _FOLDERS else "file" if value in _FILES else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _same_everywhere(text: str) -> str:
    """Return the text without the number of cores of this computer."""
    return re.sub(r"1 to \d+, the number of", "1 to the number of", text)
