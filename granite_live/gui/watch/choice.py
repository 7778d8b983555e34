"""What the user chose about the watched folder, kept in the window's state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from PySide6.QtCore import QSettings

_FOLDER, _FORMAT, _RECURSIVE = "watch/folder", "watch/format", "watch/recursive"
_IS_ON, _AT_START = "watch/is_on", "watch/at_start"


@dataclass(frozen=True, slots=True)
class WatchChoice:
    """A folder to watch.

    Attributes:
        folder: Its path as typed, "" for none.
        format_name: The format of the texts.
        is_recursive: Whether the folders in it are watched, too.
    """

    folder: str = ""
    format_name: str = "txt"
    is_recursive: bool = False

    @classmethod
    def load(cls, ui_state: QSettings) -> Self:
        """Return the last choice."""
        from granite_live.gui.export_dialog import format_labels  # slow: not at the start

        name = str(ui_state.value(_FORMAT, ""))
        return cls(
            str(ui_state.value(_FOLDER, "")),
            name if name in format_labels() else cls().format_name,
            ui_state.value(_RECURSIVE, False, type=bool) is True,
        )

    def store(self, ui_state: QSettings) -> None:
        """Keep the choice."""
        ui_state.setValue(_FOLDER, self.folder)
        ui_state.setValue(_FORMAT, self.format_name)
        ui_state.setValue(_RECURSIVE, self.is_recursive)


def set_on(ui_state: QSettings, *, is_on: bool) -> None:
    """Keep whether the user began the watch and did not stop it since."""
    ui_state.setValue(_IS_ON, is_on)


def is_resumed(ui_state: QSettings) -> bool:
    """Return whether the next start of the program resumes a watch that the user did not stop."""
    return ui_state.value(_AT_START, True, type=bool) is True


def set_resumed(ui_state: QSettings, *, is_resumed: bool) -> None:
    """Keep whether the next start resumes the watch."""
    ui_state.setValue(_AT_START, is_resumed)


def choice_to_resume(ui_state: QSettings) -> WatchChoice | None:
    """Return what the program watches from its start, None for nothing."""
    was_on = ui_state.value(_IS_ON, False, type=bool) is True
    return WatchChoice.load(ui_state) if was_on and is_resumed(ui_state) else None
