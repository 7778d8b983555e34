"""A progress bar for bytes, on terminals only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from granite_live.util.printable import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID


class ByteBar:
    """Shows the number of processed bytes; shows nothing without a terminal."""

    def __init__(self, progress: Progress | None, task: TaskID | None) -> None:
        self._progress = progress
        self._task = task

    def show(self, done_bytes: int, total_bytes: int, name: str | None = None) -> None:
        """Update the bar."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done_bytes, total=total_bytes)
            if name is not None:
                self._progress.update(self._task, description=printable(name))


@contextmanager
def byte_progress(name: str, console: Console | None = None) -> Iterator[ByteBar]:
    """Show a bar with size, rate and remaining time while the block runs."""
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from granite_live.cli.console import PlainConsole

    console = console or PlainConsole(sys.stderr)
    if not console.is_terminal:
        yield ByteBar(None, None)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield ByteBar(progress, progress.add_task(printable(name), total=None))
