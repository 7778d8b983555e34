"""Fetch one file: resume, retry and verify."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from granite_live.models.download.body import Body
from granite_live.models.download.control import Control
from granite_live.models.download.events import Event, Refetching
from granite_live.models.download.failures import PassingTroubleError, WrongFileError
from granite_live.models.download.meter import Meter
from granite_live.models.download.part import Part
from granite_live.models.download.patience import Patience
from granite_live.models.download.persistence import Persistence
from granite_live.models.download.sources import Source
from granite_live.models.files import MAX_FILE_BYTES, FileFacts, FileRecord
from granite_live.util.errors import DownloadError


class _SlowError(PassingTroubleError):
    """The transfer is so slow that a new connection is worth trying."""


class Fetcher:
    """Fetches files of one revision from one source."""

    def __init__(
        self,
        source: Source,
        revision: str | None,
        patience: Patience,
        control: Control,
        meter: Meter,
        tell: Callable[[Event], None],
    ) -> None:
        self._source = source
        self._revision = revision
        self._patience = patience
        self._control = control
        self._meter = meter
        self._tell = tell

    def fetch(self, facts: FileFacts, parts: Path, target: Path) -> FileRecord:
        """Fetch a file to `target`, resuming from its part in the folder `parts`.

        Raises:
            DownloadError: The file cannot be fetched or fails verification.
            DownloadCancelledError: The user canceled.
        """
        part = Part(parts, facts)
        self._meter.here(part.size_bytes)
        for _copy in range(self._patience.wrong_copies):
            try:
                self._complete(facts, part)
                fault = part.fault()
            except WrongFileError as error:
                fault = str(error)
            if not fault:
                return part.finish(target)
            self._meter.here(-part.size_bytes)
            part.restart()
            self._tell(Refetching(facts.path, fault))
        raise DownloadError(
            f"{facts.path} from {self._source.origin} is not the file that was published "
            f"({fault}), not even after {self._patience.wrong_copies} attempts: take the model "
            f"from elsewhere with --from."
        )

    def _complete(self, facts: FileFacts, part: Part) -> None:
        """Fetch the missing bytes of the part, with retries.

        Raises:
            WrongFileError: The source sends another file.
        """
        persistence = Persistence(self._source.origin, self._patience, self._control, self._tell)
        while facts.size_bytes is None or part.size_bytes < facts.size_bytes:
            persistence.ready()
            before = part.size_bytes
            try:
                if self._some(facts, part) and not self._control.wants_break():
                    return
            except PassingTroubleError as trouble:
                if part.size_bytes > before and not isinstance(trouble, _SlowError):
                    persistence.went_well()
                persistence.failed(trouble)
                self._meter.restart_clock()

    def _some(self, facts: FileFacts, part: Part) -> bool:
        """Fetch from the end of the part; return whether the file is complete."""
        start, mark = part.size_bytes, part.mark
        with self._source.open(self._revision, facts.path, start, mark) as body:
            size = body.size_bytes
            expected = facts.size_bytes
            if None not in (size, expected) and size != expected:
                raise WrongFileError(f"it has {size:,} bytes instead of {expected:,}")
            if body.start != start or start == 0:
                self._meter.here(-part.size_bytes)
                part.restart(body.mark)
            with self._control.interrupting(body.interrupt):
                self._append(body, facts, part)
        if self._control.wants_break():
            return False
        if size is not None and part.size_bytes < size:
            raise PassingTroubleError("the connection broke")
        return True

    def _append(self, body: Body, facts: FileFacts, part: Part) -> None:
        limit = MAX_FILE_BYTES if facts.size_bytes is None else facts.size_bytes
        began_s, since = time.monotonic(), 0
        with part.appending() as out:
            if self._control.wants_break():
                return
            for chunk in body.chunks:
                if part.size_bytes + len(chunk) > limit:
                    raise WrongFileError(f"it has more than {limit:,} bytes")
                out.write(chunk)
                self._meter.fetched(facts.path, len(chunk))
                if self._control.wants_break():
                    return
                since += len(chunk)
                took_s = time.monotonic() - began_s
                if took_s >= self._patience.slow_window_s:
                    if since < took_s * self._patience.slow_bytes_s:
                        rate = since / took_s
                        raise _SlowError(f"only {rate:,.0f} bytes a second arrive")
                    began_s, since = time.monotonic(), 0
