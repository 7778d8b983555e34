"""Where results go: standard output, one file, or a folder with a file for each recording."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from granite_live.cli.exit_status import require_open
from granite_live.cli.recordings import Recording
from granite_live.cli.stored_settings import TranscribeRequest
from granite_live.cli.terminal import Messages
from granite_live.transcript.export import BINARY_FORMATS as _BINARY_WRITERS
from granite_live.transcript.export.options import PDF
from granite_live.util.errors import OutputError
from granite_live.util.files import write_error, write_output
from granite_live.util.printable import printable


class TargetExistsError(OutputError):
    """The result's file exists already."""


def check_target(path: Path, *, overwrite: bool) -> None:
    """Raise if a result cannot be written to `path`.

    Raises:
        TargetExistsError: The file exists and must not be replaced.
        OutputError: The name is too long or a folder, or the file is write-protected.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise write_error(path, error) from error
    if stat.S_ISDIR(mode):
        raise write_error(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    if not overwrite:
        raise TargetExistsError(f"'{path}' exists already.")
    if not mode & 0o222:
        raise OutputError(
            f"'{path}' is write-protected and is not replaced: take the protection away, or "
            f"choose another name."
        )


def check_folder(folder: Path, *, create: bool = False) -> None:
    """Try to create a file in `folder`, before hours of work depend on it.

    Args:
        folder: The folder.
        create: Create it if it is missing.

    Raises:
        OutputError: Files cannot be created.
    """
    probe = folder / f".{secrets.token_hex(8)}.part"
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except (OSError, ValueError) as error:
        code = error.errno if isinstance(error, OSError) else None
        if code in (errno.EEXIST, errno.ENOTDIR):
            why = "a file has that name; choose another folder"
        elif code in (errno.EACCES, errno.EPERM):
            why = "you do not have permission to write to it; choose another folder"
        elif code == errno.ENOENT:
            why = "it does not exist; create it or choose another"
        else:
            why = (getattr(error, "strerror", None) or str(error)).lower()
        raise OutputError(f"The folder '{folder}' cannot be used for results: {why}.") from error


def result_file_names(
    recordings: Sequence[Recording], format_name: str, folder: Path
) -> Mapping[Recording, str]:
    """Return the file name of each recording's result in `folder`.

    The name is `<stem>.<format>`, with a number if two recordings would share it (ignoring case) or
    if it is a recording itself.
    """
    inputs = {os.path.realpath(one.path) for one in recordings if not one.is_standard_input}
    wanted = {one.stem.casefold() for one in recordings}
    names: dict[Recording, str] = {}
    taken: set[str] = set()
    for recording in recordings:
        stem, number = recording.stem, 1
        while (
            stem.casefold() in taken
            or (number > 1 and stem.casefold() in wanted)
            or os.path.realpath(folder / f"{stem}.{format_name}") in inputs
        ):
            number += 1
            stem = f"{recording.stem}-{number}"
        taken.add(stem.casefold())
        names[recording] = f"{stem}.{format_name}"
    return names


BINARY_FORMATS = frozenset((*_BINARY_WRITERS, PDF))
"""Formats whose results are bytes."""

# These formats cannot be concatenated: their numbers and times would restart.
_SINGLE_FORMATS = frozenset(("srt", "vtt", "ass", "lrc", "csv", *BINARY_FORMATS))
# A Markdown heading and a JSON object name their recording.
_NAMED_FORMATS = frozenset(("md", "json"))


class StreamClosedError(OutputError):
    """Standard output accepts no more results, so the remaining recordings are skipped."""


class ResultWriter(Protocol):
    """Receives the result of each recording in order: text or bytes."""

    def put(self, recording: Recording, result: str | bytes) -> None:
        """Deliver one result.

        Raises:
            OutputError: It cannot be written.
        """


class StreamResultWriter:
    """Writes results to a stream, with a line naming each if there are several.

    The line has the form that `head` and `tail` use. JSON results name their recording and need
    none; several form a JSON Lines stream.

    Raises:
        OutputError: The stream is closed or accepts only text, or the format cannot be
            concatenated.
    """

    def __init__(self, stream: IO[str], format_name: str, count: int) -> None:
        if format_name in BINARY_FORMATS and stream.isatty():
            raise OutputError(
                f"A {format_name} file is not text: write it to a file with "
                f"--output NAME.{format_name}."
            )
        if format_name in _SINGLE_FORMATS and count > 1:
            raise OutputError(
                f"Several {format_name} results one after the other are not a valid {format_name} "
                f"file: give a folder for them with --output-dir."
            )
        require_open(stream)
        self._stream = stream
        self._is_named = count > 1 and format_name not in _NAMED_FORMATS
        self._is_separated = count > 1 and format_name != "json"
        self._written = 0

    def put(self, recording: Recording, result: str | bytes) -> None:
        """Write one result and flush the stream.

        Raises:
            StreamClosedError: The stream accepts no more.
            BrokenPipeError: The reader has closed the stream.
        """
        name = "standard input" if recording.is_standard_input else printable(recording.path)
        heading = "\n" if self._is_separated and self._written else ""
        if self._is_named:
            heading += f"==> {name} <==\n"
        self._written += 1
        try:
            self._stream.write(heading)
            if isinstance(result, str):
                self._stream.write(result)
            else:
                self._stream.flush()
                self._stream.buffer.write(result)  # type: ignore[attr-defined]
                self._stream.buffer.flush()  # type: ignore[attr-defined]
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OutputError as error:
            raise StreamClosedError(str(error)) from error
        except OSError as error:
            raise StreamClosedError(
                f"The result of {recording} cannot be written to standard output "
                f"({(error.strerror or str(error)).lower()})."
            ) from error


class NamedFile:
    """A file that the user named as the output.

    Raises:
        OutputError: The file cannot be written, or exists and must not be replaced.
    """

    def __init__(self, path: Path, *, overwrite: bool) -> None:
        self._path = path
        # Devices and named pipes are written directly; they cannot be replaced.
        self.is_special = os.path.exists(path) and not (  # noqa: PTH110 - fails for no name
            os.path.isfile(path) or os.path.isdir(path)  # noqa: PTH112, PTH113
        )
        if self.is_special:
            return
        try:
            check_target(path, overwrite=overwrite)
        except TargetExistsError as error:
            raise OutputError(
                f"{error} Give --overwrite to replace it, or choose another name."
            ) from error

    def write(self, content: str | bytes) -> None:
        """Write the whole content, atomically where a file can be replaced.

        Raises:
            OutputError: It cannot be written.
        """
        if self.is_special:
            self._write_through(content)
        else:
            write_output(self._path, content)

    def _write_through(self, content: str | bytes) -> None:
        data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
        try:
            self._path.write_bytes(data)
        except OSError as error:
            raise write_error(self._path, error) from error


class FileResultWriter:
    """Writes the result of a single recording to a named file.

    Raises:
        OutputError: The file cannot be written or exists already, or there are several recordings.
    """

    def __init__(
        self, path: Path, recordings: Sequence[Recording], notes: Messages, *, overwrite: bool
    ) -> None:
        if len(recordings) > 1:
            raise OutputError(
                f"--output takes the result of one recording, and these are {len(recordings)}: "
                f"give a folder with --output-dir."
            )
        self._path, self._notes = path, notes
        self._file = NamedFile(path, overwrite=overwrite)
        if self._file.is_special:
            return
        target = os.path.realpath(path)
        if any(os.path.realpath(recording.path) == target for recording in recordings):
            raise OutputError(f"'{path}' is the recording itself: choose another name.")
        check_folder(Path(target).parent)

    def put(self, recording: Recording, result: str | bytes) -> None:
        """Write the result atomically.

        Raises:
            OutputError: It cannot be written.
        """
        self._file.write(result)
        self._notes.info(f"{recording} -> '{self._path}'")


class FolderResultWriter:
    """Writes one file per recording into a folder, which is created if missing.

    Recordings with the same stem get numbered names. Existing files are replaced only on request,
    recordings never.

    Raises:
        OutputError: The folder cannot be created or written, or results exist already.
    """

    def __init__(
        self, request: TranscribeRequest, recordings: Sequence[Recording], notes: Messages
    ) -> None:
        assert request.output_dir is not None
        self._folder, self._notes = request.output_dir, notes
        check_folder(self._folder, create=True)
        names = result_file_names(recordings, request.format_name, self._folder)
        self._paths = {one: self._folder / name for one, name in names.items()}
        self.problems: dict[Recording, str] = {}
        """Recordings whose results could not be written, and why."""
        self.existing: tuple[Recording, ...] = ()
        """Recordings whose results exist already and are skipped on request."""
        existing = self._check(request)
        if existing and not request.skip_existing:
            raise OutputError(_exist_already([self._paths[one] for one in existing], self._folder))
        self.existing = tuple(existing)
        self._tell(names, request.format_name)

    def put(self, recording: Recording, result: str | bytes) -> None:
        """Write one result atomically.

        Raises:
            OutputError: It cannot be written.
        """
        path = self._paths[recording]
        write_output(path, result)
        self._notes.info(f"{recording} -> '{path}'")

    def _check(self, request: TranscribeRequest) -> list[Recording]:
        existing = []
        for recording, path in self._paths.items():
            try:
                check_target(path, overwrite=request.overwrite)
            except TargetExistsError:
                existing.append(recording)
            except OutputError as error:
                self.problems[recording] = str(error)
        return existing

    def _tell(self, names: Mapping[Recording, str], format_name: str) -> None:
        for recording, name in names.items():
            if recording in self.existing:
                self._notes.info(f"{recording} is skipped: '{self._paths[recording]}' exists.")
            elif name != f"{recording.stem}.{format_name}" and recording not in self.problems:
                self._notes.info(f"{recording} is written to '{name}', because its name is taken.")


def _exist_already(paths: Sequence[Path], folder: Path) -> str:
    if len(paths) == 1:
        return (
            f"'{paths[0]}' exists already: give --overwrite to replace it, --skip-existing to "
            f"leave it and do the others, or choose another folder."
        )
    return (
        f"{len(paths)} results exist already in '{folder}', such as '{paths[0].name}': give "
        f"--overwrite to replace them, --skip-existing to keep them and transcribe the others, or "
        f"choose another folder."
    )
