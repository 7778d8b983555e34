"""Write several sessions as files into one folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.util.errors import GraniteError, OutputError
from granite_live.util.files import write_error, write_output

if TYPE_CHECKING:
    from granite_live.library import SavedSession
    from granite_live.transcript.export.options import ExportOptions
    from granite_live.transcript.model import RecordingTranscript

    WriteFile = Callable[[RecordingTranscript, str, ExportOptions], bytes]

_NAME_CHARS, _NAME_BYTES = 80, 200
"""File systems limit the bytes of a name, so long names of other scripts are cut earlier."""


def file_name(title: str) -> str:
    """Return the title without the characters that file names must not contain."""
    name = "".join(
        "-" if char in '/\\:*?"<>|' or not char.isprintable() else char for char in title
    )
    short = name.strip(" .…")[:_NAME_CHARS].encode(errors="replace")[:_NAME_BYTES]
    return short.decode(errors="ignore").strip() or "transcript"


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """The result of an export.

    Attributes:
        written: The files, in the order of the sessions.
        empty: How many sessions have no text and therefore no file.
        failed: The sentences about the sessions that could not be written.
        is_canceled: Whether the rest was left out.
    """

    written: tuple[Path, ...]
    empty: int
    failed: tuple[str, ...]
    is_canceled: bool


def export_sessions(
    sessions: Sequence[tuple[SavedSession, str]],
    folder: Path,
    format_name: str,
    options: ExportOptions,
    *,
    write: WriteFile | None = None,
    on_progress: Callable[[int], object] = lambda _done: None,
    is_canceled: Callable[[], bool] = lambda: False,
) -> ExportSummary:
    """Write one file for each session that has text. Existing files stay as they are.

    A name that is taken gets a number: "Meeting (2).txt". A session that cannot be written does not
    keep the others from it.

    Args:
        sessions: The sessions with their titles.
        folder: An existing folder.
        format_name: One of `FORMATS` or `BINARY_FORMATS`, or another one of `write`.
        options: The options of the format.
        write: Returns the bytes of a file, None for `render_file`.
        on_progress: Called with the number of finished sessions, in this thread.
        is_canceled: Asked before each session.

    Raises:
        HistoryError: The library cannot be opened.
    """
    from granite_live.library import Library
    from granite_live.transcript.export import render_file

    write = write or render_file
    written: list[Path] = []
    failed: list[str] = []
    empty = 0
    with Library.open() as library:
        for done, (session, title) in enumerate(sessions):
            if is_canceled():
                return ExportSummary(tuple(written), empty, tuple(failed), is_canceled=True)
            try:
                recording = library.recording(session.id)
                if any(one.text for one in recording.utterances):
                    content = write(recording, format_name, options)
                    written.append(_write_new(folder, file_name(title), format_name, content))
                else:
                    empty += 1
            except GraniteError as error:
                failed.append(str(error))
            on_progress(done + 1)
    return ExportSummary(tuple(written), empty, tuple(failed), is_canceled=False)


def _write_new(folder: Path, name: str, suffix: str, content: bytes) -> Path:
    """Write a file whose name is not taken; return its path.

    Raises:
        OutputError: It cannot be written.
    """
    number = 1
    while True:
        path = folder / (f"{name}.{suffix}" if number == 1 else f"{name} ({number}).{suffix}")
        try:
            path.touch(exist_ok=False)  # from now on no other program can take the name
            break
        except FileExistsError:
            number += 1
        except (OSError, ValueError) as error:
            raise write_error(path, error) from error
    try:
        write_output(path, content)
    except OutputError:
        path.unlink(missing_ok=True)
        raise
    return path
