"""Rich consoles as the commands use them."""

from __future__ import annotations

from typing import IO, Any

from rich.console import Console


class PlainConsole(Console):
    """A console without automatic colors and emoji names, which raises on a closed pipe."""

    def __init__(self, file: IO[str] | None = None, **options: Any) -> None:
        super().__init__(file=file, highlight=False, emoji=False, **options)

    def on_broken_pipe(self) -> None:
        """Raise again what rich would turn into exit code 1: the command line's boundary knows.

        Rich calls this inside the handler of the `BrokenPipeError`.
        """
        raise
