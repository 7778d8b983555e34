"""The command line application: all commands, `--version` and the default action.

Importing it loads no model, decoder or numpy; commands import what they need when they run.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from granite_live import __version__
from granite_live.cli.command_table import COMMANDS, CommandGroup
from granite_live.cli.exit_status import (
    print_error,
    reporting_thread_defects,
    run_guarded,
    use_utf8,
)
from granite_live.cli.signals import handle_stop_signals
from granite_live.util import logs

if TYPE_CHECKING:
    from granite_live.cli.rendering import WritePdf

_USAGE_ERROR: Any = typer.BadParameter.__mro__[1]
"""Click's UsageError, from the Click that Typer uses (its own or the installed one)."""

app = typer.Typer(
    name="granite-live",
    cls=CommandGroup,
    add_completion=False,
    # Plain help and one-line errors are easier to read and to search.
    rich_markup_mode=None,
    # `exit_status` handles exceptions; typer would print the values of all variables.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class WindowOpener(Protocol):
    """Opens the window. Passed in, because the command line must not import the GUI."""

    def can_open_window(self) -> bool:
        """Return whether there is a display."""

    def open_window(self, files: Sequence[Path] = (), *, in_tray: bool = False) -> int:
        """Open the window; return the exit code when it is closed."""

    def pdf_writer(self) -> WritePdf:
        """Return what writes PDF files, see `cli.rendering.PdfFrontEnd`."""


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
    is_command = first.startswith("-") or first in COMMANDS
    if first and not is_command and Path(first).exists():
        return ["window", *arguments]
    return list(arguments)


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
