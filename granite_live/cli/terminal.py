"""Messages and progress bars for the person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from granite_live.transcript.export.text_formats import format_clock
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, Task, TaskID


class PlainConsole(Console):
    """A console without automatic colors and emoji names, which raises on a closed pipe."""

    def __init__(self, file: IO[str] | None = None, **options: Any) -> None:
        super().__init__(file=file, highlight=False, emoji=False, **options)

    def on_broken_pipe(self) -> None:
        """Re-raise the error that rich would convert to exit code 1; `exit_status` handles it.

        Rich calls this while it handles the `BrokenPipeError`.
        """
        raise


class ByteProgressBar:
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
def byte_progress(name: str, console: Console | None = None) -> Iterator[ByteProgressBar]:
    """Show a bar with size, rate and remaining time while the block runs."""
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    console = console or PlainConsole(sys.stderr)
    if not console.is_terminal:
        yield ByteProgressBar(None, None)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield ByteProgressBar(progress, progress.add_task(printable(name), total=None))


class Messages:
    """Writes messages and progress to a stream, one line each.

    Control characters are escaped, because names of files and devices may contain any.

    Args:
        stream: Usually standard error.
        quiet: Write only warnings and errors.
    """

    def __init__(self, stream: IO[str], *, quiet: bool = False) -> None:
        # soft_wrap keeps each message on one line, so that logs can be searched.
        self._console = PlainConsole(stream, soft_wrap=True)
        self._quiet = quiet

    def info(self, text: str) -> None:
        """Write a message."""
        if not self._quiet:
            self._console.print(Text(printable(text)))

    def warn(self, text: str) -> None:
        """Write a warning."""
        self._console.print(Text.assemble(("warning: ", "bold yellow"), printable(text)))

    def error(self, text: str) -> None:
        """Write an error."""
        self._console.print(Text.assemble(("error: ", "bold red"), printable(text)))

    @contextmanager
    def progress(self, name: str, total_s: float | None) -> Iterator[Callable[[float], None]]:
        """Show a bar while the block runs; call the result with the seconds of audio done."""
        if self._quiet or not self._console.is_terminal:
            yield lambda _done_s: None
            return
        with _bar(self._console) as bar:
            task = bar.add_task(printable(name), total=total_s)
            yield lambda done_s: bar.update(task, completed=done_s)


def _bar(console: Console) -> Progress:
    from rich.progress import BarColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        _sound_column(),
        console=console,
        transient=True,
    )


def _sound_column() -> ProgressColumn:
    from rich.progress import ProgressColumn

    class SoundColumn(ProgressColumn):
        """`1:30 / 12:00, 18x real time`."""

        def render(self, task: Task) -> Text:
            done = format_clock(task.completed)
            if task.total is not None:
                done += f" / {format_clock(task.total)}"
            elapsed_s = task.elapsed or 0.0
            if task.completed and elapsed_s:
                done += f", {task.completed / elapsed_s:.1f}x real time"
            return Text(done)

    return SoundColumn()
