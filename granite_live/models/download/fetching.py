"""Fetch one file: resumed, retried, checked, with progress."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from granite_live.messages.download import DownloadMessage
from granite_live.messages.store import CheckMessage
from granite_live.models.disk import CHUNK_BYTES, move
from granite_live.models.download.control import (
    DownloadControl,
    DownloadProgress,
    Event,
    FileRefetched,
)
from granite_live.models.download.http import FileStream, ModelSource
from granite_live.models.download.retries import (
    DownloadTimeouts,
    RetryPolicy,
    TemporaryDownloadError,
    WrongFileError,
    write_error,
)
from granite_live.models.layout import MAX_FILE_BYTES, FileInfo, FileRecord
from granite_live.models.store.verification import FileHasher
from granite_live.util.errors import DownloadError


class PartialFile:
    """A partial file. `version_mark` is the source's version mark of its bytes."""

    def __init__(self, folder: Path, facts: FileInfo) -> None:
        """Resume from an existing partial file.

        Raises:
            DownloadError: It cannot be read.
        """
        self._facts = facts
        # Bytes of another version have another name; they are deleted after the download.
        key = (facts.sha256 or facts.git_sha1 or "unknown")[:12]
        self._path = folder / f"{facts.path.replace('/', '__')}.{key}.part"
        self._mark_path = self._path.with_suffix(".mark")
        self._proof = FileHasher(facts)
        with self._telling():
            folder.mkdir(parents=True, exist_ok=True)
            self._resume()

    @property
    def size_bytes(self) -> int:
        """The number of bytes on the disk."""
        return self._proof.size_bytes

    @property
    def mark(self) -> str | None:
        """The version mark; None if a checksum identifies the version."""
        if self._facts.has_checksum or not self._mark_path.exists():
            return None
        return self._mark_path.read_text(encoding="utf-8", errors="replace")

    def restart(self, mark: str | None = None) -> None:
        """Start from the beginning, with bytes of the version `version_mark`."""
        with self._telling():
            self._path.unlink(missing_ok=True)
            self._mark_path.unlink(missing_ok=True)
            if mark is not None and mark.isprintable():
                self._mark_path.write_text(mark, encoding="utf-8")
        self._proof = FileHasher(self._facts)

    @contextmanager
    def open_for_append(self) -> Iterator[Appender]:
        """Open the part for appending, unbuffered."""
        with self._telling():
            file = self._path.open("ab", buffering=0)
        try:
            yield Appender(file.fileno(), self._proof, self._path)
        finally:
            with self._telling():
                file.close()

    def fault(self) -> str:
        """Return why the file fails verification; "" if it passes or cannot be verified."""
        return self._proof.fault()

    def finish(self, target: Path) -> FileRecord:
        """Move the complete file to `target` after syncing it to the disk.

        Raises:
            DownloadError: It cannot be written.
        """
        with self._telling():
            with self._path.open("ab") as file:
                os.fsync(file.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            move(self._path, target)
            self._mark_path.unlink(missing_ok=True)
        return self._proof.record()

    def _resume(self) -> None:
        if not self._path.exists():
            return
        known = self._facts.has_checksum or self._mark_path.exists()
        size = self._path.stat().st_size
        if not known or (self._facts.size_bytes is not None and size > self._facts.size_bytes):
            self.restart()
            return
        with self._path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                self._proof.add(chunk)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise write_error(error, self._path.parent) from error


class Appender:
    """Writes bytes to the end of a part."""

    def __init__(self, descriptor: int, proof: FileHasher, path: Path) -> None:
        self._descriptor = descriptor
        self._proof = proof
        self._path = path

    def write(self, chunk: bytes) -> None:
        """Write all of `chunk`.

        Raises:
            DownloadError: There is no room, or the disk refuses.
        """
        rest = memoryview(chunk)
        while rest:
            try:
                written = os.write(self._descriptor, rest)
            except OSError as error:
                raise write_error(error, self._path.parent) from error
            self._proof.add(bytes(rest[:written]))
            rest = rest[written:]


_TELL_EVERY_S = 0.1
_WINDOW_S = 10.0
_SOONEST_S = 0.5  # earlier rates only show network buffers


class TransferMeter:
    """Counts bytes on the disk and bytes transferred, and sends rate-limited progress."""

    def __init__(
        self,
        total_bytes: int,
        have_bytes: int,
        tell: Callable[[Event], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total_bytes = total_bytes
        self.done_bytes = have_bytes
        self.fetched_bytes = 0
        self._tell = tell
        self._clock = clock
        self._samples: deque[tuple[float, int]] = deque(((clock(), 0),))
        self._told_s = clock()

    def count_existing(self, count: int) -> None:
        """Count bytes found on the disk; negative for discarded bytes."""
        self.done_bytes += count

    def count_fetched(self, file: str, count: int) -> None:
        """Count transferred bytes of `file`."""
        self.done_bytes += count
        self.fetched_bytes += count
        now_s = self._clock()
        if now_s - self._told_s >= _TELL_EVERY_S:
            self.send_progress(file)

    def send_progress(self, file: str) -> None:
        """Send a progress event."""
        now_s = self._told_s = self._clock()
        self._samples.append((now_s, self.fetched_bytes))
        while len(self._samples) > 2 and now_s - self._samples[0][0] > _WINDOW_S:
            self._samples.popleft()
        then_s, then_bytes = self._samples[0]
        rate = left_s = None
        if now_s - then_s >= _SOONEST_S:
            rate = (self.fetched_bytes - then_bytes) / (now_s - then_s)
        if rate:
            left_s = max(0, self.total_bytes - self.done_bytes) / rate
        # If the source does not state sizes, the total grows.
        total = max(self.total_bytes, self.done_bytes)
        self._tell(DownloadProgress(file, self.done_bytes, total, rate, left_s))

    def reset_rate(self) -> None:
        """Reset the rate after an intended pause."""
        self._samples = deque(((self._clock(), self.fetched_bytes),))


class _SlowError(TemporaryDownloadError):
    """The transfer is so slow that a new connection is worth trying."""


class FileDownloader:
    """Fetches files of one revision from one source."""

    def __init__(
        self,
        source: ModelSource,
        revision: str | None,
        timeouts: DownloadTimeouts,
        control: DownloadControl,
        meter: TransferMeter,
        tell: Callable[[Event], None],
    ) -> None:
        self._source = source
        self._revision = revision
        self._timeouts = timeouts
        self._control = control
        self._meter = meter
        self._tell = tell

    def fetch(self, facts: FileInfo, parts: Path, target: Path) -> FileRecord:
        """Fetch a file to `target`, resuming from its part in the folder `parts`.

        Raises:
            DownloadError: The file cannot be fetched or fails verification.
            DownloadCanceledError: The user canceled.
        """
        part = PartialFile(parts, facts)
        self._meter.count_existing(part.size_bytes)
        for _copy in range(self._timeouts.max_wrong_copies):
            try:
                self._fetch_with_retries(facts, part)
                fault = part.fault()
            except WrongFileError as error:
                fault = str(error)
            if not fault:
                return part.finish(target)
            self._meter.count_existing(-part.size_bytes)
            part.restart()
            self._tell(FileRefetched(facts.path, fault))
        raise DownloadError(
            DownloadMessage.NEVER_RIGHT(
                file=facts.path,
                origin=self._source.origin,
                reason=fault,
                attempts=self._timeouts.max_wrong_copies,
            )
        )

    def _fetch_with_retries(self, facts: FileInfo, part: PartialFile) -> None:
        """Fetch the missing bytes of the part, with retries.

        Raises:
            WrongFileError: The source sends another file.
        """
        persistence = RetryPolicy(self._source.origin, self._timeouts, self._control, self._tell)
        while facts.size_bytes is None or part.size_bytes < facts.size_bytes:
            persistence.wait_until_allowed()
            before = part.size_bytes
            try:
                if self._fetch_rest(facts, part) and not self._control.should_stop():
                    return
            except TemporaryDownloadError as trouble:
                if part.size_bytes > before and not isinstance(trouble, _SlowError):
                    persistence.reset()
                persistence.wait_after_failure(trouble)
                self._meter.reset_rate()

    def _fetch_rest(self, facts: FileInfo, part: PartialFile) -> bool:
        """Fetch from the end of the part; return whether the file is complete."""
        start, mark = part.size_bytes, part.mark
        with self._source.open(self._revision, facts.path, start, mark) as body:
            size = body.size_bytes
            expected = facts.size_bytes
            if None not in (size, expected) and size != expected:
                raise WrongFileError(CheckMessage.WRONG_SIZE(size=size, expected=expected))
            if body.start != start or start == 0:
                self._meter.count_existing(-part.size_bytes)
                part.restart(body.version_mark)
            with self._control.interrupt_on_change(body.interrupt):
                self._append(body, facts, part)
        if self._control.should_stop():
            return False
        if size is not None and part.size_bytes < size:
            raise TemporaryDownloadError(DownloadMessage.CONNECTION_BROKE())
        return True

    def _append(self, body: FileStream, facts: FileInfo, part: PartialFile) -> None:
        limit = MAX_FILE_BYTES if facts.size_bytes is None else facts.size_bytes
        began_s, since = time.monotonic(), 0
        with part.open_for_append() as out:
            if self._control.should_stop():
                return
            for chunk in body.chunks:
                if part.size_bytes + len(chunk) > limit:
                    raise WrongFileError(DownloadMessage.FILE_TOO_LARGE(limit=limit))
                out.write(chunk)
                self._meter.count_fetched(facts.path, len(chunk))
                if self._control.should_stop():
                    return
                since += len(chunk)
                took_s = time.monotonic() - began_s
                if took_s >= self._timeouts.slow_window_s:
                    if since < took_s * self._timeouts.slow_bytes_s:
                        rate = since / took_s
                        raise _SlowError(DownloadMessage.TOO_SLOW(rate=rate))
                    began_s, since = time.monotonic(), 0
