"""The command line application: all commands, `--version` and the default action.

Importing it loads no model, decoder or numpy; commands import what they need when they run.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from granite_live import __version__
from granite_live.cli import control, live_commands, models, vocabulary
from granite_live.cli.align import align
from granite_live.cli.bench import bench
from granite_live.cli.doctor import doctor
from granite_live.cli.exit_status import (
    print_error,
    reporting_thread_defects,
    run_guarded,
    use_utf8,
)
from granite_live.cli.prove import prove
from granite_live.cli.search import search
from granite_live.cli.serve import serve
from granite_live.cli.settings import settings
from granite_live.cli.signals import handle_stop_signals
from granite_live.cli.subtitles import check, retime
from granite_live.cli.transcribe import transcribe
from granite_live.cli.uninstall_data import uninstall_data
from granite_live.cli.watch import watch
from granite_live.util import logs

_USAGE_ERROR: Any = typer.BadParameter.__mro__[1]
"""Click's UsageError, from the Click that Typer uses (its own or the installed one)."""

app = typer.Typer(
    name="granite-live",
    add_completion=False,
    # Plain help and one-line errors are easier to read and to search.
    rich_markup_mode=None,
    # `exit_status` handles exceptions; typer would print the values of all variables.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(transcribe)
app.command()(live_commands.listen)
app.command()(live_commands.recover)
app.command()(live_commands.devices)
app.command()(watch)
app.command()(align)
app.command()(search)
app.command()(check)
app.command()(retime)
app.command()(control.toggle)
app.command()(control.start)
app.command()(control.stop)
app.command()(control.pause)
app.command()(control.cancel)
app.command()(control.captions)
app.command()(control.dictate)
app.command()(control.status)
app.command()(serve)
app.command()(settings)
app.command()(doctor)
app.command()(bench)
app.command()(prove)
app.command()(uninstall_data)
app.add_typer(models.app, name="models")
app.add_typer(vocabulary.app, name="vocabulary")


class WindowOpener(Protocol):
    """Opens the window. Passed in, because the command line must not import the GUI."""

    def can_open_window(self) -> bool:
        """Return whether there is a display."""

    def open_window(self, files: Sequence[Path] = (), *, in_tray: bool = False) -> int:
        """Open the window; return the exit code when it is closed."""


@app.command()
def window(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILES]", help="Recordings to transcribe.")
    ] = None,
    in_tray: Annotated[
        bool, typer.Option("--in-tray", help="Start in the tray, if the settings allow that.")
    ] = False,
) -> None:
    """Open the window. This is what 'granite-live' alone does where there is a display."""
    opener: WindowOpener | None = context.obj
    if opener is None:
        raise typer.BadParameter("there is no window in this program")
    raise typer.Exit(
        run_guarded(lambda: opener.open_window(files or (), in_tray=in_tray), uses_data=True)
    )


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"granite-live {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Private live captions, dictation and transcription on your own computer."""
    if context.invoked_subcommand is not None:
        return
    opener: WindowOpener | None = context.obj
    if opener is not None and opener.can_open_window():
        raise typer.Exit(run_guarded(opener.open_window, uses_data=True))
    typer.echo(context.get_help())


def open_files_in_window(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the command `window` before files, as file managers pass them.

    A first argument that names a command or an option stays what it is.
    """
    first = arguments[0] if arguments else ""
    is_command = first.startswith("-") or first in _command_names()
    if first and not is_command and Path(first).exists():
        return ["window", *arguments]
    return list(arguments)


def _command_names() -> set[str]:
    commands = [
        one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands
    ]
    return {*commands, *(str(group.name) for group in app.registered_groups)}


def run(arguments: list[str] | None = None, window: WindowOpener | None = None) -> int:
    """Run `arguments` (default: those of the process) and return the exit code."""
    use_utf8()
    with logs.log_to_file(crashes=True), reporting_thread_defects(), handle_stop_signals():
        return run_guarded(lambda: _exit_code(arguments, window))


def _exit_code(arguments: list[str] | None, window: WindowOpener | None) -> int:
    try:
        given = sys.argv[1:] if arguments is None else arguments
        code = app(
            open_files_in_window(given), prog_name="granite-live", obj=window, standalone_mode=False
        )
    except _USAGE_ERROR as error:
        return _print_usage_error(error)
    except SystemExit as done:
        # Typer converts a broken pipe to exit code 1.
        if isinstance(done.__context__, BrokenPipeError):
            raise done.__context__ from None
        return done.code if isinstance(done.code, int) else 0
    return code if isinstance(code, int) else 0


def _print_usage_error(error: Any) -> int:
    """Print the usage and the error, and return the exit code.

    Typer would print the user's input unescaped.
    """
    if error.ctx is not None:
        print_error(error.ctx.get_usage())
        print_error(f"Try '{error.ctx.command_path} --help' for help.")
    print_error(f"Error: {error.format_message()}")
    return int(error.exit_code)
