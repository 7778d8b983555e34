"""The edge between the program and its user: every ending becomes an exit code and a line.

What a user can mend is told in its own words. Anything else is a defect of ours: its
traceback goes to a private log file, and the user gets one line that names the file.
"""

from __future__ import annotations

import errno
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from granite_live.cli.signals import StopRequested
from granite_live.cli.streams import discard, output_error
from granite_live.errors import GraniteError, OutputError
from granite_live.logs import log_defect
from granite_live.printable import printable

EXIT_INCOMPLETE = 1  # the command did its work, but something is missing
EXIT_DEFECT = 70  # EX_SOFTWARE of sysexits.h
EXIT_INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended
EXIT_BROKEN_PIPE = 141  # and for one whose reader went away


def run_guarded(work: Callable[[], int]) -> int:
    """Run `work` and return its exit code, or the one for what it raised."""
    try:
        code = _guarded(work)
        sys.stdout.flush()
    except BrokenPipeError:
        code = EXIT_BROKEN_PIPE
        discard(sys.stdout)
    except (OSError, OutputError) as error:  # only the flush is left to fail
        if code != OutputError.exit_code:  # else it was told why nothing came of the work
            tell(f"error: {output_error(error) if isinstance(error, OSError) else error}")
        code = OutputError.exit_code
        discard(sys.stdout)
    return code


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except GraniteError as error:
        tell(f"error: {error}")
        return error.exit_code
    except KeyboardInterrupt as interrupt:
        tell("Interrupted.")
        return interrupt.exit_code if isinstance(interrupt, StopRequested) else EXIT_INTERRUPTED
    except typer.Abort:  # Ctrl-C, or no answer, where a question was asked
        tell("Cancelled.")
        return EXIT_INCOMPLETE
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            tell("error: The disk is full: make room and try again.")
            return OutputError.exit_code
        # This is the outermost edge: nothing may leave as a traceback.
        tell(_defect(error))
        return EXIT_DEFECT


@contextmanager
def threads_guarded() -> Iterator[None]:
    """Let what a thread dies of go the way of any other defect while the body runs."""

    def hook(died: threading.ExceptHookArgs) -> None:
        if died.exc_value is not None:
            tell(_defect(died.exc_value))

    before, threading.excepthook = threading.excepthook, hook
    try:
        yield
    finally:
        threading.excepthook = before


def use_utf8() -> None:
    """Make the standard streams UTF-8, whatever the locale says.

    A transcript is text in five languages; under LC_ALL=C Python would refuse to print
    it. What is not UTF-8 (in a file's name) is shown as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a test's stream may have none
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _defect(error: BaseException) -> str:
    what = f"error: Granite Live failed: {type(error).__name__}"
    try:
        path = log_defect(error)
    except OSError as log_error:
        return f"{what}: {error} (no log was written: {log_error.strerror})."
    return f"{what}. This is a defect; please report it with the details in {path}."


def tell(line: str) -> None:
    """Write a line to standard error, whatever it holds; that nobody can read it is no trouble."""
    try:
        print(printable(line), file=sys.stderr, flush=True)  # noqa: T201 - the last resort
    except OSError:
        return  # the exit code still tells
