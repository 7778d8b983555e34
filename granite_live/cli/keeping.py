"""Retention of a command's sessions: the setting and an override for one session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from granite_live.settings import Keep, Retention, Settings

if TYPE_CHECKING:
    from granite_live.cli.notes import Notes


@dataclass(frozen=True, slots=True)
class Keeping:
    """The retention of the sessions in `root` (None: the program's folder).

    The setting applies to the program's folder only; sessions saved elsewhere are deleted only by
    their own retention.
    """

    root: Path | None
    setting: Retention
    wish: Retention | None = None

    @classmethod
    def of(cls, root: Path | None, settings: Settings, wish: str | None = None) -> Self:
        """Return it for a folder and the option for one session ("text", "7-days").

        Raises:
            SettingsError: The option is invalid.
        """
        parsed = None if wish is None else Retention.parse(wish)
        return cls(root, settings.keep if root is None else Retention(), parsed)

    @property
    def keeps_sound(self) -> bool:
        """Whether the recording of a new session is kept after its end."""
        return (self.wish or self.setting).keep is not Keep.TEXT

    def tidy(self, notes: Notes) -> None:
        """Delete expired sessions; report what cannot be deleted."""
        from granite_live.audio.journal import sessions_dir
        from granite_live.audio.retention import tidy

        root = sessions_dir() if self.root is None else self.root
        try:
            outcome = tidy(root, self.setting)
        except OSError as error:
            notes.warn(f"The sessions in '{root}' cannot be looked through ({error.strerror}).")
            return
        for failure in outcome.failures:
            notes.warn(failure)
