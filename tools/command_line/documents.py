"""Write the command reference (Markdown) and the manual page (roff)."""

from __future__ import annotations

import re

from tree import Command, Parameter

_ENVIRONMENT = (
    ("GRANITE_LIVE_HOME", "Folder of models, sessions, settings and logs."),
    ("HF_ENDPOINT", "A mirror to download models from in place of https://huggingface.co."),
    ("HF_TOKEN", "Access token; it is sent to the hub or its mirror only."),
    ("HF_HUB_OFFLINE", "If this is 1, no model is downloaded from the hub."),
)
_EXIT_CODES = (
    ("0", "Everything that was asked for is there."),
    ("1", "The command did its work, but something is missing; standard error says what."),
    ("2", "Nothing could be done: wrong options, an unreadable input, no usable model."),
    ("70", "A defect of the program. Standard error names the log file."),
    ("129, 130, 143", "Ended by SIGHUP, Ctrl-C (SIGINT) or SIGTERM before it was done."),
    ("141", "The reader of standard output went away."),
)
_FILES = (
    ("~/.local/share/granite-live", "Models, sessions and the list of sessions."),
    ("~/.config/granite-live", "Settings."),
    ("~/.local/state/granite-live/log", "Log files."),
)


def markdown(program: Command) -> str:
    """Return docs/guide/commands.md."""
    lines = [
        "# Command reference",
        "",
        "<!-- Written by tools/command_line/update.py: change the commands, then run "
        "`make reference`. -->",
        "",
        "`granite-live COMMAND --help` shows the same in the terminal. What scripts can rely on is",
        "in [Exit codes](../exit-codes.md).",
    ]
    for command in program.walk():
        lines += ["", f"{'#' * (len(command.path) + 1)} `{command.name}`"]
        for paragraph in command.help:
            lines += ["", _escaped(paragraph)]
        lines += ["", f"    {command.usage}"]
        lines += _table("Argument", command.arguments)
        lines += _table("Option", command.options)
        if command.commands:
            lines += ["", "| Command | |", "|---|---|"]
            lines += [
                f"| [`{below.path[-1]}`](#{_anchor(below.name)}) | {_escaped(below.summary)} |"
                for below in command.commands
            ]
    lines += ["", "## Environment variables", "", "| Variable | |", "|---|---|"]
    lines += [f"| `{name}` | {text} |" for name, text in _ENVIRONMENT]
    return "\n".join(lines) + "\n"


def _table(title: str, parameters: tuple[Parameter, ...]) -> list[str]:
    if not parameters:
        return []
    rows = [f"| `{_spelled(p, title)}` | {_escaped(p.help)} |" for p in parameters]
    return ["", f"| {title} | |", "|---|---|", *rows]


def _spelled(parameter: Parameter, title: str) -> str:
    names = ", ".join(parameter.names)
    value = f" {parameter.value}" if title == "Option" and parameter.value else ""
    return (names + value).replace("|", "\\|")


def _escaped(text: str) -> str:
    return re.sub(r"([<>|*_])", r"\\\1", text)


def _anchor(name: str) -> str:
    return name.replace(" ", "-")


def manual_page(program: Command, version: str) -> str:
    """Return the manual page granite-live(1)."""
    lines = [
        '.\\" Written by tools/command_line/update.py: change the commands, then run it.',
        f'.TH GRANITE-LIVE 1 "" "granite-live {version}" "User Commands"',
        ".SH NAME",
        "granite-live \\- private live captions, dictation and transcription",
        ".SH SYNOPSIS",
        *_usage(program),
        ".SH DESCRIPTION",
        *_paragraphs(program.help),
        ".PP",
        _roff(
            "Without a command it opens the window where there is a display, else it prints help."
        ),
        ".SH OPTIONS",
        *_tagged(program.options),
        ".SH COMMANDS",
    ]
    for command in list(program.walk())[1:]:
        lines += [f".SS {_roff(' '.join(command.path[1:]))}", *_usage(command), ".PP"]
        lines += _paragraphs(command.help)
        lines += _tagged(command.arguments + command.options)
    for title, rows in (
        ("EXIT STATUS", _EXIT_CODES),
        ("ENVIRONMENT", _ENVIRONMENT),
        ("FILES", _FILES),
    ):
        lines.append(f".SH {title}")
        for name, text in rows:
            lines += [".TP", f"\\fB{_roff(name)}\\fR", _roff(text)]
    lines += [
        ".SH EXAMPLES",
        ".nf",
        "granite-live transcribe talk.mp4 \\-\\-output talk.srt",
        "granite-live listen \\-\\-system\\-sound",
        "granite-live models download",
        ".fi",
    ]
    return "\n".join(lines) + "\n"


def _usage(command: Command) -> list[str]:
    rest = command.usage.removeprefix(command.name).strip()
    return [f"\\fB{_roff(command.name)}\\fR {_roff(rest)}"]


def _paragraphs(paragraphs: tuple[str, ...]) -> list[str]:
    lines = [_roff(paragraphs[0])]
    for paragraph in paragraphs[1:]:
        lines += [".PP", _roff(paragraph)]
    return lines


def _tagged(parameters: tuple[Parameter, ...]) -> list[str]:
    lines: list[str] = []
    for parameter in parameters:
        names = ", ".join(f"\\fB{_roff(name)}\\fR" for name in parameter.names)
        is_option = parameter.names[0].startswith("-")
        value = f" \\fI{_roff(parameter.value)}\\fR" if is_option and parameter.value else ""
        lines += [".TP", names + value, _roff(parameter.help)]
    return lines


def _roff(text: str) -> str:
    """Return text for roff: no escapes, no hyphen for a minus, no request at a line's start."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
