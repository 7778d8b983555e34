"""The standard streams as the command line needs them, whatever state the process gets them in."""

from __future__ import annotations

import errno
import os
import sys
from io import BufferedReader, FileIO, TextIOWrapper
from typing import IO, BinaryIO, TypedDict

from granite_live.errors import OutputError

_STDIN, _STDOUT, _STDERR = range(3)


class _Encoding(TypedDict):
    encoding: str
    errors: str


# A transcript is text in five languages; under LC_ALL=C Python would refuse to print it.
_ENCODING = _Encoding(encoding="utf-8", errors="backslashreplace")


def prepare_standard_streams() -> None:
    """Make the three standard streams of this process usable. To be called once, first of all.

    A closed descriptor is reopened on the null device: otherwise the next file that the program
    opens would get its number, and notes would land in that file. Standard output is reopened for
    reading only, so that writing results to it fails as it should.

    Afterwards `sys.stdout` raises `OutputError` when it cannot be written to, and `sys.stderr`
    never raises: messages that nobody can read are dropped.
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
    """Do nothing if results can be written to `stream`, as far as can be known beforehand.

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
    """Return the error to tell when standard output fails with `error`."""
    if error.errno == errno.EBADF:
        return OutputError(
            "Standard output is closed: send the results to a file or to another program."
        )
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"Standard output cannot be written to ({reason}).")


def discard(stream: IO[str]) -> None:
    """Point the stream's descriptor at the null device, so that what it still holds can go."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class _ResultStream(TextIOWrapper):
    """Raises `OutputError` for what cannot be written; a reader that went away stays an OSError."""

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
    """Drops what cannot be written: a message that nobody can read must not stop the work."""

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
    # `open`, not `FileIO`: on Windows it knows what a console needs.
    return open(descriptor, "wb", closefd=False)
