"""Maps every outcome of a command to an exit code and a message.

A `GraniteError` is shown as its message. Any other exception is a bug: its traceback goes to a
private log file, and the message names the file.
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
from granite_live.util.errors import GraniteError, OutputError
from granite_live.util.logs import log_defect
from granite_live.util.printable import printable

EXIT_INCOMPLETE = 1  # the command did its work, but something is missing
EXIT_DEFECT = 70  # EX_SOFTWARE of sysexits.h
EXIT_INTERRUPTED = 130  # what a shell reports after Ctrl-C
EXIT_BROKEN_PIPE = 141  # what a shell reports after SIGPIPE


def run_guarded(work: Callable[[], int]) -> int:
    """Run `work` and return its exit code, or the one for what it raised."""
    try:
        code = _guarded(work)
        sys.stdout.flush()
    except BrokenPipeError:
        code = EXIT_BROKEN_PIPE
        discard(sys.stdout)
    except (OSError, OutputError) as error:  # only the flush can still fail
        if code != OutputError.exit_code:  # otherwise already reported
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
    except typer.Abort:  # Ctrl-C or end of input at a prompt
        tell("Cancelled.")
        return EXIT_INCOMPLETE
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            tell("error: The disk is full: make room and try again.")
            return OutputError.exit_code
        # The last handler: no traceback may reach the user.
        tell(_defect(error))
        return EXIT_DEFECT


@contextmanager
def threads_guarded() -> Iterator[None]:
    """Report exceptions that end a thread as bugs while the block runs."""

    def hook(died: threading.ExceptHookArgs) -> None:
        if died.exc_value is not None:
            tell(_defect(died.exc_value))

    before, threading.excepthook = threading.excepthook, hook
    try:
        yield
    finally:
        threading.excepthook = before


def use_utf8() -> None:
    """Make the standard streams UTF-8 regardless of the locale.

    Under LC_ALL=C Python could not print transcripts. Bytes of file names that are not UTF-8 are
    shown as escapes.
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
    """Write a line to standard error, escaped; ignore a failure to write."""
    try:
        print(printable(line), file=sys.stderr, flush=True)  # noqa: T201 - the last resort
    except OSError:
        return  # the exit code still reports the failure
