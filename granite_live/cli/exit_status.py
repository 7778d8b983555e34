"""How a command ends: exit codes, errors as sentences, and standard streams in any state."""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO, TextIOWrapper
from typing import IO, BinaryIO, TypedDict

import typer

from granite_live.cli.signals import StopRequested
from granite_live.util.data_use import using_data
from granite_live.util.errors import GraniteError, OutputError
from granite_live.util.logs import log_exception
from granite_live.util.printable import printable

_STDIN, _STDOUT, _STDERR = range(3)


class _Encoding(TypedDict):
    encoding: str
    errors: str


# Under LC_ALL=C Python could not print transcripts.
_ENCODING = _Encoding(encoding="utf-8", errors="backslashreplace")


def prepare_standard_streams() -> None:
    """Make the three standard streams usable. Call once, first of all.

    A closed descriptor is reopened on the null device: otherwise the next opened file would get its
    number and receive messages. Standard output is reopened read-only, so that writing results
    fails.

    Afterwards `sys.stdout` raises `OutputError` if it cannot be written, and `sys.stderr` never
    raises: unwritable messages are dropped.
    """
    for descriptor, mode in ((_STDIN, os.O_RDONLY), (_STDOUT, os.O_RDONLY), (_STDERR, os.O_WRONLY)):
        if not _is_open(descriptor):
            # The lowest free number is given, and all below are open: it is this one.
            os.set_inheritable(os.open(os.devnull, mode), True)
    if sys.stdin is None:
        sys.stdin = TextIOWrapper(
            BufferedReader(FileIO(_STDIN, "r", closefd=False)), encoding="utf-8"
        )
    is_terminal = os.isatty(_STDOUT)
    sys.stdout = _ResultStream(_binary(_STDOUT), **_ENCODING, line_buffering=is_terminal)
    sys.stderr = _MessageStream(_binary(_STDERR), **_ENCODING, line_buffering=True)


def require_open(stream: IO[str]) -> None:
    """Raise if results cannot be written to `stream`.

    Raises:
        OutputError: The stream is closed.
    """
    try:
        os.write(stream.fileno(), b"")
    except OSError as error:
        if error.errno == errno.EBADF:
            raise output_error(error) from error
    except ValueError:
        return  # a stream in memory


def output_error(error: OSError) -> OutputError:
    """Return the error for a failed write to standard output."""
    if error.errno == errno.EBADF:
        return OutputError(
            "Standard output is closed: send the results to a file or to another program."
        )
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"Standard output cannot be written to ({reason}).")


def redirect_to_null(stream: IO[str]) -> None:
    """Redirect the stream's descriptor to the null device, to drop buffered data."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class _ResultStream(TextIOWrapper):
    """Raises `OutputError` on a failed write; a broken pipe stays a `BrokenPipeError`."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise output_error(error) from error

    def flush(self) -> None:
        try:
            super().flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise output_error(error) from error


class _MessageStream(TextIOWrapper):
    """Drops unwritable messages: they must not stop the work."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError:
            redirect_to_null(self)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError:
            redirect_to_null(self)


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _binary(descriptor: int) -> BinaryIO:
    # `open` handles Windows consoles, `FileIO` does not.
    return open(descriptor, "wb", closefd=False)


EXIT_INCOMPLETE = 1  # the command did its work, but something is missing
EXIT_DEFECT = 70  # EX_SOFTWARE of sysexits.h
EXIT_INTERRUPTED = 130  # what a shell reports after Ctrl-C
EXIT_BROKEN_PIPE = 141  # what a shell reports after SIGPIPE


def run_guarded(work: Callable[[], int], *, uses_data: bool = False) -> int:
    """Run `work` and return its exit code, or the one for what it raised.

    With `uses_data` the data of the program cannot be removed meanwhile.
    """
    try:
        code = _exit_code_of(_holding_data(work) if uses_data else work)
        sys.stdout.flush()
    except BrokenPipeError:
        code = EXIT_BROKEN_PIPE
        redirect_to_null(sys.stdout)
    except (OSError, OutputError) as error:  # only the flush can still fail
        if code != OutputError.exit_code:  # otherwise already reported
            print_error(f"error: {output_error(error) if isinstance(error, OSError) else error}")
        code = OutputError.exit_code
        redirect_to_null(sys.stdout)
    return code


def _holding_data(work: Callable[[], int]) -> Callable[[], int]:
    def held() -> int:
        with using_data():
            return work()

    return held


def _exit_code_of(work: Callable[[], int]) -> int:
    try:
        return work()
    except GraniteError as error:
        print_error(f"error: {error}")
        return error.exit_code
    except KeyboardInterrupt as interrupt:
        print_error("Interrupted.")
        return interrupt.exit_code if isinstance(interrupt, StopRequested) else EXIT_INTERRUPTED
    except typer.Abort:  # Ctrl-C or end of input at a prompt
        print_error("Canceled.")
        return EXIT_INCOMPLETE
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            print_error("error: The disk is full: free some space and try again.")
            return OutputError.exit_code
        # The last handler: no traceback may reach the user.
        print_error(_defect_message(error))
        return EXIT_DEFECT


@contextmanager
def reporting_thread_defects() -> Iterator[None]:
    """Report exceptions that end a thread as bugs while the block runs."""

    def hook(died: threading.ExceptHookArgs) -> None:
        if died.exc_value is not None:
            print_error(_defect_message(died.exc_value))

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


def _defect_message(error: BaseException) -> str:
    what = f"error: Granite Live failed: {type(error).__name__}"
    try:
        path = log_exception(error)
    except OSError as log_error:
        return f"{what}: {error} (no log was written: {log_error.strerror})."
    return f"{what}. This is a bug; please report it with the details in {path}."


def print_error(line: str) -> None:
    """Write a line to standard error, escaped; ignore a failure to write."""
    try:
        print(printable(line), file=sys.stderr, flush=True)  # noqa: T201 - the last resort
    except OSError:
        return  # the exit code still reports the failure
