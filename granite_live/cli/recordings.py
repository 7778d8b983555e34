"""Which recordings the arguments of `transcribe` mean."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from granite_live.app.folder_watch import MEDIA_SUFFIXES
from granite_live.util.errors import AudioError

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording to transcribe: the file at `path`, or standard input."""

    path: Path
    is_standard_input: bool = False

    @classmethod
    def from_standard_input(cls) -> Recording:
        """Return the recording that comes from standard input."""
        return cls(Path("-"), is_standard_input=True)

    @property
    def stem(self) -> str:
        """The name of its result without the extension."""
        return "stdin" if self.is_standard_input else self.path.stem

    def __str__(self) -> str:
        """Return its name for messages."""
        return "standard input" if self.is_standard_input else f"'{self.path}'"


@dataclass(frozen=True, slots=True)
class FoundRecordings:
    """The recordings in order, and a sentence for each invalid argument."""

    recordings: tuple[Recording, ...]
    problems: tuple[str, ...]


def find_recordings(
    arguments: Sequence[str | os.PathLike[str]], *, recursive: bool = False
) -> FoundRecordings:
    """Return the recordings of the command line arguments, without duplicates.

    A folder stands for its media files, sorted by name; with `recursive`, also those in subfolders.
    "-" stands for standard input. Files are not opened.
    """
    found: dict[str, Recording] = {}
    problems = []
    for argument in arguments:
        try:
            for recording in _expand_argument(argument, recursive=recursive):
                found.setdefault(_identity(recording), recording)
        except AudioError as error:
            problems.append(str(error))
    return FoundRecordings(tuple(found.values()), tuple(problems))


def _expand_argument(argument: str | os.PathLike[str], *, recursive: bool) -> Iterator[Recording]:
    if argument == "-":
        yield Recording.from_standard_input()
        return
    text = os.fspath(argument)
    path = Path(text)
    if _ADDRESS.match(text) and not os.path.lexists(path):
        raise AudioError(
            f"'{text}' is an address, and recordings are never downloaded: "
            f"download the file and give its path."
        )
    if not text:
        raise AudioError("A recording's name is empty: give the path of a file.")
    if not os.path.isdir(path):  # noqa: PTH112 - unlike pathlib it fails for no name
        yield Recording(path)
        return
    files = _media_files(path, recursive=recursive)
    if not files:
        hint = "" if recursive else "; use --recursive to search the folders below it, too"
        raise AudioError(f"The folder '{path}' holds no audio or video files{hint}.")
    yield from map(Recording, files)


def _media_files(folder: Path, *, recursive: bool) -> list[Path]:
    """Return a folder's media files by name, without hidden files; do not follow links.

    Raises:
        AudioError: The folder cannot be read.
    """
    found = []

    def fail(error: OSError) -> None:
        reason = (error.strerror or str(error)).lower()
        raise AudioError(f"The folder '{error.filename}' cannot be read ({reason}).") from error

    for root, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith(".")) * recursive
        found += [
            Path(root, name)
            for name in sorted(names)
            if not name.startswith(".") and Path(name).suffix.lower() in MEDIA_SUFFIXES
        ]
    return found


def _identity(recording: Recording) -> str:
    """Return the key of a file regardless of its path. Never fails."""
    return "-" if recording.is_standard_input else os.path.realpath(recording.path)
