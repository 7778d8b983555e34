"""Rich consoles for the commands."""

from __future__ import annotations

from typing import IO, Any

from rich.console import Console


class PlainConsole(Console):
    """A console without automatic colors and emoji names, which raises on a closed pipe."""

    def __init__(self, file: IO[str] | None = None, **options: Any) -> None:
        super().__init__(file=file, highlight=False, emoji=False, **options)

    def on_broken_pipe(self) -> None:
        """Re-raise the error that rich would convert to exit code 1; `boundary` handles it.

        Rich calls this while it handles the `BrokenPipeError`.
        """
        raise
