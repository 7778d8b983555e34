"""Where results go: one file each in a folder, or one after the other on standard output."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TextIO

from granite_live.cli.notes import Notes
from granite_live.errors import OutputError
from granite_live.transcript.export import BINARY_FORMATS
from granite_live.transcript.files import write_whole


class Results(Protocol):
    """Takes the finished result of each recording, in order: text, or the bytes of a file."""

    def put(self, recording: Path, result: str | bytes) -> None:
        """Deliver one result.

        Raises:
            OutputError: It cannot be written.
        """


class StreamResults:
    """Writes results to a stream. Where they would run together, a line names each.

    The line is that of `head` and `tail`, which people know. A JSON result is a line of
    its own and names its recording, so several make a JSON Lines stream. What is not text goes
    to a file or another program only, and alone.

    Raises:
        OutputError: The stream is for text.
    """

    def __init__(self, stream: TextIO, format_name: str, count: int) -> None:
        if format_name in BINARY_FORMATS and (count > 1 or stream.isatty()):
            raise OutputError(
                f"A {format_name} file is no text to show: give a folder for it with --output-dir, "
                f"or, for a single recording, send it to a file with > NAME.{format_name}."
            )
        self._stream = stream
        self._named = count > 1 and format_name != "json"
        self._written = 0

    def put(self, recording: Path, result: str | bytes) -> None:
        """Write one result and pass it on at once.

        Raises:
            OutputError: The stream takes no more.
            BrokenPipeError: Nobody reads it any more.
        """
        if self._named:
            self._write(recording, f"{chr(10) if self._written else ''}==> {recording} <==\n")
        self._written += 1
        self._write(recording, result)

    def _write(self, recording: Path, result: str | bytes) -> None:
        try:
            if isinstance(result, str):
                self._stream.write(result)
            else:
                self._stream.buffer.write(result)
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(
                f"The result of '{recording}' cannot be written to standard output "
                f"({(error.strerror or str(error)).lower()})."
            ) from error


class FolderResults:
    """Writes `<stem>.<format>` into a folder, which is made if it is missing.

    Two recordings of one stem get numbered names; a file from an earlier call is
    replaced, a recording never.

    Raises:
        OutputError: The folder cannot be made or written to.
    """

    def __init__(
        self, folder: Path, format_name: str, recordings: Sequence[Path], notes: Notes
    ) -> None:
        self._folder = folder
        self._notes = notes
        _make_writable(folder)
        self._names = _names(recordings, format_name, folder)
        for recording, name in self._names.items():
            if name != f"{recording.stem}.{format_name}":
                notes.say(f"'{recording}' goes to '{name}', for another file has its name.")

    def put(self, recording: Path, result: str | bytes) -> None:
        """Write one result, whole or not at all.

        Raises:
            OutputError: It cannot be written.
        """
        path = self._folder / self._names[recording]
        write_whole(path, result)
        self._notes.say(f"'{recording}' -> '{path}'")


def _names(recordings: Sequence[Path], format_name: str, folder: Path) -> dict[Path, str]:
    """Return each recording's file name in the folder; no two the same, whatever the case."""
    inputs = {recording.resolve() for recording in recordings}
    wanted = {recording.stem.casefold() for recording in recordings}
    names: dict[Path, str] = {}
    taken: set[str] = set()
    for recording in recordings:
        if recording in names:
            continue
        stem, number = recording.stem, 1
        while (
            stem.casefold() in taken
            or (number > 1 and stem.casefold() in wanted)
            or (folder / f"{stem}.{format_name}").resolve() in inputs
        ):
            number += 1
            stem = f"{recording.stem}-{number}"
        taken.add(stem.casefold())
        names[recording] = f"{stem}.{format_name}"
    return names


def _make_writable(folder: Path) -> None:
    """Make the folder and try it: better now than after an hour of transcribing."""
    probe = folder / f".{secrets.token_hex(8)}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTDIR):
            why = "a file is in the way; choose another folder"
        elif error.errno in (errno.EACCES, errno.EPERM):
            why = "it may not be written to; choose another folder"
        else:
            why = (error.strerror or str(error)).lower()
        raise OutputError(f"The folder '{folder}' cannot be used for results: {why}.") from error
