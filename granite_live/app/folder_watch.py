"""Watch a folder for new recordings, each of which is taken once nobody writes to it any more.

The system reports changes, so nothing is searched again and again. What was not taken when the
program ended is found again by the next watch, because the caller says which files are wanted.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Self

from granite_live.messages.recording import FolderMessage
from granite_live.util.errors import AudioError
from granite_live.util.lifecycle import Closeable

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent, FileSystemEventHandler


QUIET_S = 5.0
"""Where the system does not say that a file is still open, it is taken this long after its last
change."""

_CLOSED_BY_WRITER = frozenset(("closed",))
_CHANGED = frozenset(("created", "modified", "moved"))
_GONE = frozenset(("deleted", "moved"))
_F_SETSIG = 10  # of Linux's fcntl.h


class FolderWatch(Closeable):
    """The files of a folder that are waiting to be taken.

    Files that are there already and wanted come first, by name, then new ones in the order in which
    they were completed.
    """

    def __init__(
        self,
        folder: Path,
        is_wanted: Callable[[Path], bool],
        *,
        recursive: bool = False,
        is_being_written: Callable[[Path], bool | None] | None = None,
    ) -> None:
        """Begin to watch.

        Args:
            folder: The folder.
            is_wanted: Says of a file's path whether it is to be taken.
            recursive: Whether the folders below it are watched, too.
            is_being_written: Says whether another program writes to a file; None: unknown.

        Raises:
            AudioError: The folder cannot be watched.
        """
        from watchdog.observers import Observer

        self._folder = folder
        self._is_wanted = is_wanted
        self._is_being_written = is_being_written or is_being_written_here
        self._news = threading.Condition()
        # When each file may be taken, by the monotonic clock; None: not before it is closed.
        self._waiting: dict[Path, float | None] = {}
        # Time and size of the files that were taken: the system reports one change several times.
        self._taken: dict[Path, tuple[int, int]] = {}
        self._is_stopped = False
        self._problem: AudioError | None = None
        try:
            # Read the folder first: watchdog keeps a thread for one that it cannot watch.
            os.scandir(folder).close()
            self._observer = Observer()
            with ExitStack() as undo:
                undo.callback(self.close)
                self._observer.schedule(_handler(self._handle), str(folder), recursive=recursive)
                self._observer.start()
                # After the watch began, so that no file is missed between the two.
                self._find_existing(recursive=recursive)
                undo.pop_all()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise AudioError(FolderMessage.UNWATCHABLE(folder=folder, reason=reason)) from error

    def take(self) -> Path | None:
        """Wait for the next file and return it, None after `stop`.

        Raises:
            AudioError: The folder is gone.
        """
        with self._news:
            while True:
                if self._is_stopped:
                    return None
                now_s = time.monotonic()
                times = [at_s for at_s in self._waiting.values() if at_s is not None]
                ready = [
                    path
                    for path, at_s in self._waiting.items()
                    if at_s is not None and at_s <= now_s
                ]
                for path in ready:
                    del self._waiting[path]
                    if self._is_new(path):
                        return path
                if ready:
                    continue
                if self._problem is not None:
                    raise self._problem
                self._news.wait(min(times) - now_s if times else None)

    def _is_new(self, path: Path) -> bool:
        """Note that a file is taken; return False if it was and has not changed since."""
        try:
            facts = path.stat()
        except OSError:  # it is gone, of which an event will tell
            return False
        state = facts.st_mtime_ns, facts.st_size
        if self._taken.get(path) == state or not self._is_wanted(path):
            return False
        self._taken[path] = state
        return True

    def stop(self) -> None:
        """Make `take` return None. For any thread."""
        with self._news:
            self._is_stopped = True
            self._news.notify_all()

    def close(self) -> None:
        """End the watch."""
        self.stop()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def __enter__(self) -> Self:
        return self

    def _find_existing(self, *, recursive: bool) -> None:
        for root, folders, names in os.walk(self._folder, onerror=_raise):
            folders[:] = sorted(name for name in folders if not name.startswith(".")) * recursive
            for name in sorted(names):
                self._changed(Path(root, name))

    def _handle(self, event: FileSystemEvent) -> None:
        """Note a change. Called in the observer's thread."""
        path = Path(os.fsdecode(event.src_path))
        if event.event_type in _GONE:
            with self._news:
                self._waiting.pop(path, None)
                self._taken.pop(path, None)
                if path == self._folder:
                    self._problem = AudioError(FolderMessage.GONE(folder=path))
                self._news.notify_all()
        if event.is_directory:
            return
        if event.event_type in _CLOSED_BY_WRITER:
            self._put(path, time.monotonic())
        elif event.event_type in _CHANGED:
            self._changed(Path(os.fsdecode(event.dest_path)) if event.dest_path else path)

    def _changed(self, path: Path) -> None:
        is_written = self._is_being_written(path)
        if is_written is None:
            self._put(path, time.monotonic() + QUIET_S)
        else:
            self._put(path, None if is_written else time.monotonic())

    def _put(self, path: Path, at_s: float | None) -> None:
        if not path.is_file() or not self._is_wanted(path):
            return
        with self._news:
            self._waiting[path] = at_s
            self._news.notify_all()


class FolderWatchTask:
    """A watch that reports each file. `run` blocks and belongs in a thread; `stop` is for any."""

    def __init__(
        self, folder: Path, is_wanted: Callable[[Path], bool], *, recursive: bool = False
    ) -> None:
        """Store the arguments, see `FolderWatch`."""
        self._folder, self._is_wanted, self._recursive = folder, is_wanted, recursive
        self._lock = threading.Lock()
        self._watch: FolderWatch | None = None
        self._is_stopped = False

    def run(self, on_file: Callable[[Path], None]) -> None:
        """Call `on_file` in this thread for each complete file, until `stop`.

        Raises:
            AudioError: The folder cannot be watched, or is gone.
        """
        with FolderWatch(self._folder, self._is_wanted, recursive=self._recursive) as watch:
            with self._lock:
                self._watch = watch
                if self._is_stopped:
                    return
            while (path := watch.take()) is not None:
                on_file(path)

    def stop(self) -> None:
        """End the watch. Returns at once."""
        with self._lock:
            self._is_stopped = True
            if self._watch is not None:
                self._watch.stop()


def _handler(handle: Callable[[FileSystemEvent], None]) -> FileSystemEventHandler:
    """Return a handler that passes every event to `handle`."""
    from watchdog.events import FileSystemEventHandler

    class Handler(FileSystemEventHandler):
        def dispatch(self, event: FileSystemEvent) -> None:
            handle(event)

    return Handler()


def _raise(error: OSError) -> None:
    raise error


if sys.platform == "linux":
    import fcntl

    def is_being_written_here(path: Path) -> bool | None:
        """Return whether a process has the file open for writing; None if that is unknown.

        Linux gives a lease for reading only if nobody does.
        """
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError:
            return None
        try:
            # A program that opens the file while the lease is held would send SIGIO, which ends
            # this one; SIGURG is ignored.
            fcntl.fcntl(descriptor, _F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except OSError as error:
            return True if error.errno == errno.EAGAIN else None
        finally:
            os.close(descriptor)
        return False
else:

    def is_being_written_here(path: Path) -> bool | None:
        """Return None: this system does not say whether a file is open for writing."""
        return None


_ENDINGS = (
    "3g2 3gp aac ac3 aif aifc aiff amr ape asf au avi caf dts eac3 f4v flac flv gsm m2ts m4a m4b "
    "m4v mka mkv mov mp2 mp3 mp4 mpc mpeg mpg mts mxf oga ogg ogm ogv opus qt ra rm rmvb snd spx "
    "tak tta ts voc vob w64 wav webm wma wmv wv"
)
MEDIA_SUFFIXES = frozenset(f".{ending}" for ending in _ENDINGS.split())
"""What recorders, phones, cameras, players and the web call their files. In a folder these are
taken; a file of another ending is transcribed when it is given by name."""


class ResultsBeside:
    """Says which recordings of a folder have no result yet, and where each result belongs.

    `talk.mp3` becomes `talk.txt`, or `talk.mp3.txt` if there is another recording called `talk`.
    """

    def __init__(self, format_name: str) -> None:
        self.format_name = format_name

    def is_wanted(self, path: Path) -> bool:
        """Return whether the file is a recording without a result."""
        if path.name.startswith(".") or path.suffix.lower() not in MEDIA_SUFFIXES:
            return False
        return not any(one.exists() for one in {self._full_name(path), self.path(path)})

    def path(self, recording: Path) -> Path:
        """Return the path of a recording's result."""
        others = (
            one
            for one in recording.parent.glob(f"{escape(recording.stem)}.*")
            if one != recording
            and one.stem == recording.stem
            and one.suffix.lower() in MEDIA_SUFFIXES
        )
        if any(others):
            return self._full_name(recording)
        return recording.with_name(f"{recording.stem}.{self.format_name}")

    def _full_name(self, path: Path) -> Path:
        return path.with_name(f"{path.name}.{self.format_name}")
