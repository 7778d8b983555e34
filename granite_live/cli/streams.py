"""Prepares the standard streams, whatever their state at start."""

from __future__ import annotations

import errno
import os
import sys
from io import BufferedReader, FileIO, TextIOWrapper
from typing import IO, BinaryIO, TypedDict

from granite_live.util.errors import OutputError

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


def discard(stream: IO[str]) -> None:
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
            discard(self)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError:
            discard(self)


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _binary(descriptor: int) -> BinaryIO:
    # `open` handles Windows consoles, `FileIO` does not.
    return open(descriptor, "wb", closefd=False)
