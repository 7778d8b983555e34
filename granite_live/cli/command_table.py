"""The commands by name. A command is imported when it is called, so that `--help` is fast."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import typer
import typer.core
import typer.main

_PACKAGE = "granite_live.cli"


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """Where a command is, as "module:name", and the first paragraph of its help."""

    place: str
    summary: str


COMMANDS: dict[str, CommandSpec] = {
    "transcribe": CommandSpec(
        "transcribe:transcribe",
        "Turn recordings into text or subtitles.",
    ),
    "listen": CommandSpec(
        "live_commands:listen",
        "Turn live sound into text while you speak.",
    ),
    "recover": CommandSpec(
        "live_commands:recover",
        "Finish sessions that a crash left behind: transcribe what has no text yet.",
    ),
    "devices": CommandSpec(
        "live_commands:devices",
        "List the inputs: microphones, and the computer's own sound.",
    ),
    "watch": CommandSpec(
        "watch:watch",
        "Transcribe each recording of a folder as soon as it is complete.",
    ),
    "align": CommandSpec(
        "align:align",
        "Find when each word of a text is said, and write subtitles of the text.",
    ),
    "search": CommandSpec(
        "search:search",
        "Find where something was said in the stored sessions.",
    ),
    "check": CommandSpec(
        "subtitles:check",
        "Compare a subtitle file with the rules for subtitles.",
    ),
    "retime": CommandSpec(
        "subtitles:retime",
        "Shift and stretch the times of a subtitle file.",
    ),
    "toggle": CommandSpec(
        "control:toggle",
        "Start recording in the running window, or stop it. 'listen' pauses and goes on instead.",
    ),
    "start": CommandSpec(
        "control:start",
        "Start recording in the running window, or go on after a pause.",
    ),
    "stop": CommandSpec(
        "control:stop",
        "End the recording of the running window or 'listen'. The last words still get their text.",
    ),
    "pause": CommandSpec(
        "control:pause",
        "Pause the recording of the running window or 'listen'; 'start' goes on.",
    ),
    "cancel": CommandSpec(
        "control:cancel",
        "Cancel the dictation: what was said since it began is not typed.",
    ),
    "captions": CommandSpec(
        "control:captions",
        "Show or hide the captions of the running window.",
    ),
    "dictate": CommandSpec(
        "control:dictate",
        "Start or end dictating with the running window; the text goes where the focus is.",
    ),
    "status": CommandSpec(
        "control:status",
        "Show what the running window or 'listen' does.",
    ),
    "serve": CommandSpec(
        "serve:serve",
        "Serve other programs of this computer: transcription as with OpenAI's API, live events.",
    ),
    "settings": CommandSpec(
        "settings:settings",
        "Show the settings, or change one.",
    ),
    "doctor": CommandSpec(
        "doctor:doctor",
        "Check whether everything works here. Takes some seconds, and listens for one second.",
    ),
    "bench": CommandSpec(
        "bench:bench",
        "Measure a model on this machine. Close other programs first.",
    ),
    "prove": CommandSpec(
        "prove:prove",
        "Compare models on recordings whose text is known. Nothing is sent.",
    ),
    "uninstall-data": CommandSpec(
        "uninstall_data:uninstall_data",
        "List what the program has stored on this computer, and remove what you choose.",
    ),
    "window": CommandSpec(
        "main:window",
        "Open the window. This is what 'granite-live' alone does where there is a display.",
    ),
    "models": CommandSpec(
        "models:app",
        "Download, list, check, prepare and remove models.",
    ),
    "vocabulary": CommandSpec(
        "vocabulary:app",
        "Names and terms that the recognizer listens for.",
    ),
}
"""All commands in the order of the help."""


def load_command(name: str) -> Any:
    """Import a command and return it as Typer makes it."""
    module, _, attribute = COMMANDS[name].place.partition(":")
    found = getattr(importlib.import_module(f"{_PACKAGE}.{module}"), attribute)
    if isinstance(found, typer.Typer):
        command: Any = typer.main.get_group(found)
    else:
        alone = typer.Typer(
            add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
        )
        alone.command(name)(found)
        command = typer.main.get_command(alone)
    command.name = name
    return command


class CommandGroup(typer.core.TyperGroup):
    """All commands; each is imported when it is used."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            self.commands[cmd_name] = load_command(cmd_name)
        return self.commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands from the table, without importing them."""
        limit = formatter.width - 6 - max(map(len, COMMANDS))
        rows = []
        for name, spec in COMMANDS.items():
            shown = typer.core.TyperCommand(name, help=spec.summary)
            rows.append((name, shown.get_short_help_str(limit)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)
