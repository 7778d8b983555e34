"""Open a media file or standard input for FFmpeg, and nothing else."""

from __future__ import annotations

import io
import os
import stat
import tempfile
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import av

from granite_live.audio.tracks import Track, list_tracks
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError
from granite_live.util.printable import printable

# What PyAV raises for damaged input: FFmpeg's errors, those of reading the file, and those of
# numpy and Python for inconsistent frames.
DECODING_ERRORS = (av.FFmpegError, OSError, ValueError, ArithmeticError, MemoryError)

# PyAV before 19 raises for metadata that is not UTF-8 without this argument; PyAV 19 replaces such
# bytes and rejects the argument.
_METADATA_ARGUMENTS: dict[str, Any] = (
    {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
)

# The first bytes of formats that list other files or addresses.
_PLAYLIST_STARTS = (b"#EXTM3U", b"ffconcat", b"[playlist]", b"<MPD", b"v=0\n", b"v=0\r\n")


def open_file(path: Path) -> BinaryIO:
    """Open a regular file for reading.

    Raises:
        AudioError: The file does not exist, cannot be read, or is empty.
    """
    name = quote_path(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise AudioError(RecordingMessage.IS_FOLDER(name=name))
        if not stat.S_ISREG(status.st_mode):
            raise AudioError(RecordingMessage.NOT_ORDINARY_FILE(name=name))
        if status.st_size == 0:
            raise AudioError(RecordingMessage.EMPTY(name=name))
        # Unbuffered: FFmpeg has its own buffer and reads straight from C, so that no Python code
        # runs which Ctrl-C could interrupt and PyAV would have to swallow.
        return path.open("rb", buffering=0)
    except FileNotFoundError as error:
        # pathlib joins two slashes; a drive letter comes first.
        if ":/" in str(path)[2:]:
            advice = RecordingMessage.LOOKS_LIKE_ADDRESS()
        else:
            advice = RecordingMessage.CHECK_PATH()
        raise AudioError(RecordingMessage.NOT_FOUND(name=name, advice=advice)) from error
    except PermissionError as error:
        raise AudioError(RecordingMessage.NO_READ_PERMISSION(name=name)) from error
    except (OSError, ValueError) as error:
        raise AudioError(
            RecordingMessage.UNOPENABLE(name=name, reason=decoding_error_reason(error))
        ) from error


class SeekableFile(Protocol):
    """A file that FFmpeg can read."""

    def read(self, size: int = -1, /) -> bytes | None:
        """Return up to `size` bytes."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Set the position and return it."""

    def tell(self) -> int:
        """Return the position."""


class _Source:
    """The file as given to FFmpeg: an artificial name, and functions to read.

    Only the extension is real; it helps with formats that have no signature.
    """

    def __init__(self, ending: str, file: SeekableFile) -> None:
        is_plain = ending[1:].isascii() and ending[1:].isalnum()
        self.name = f"recording{ending if is_plain else ''}"
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell


def open_container(name: str, ending: str, file: SeekableFile) -> av.container.InputContainer:
    """Open the container; every other file that it requests is empty.

    Args:
        name: The name of the file in messages.
        ending: The file name extension with the dot, or "".
        file: The file at position 0.

    Raises:
        AudioError: FFmpeg does not know the format, or the file lists other files.
        OSError: The file cannot be read.
    """
    head = file.read(512) or b""
    file.seek(0)
    asked_for: list[str] = []

    def refuse(url: str, flags: int, options: dict[str, str]) -> BinaryIO:
        # PyAV would print an exception raised here if FFmpeg tries a second file.
        asked_for.append(url)
        return io.BytesIO()

    playlist = AudioError(RecordingMessage.PLAYLIST(name=name))
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_PLAYLIST_STARTS):
        raise playlist
    try:
        container: av.container.InputContainer = av.open(
            _Source(ending, file),
            "r",
            **_METADATA_ARGUMENTS,
            io_open=refuse,
            # No protocol has this name, so none is allowed.
            container_options={"protocol_whitelist": "none"},
        )
    except DECODING_ERRORS as error:
        if asked_for:
            raise playlist from error
        if isinstance(error, OSError) and not isinstance(error, av.FFmpegError):
            raise
        if head[4:8] == b"ftyp":
            raise AudioError(RecordingMessage.MP4_INDEX_MISSING(name=name)) from error
        raise AudioError(RecordingMessage.UNKNOWN_FORMAT(name=name)) from error
    if asked_for:
        container.close()
        raise playlist
    return container


def audio_tracks(name: str, container: av.container.InputContainer) -> tuple[Track, ...]:
    """Return the audio tracks, at least one.

    Raises:
        AudioError: There is none.
    """
    tracks = list_tracks(container)
    if tracks:
        return tracks
    if container.streams.video and container.format.name != "tty":
        raise AudioError(RecordingMessage.NO_AUDIO_TRACK(name=name))
    raise AudioError(RecordingMessage.NOT_MEDIA(name=name))


def select_stream(container: av.container.InputContainer, track: Track) -> av.AudioStream:
    """Return the stream of `track`; packets of the others are discarded."""
    discard = getattr(av.stream, "Discard", None)  # since PyAV 17; demuxing is slower before
    for stream in container.streams:
        if discard is not None and stream.index != track.index:
            stream.discard = discard.all
    return container.streams.audio[track.number - 1]


def quote_path(path: Path) -> str:
    """Return the path in quotes, safe to show."""
    return f"'{printable(path)}'"


def decoding_error_reason(error: BaseException) -> str:
    """Return the message of the system or FFmpeg for an error, for use in a sentence."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return text[:1].lower() + text[1:]


_COPY_BYTES = 1 << 20


def spool_to_file(stream: BinaryIO) -> BinaryIO:
    """Return a seekable file at position 0 with everything that `stream` delivers.

    A stream that is a regular file (`< talk.wav`) is used directly. Everything else is copied to
    a temporary file that only this user can read. The file has no name (POSIX) or is deleted when
    it is closed (Windows), so nothing of it outlives the program.

    Raises:
        AudioError: The stream is empty or cannot be read, or the disk is full.
    """
    ordinary = _ordinary_file(stream)
    if ordinary is not None:
        return ordinary
    file: BinaryIO | None = None
    try:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        _copy(stream, file)
        size = file.tell()
        file.seek(0)
    except BaseException as error:
        if file is not None:
            file.close()
        if isinstance(error, OSError):
            raise AudioError(
                RecordingMessage.STANDARD_INPUT_NOT_KEPT(
                    folder=tempfile.gettempdir(),
                    reason=(error.strerror or str(error)).lower(),
                )
            ) from error
        raise
    if not size:
        file.close()
        raise AudioError(RecordingMessage.STANDARD_INPUT_EMPTY())
    return file


def _ordinary_file(stream: BinaryIO) -> BinaryIO | None:
    """Return another handle of the stream's file if that is a regular file at its start."""
    try:
        descriptor = stream.fileno()
        if not stat.S_ISREG(os.fstat(descriptor).st_mode) or stream.tell() != 0:
            return None
        if os.fstat(descriptor).st_size == 0:
            raise AudioError(RecordingMessage.STANDARD_INPUT_EMPTY())
        return os.fdopen(os.dup(descriptor), "rb", buffering=0)
    except (OSError, io.UnsupportedOperation, AttributeError):
        return None


def _copy(stream: BinaryIO, file: BinaryIO) -> None:
    try:
        read = stream.read1  # type: ignore[attr-defined]  # returns the available bytes
    except AttributeError:
        read = stream.read
    while True:
        try:
            piece = read(_COPY_BYTES)
        except OSError as error:
            raise AudioError(
                RecordingMessage.STANDARD_INPUT_UNREADABLE(
                    reason=(error.strerror or str(error)).lower()
                )
            ) from error
        if not piece:
            return
        view = memoryview(piece)
        while view:  # an unbuffered file may take fewer bytes
            view = view[file.write(view) :]
