"""How long a command's sessions are kept: the stored setting, and a wish for one session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from granite_live.settings import Keep, Retention, Settings

if TYPE_CHECKING:
    from granite_live.cli.notes import Notes


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is done with the sessions in `root` (None: the program's own).

    The setting rules the program's own folder only: what somebody saves elsewhere goes
    when that session was told to, never because of a setting.
    """

    root: Path | None
    setting: Retention
    wish: Retention | None = None

    @classmethod
    def of(cls, root: Path | None, settings: Settings, wish: str | None = None) -> Self:
        """Return it for a folder and what was wished for one session ("text", "7-days").

        Raises:
            SettingsError: The wish means nothing.
        """
        parsed = None if wish is None else Retention.parse(wish)
        return cls(root, settings.keep if root is None else Retention(), parsed)

    @property
    def keeps_sound(self) -> bool:
        """Whether the sound of a session that begins now outlives it."""
        return (self.wish or self.setting).keep is not Keep.TEXT

    def tidy(self, notes: Notes) -> None:
        """Delete what has had its time; what cannot be deleted is told and does not matter."""
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
