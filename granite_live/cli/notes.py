"""Messages to the user: everything that is not a result.

They go to standard error, one line each, so that standard output can be piped. Color and the
progress bar appear on terminals only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from rich.text import Text

from granite_live.cli.console import PlainConsole
from granite_live.transcript.export.timestamps import clock
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn, Task


class Notes:
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

    def say(self, text: str) -> None:
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
            done = clock(task.completed)
            if task.total is not None:
                done += f" / {clock(task.total)}"
            elapsed_s = task.elapsed or 0.0
            if task.completed and elapsed_s:
                done += f", {task.completed / elapsed_s:.1f}x real time"
            return Text(done)

    return SoundColumn()
