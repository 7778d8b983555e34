"""Name the speakers of a transcript, by the menu of a line or the keys 1 to 9; their colors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from granite_live.gui.dialogs import show_dialog
from granite_live.gui.theme import DARK, HIGH_CONTRAST, LIGHT, Theme, contrast
from granite_live.gui.transcript.lines import Line, LineState
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.library import Library, LineChange
from granite_live.transcript.model import Track

if TYPE_CHECKING:
    from granite_live.gui.transcript.editing import TranscriptEditing


KEYS = 9
"""How many speakers have a key."""


class SpeakerEditing(QObject):
    """Gives lines their speakers, as steps that can be undone."""

    def __init__(self, model: TranscriptModel, editing: TranscriptEditing) -> None:
        super().__init__(editing)
        self._model, self._editing = model, editing
        # The speakers of utterances that are not stored yet, by their numbers.
        self._pending: dict[int, str] = {}
        model.finalized.connect(self._settle)

    def begin(self) -> None:
        """Forget what was chosen for another session."""
        self._pending.clear()

    def label(self, row: int) -> str:
        """Return who says a line, "" if nobody is named."""
        return self._model.speaker_label(self._model.line(row))

    @property
    def names(self) -> tuple[str, ...]:
        """The names that lines have."""
        return self._model.speaker_names

    def key_names(self) -> list[str]:
        """Return the speakers of the keys 1 to 9: each name keeps the key that it got."""
        slots = [""] * KEYS
        others = []
        for name in self.names:
            defaults = [self._default_name(number) for number in range(1, KEYS + 1)]
            if name in defaults:
                slots[defaults.index(name)] = name
            else:
                others.append(name)
        for at, taken in enumerate(slots):
            if not taken:
                slots[at] = others.pop(0) if others else self._default_name(at + 1)
        return slots

    def name_lines(self, rows: Sequence[int], name: str) -> None:
        """Give lines a speaker, "" for the side of the session that they come from."""
        lines = [self._model.line(row) for row in rows]
        lines = [line for line in lines if line.state is not LineState.OPEN]
        if lines:
            self._run(lines, lambda library, ids: library.set_speaker(ids, name))

    def name_from(self, row: int, name: str) -> None:
        """Give a line and the following ones of its speaker another speaker."""
        self._run(
            [self._model.line(row)], lambda library, ids: library.set_speaker_from(ids[0], name)
        )

    def rename(self, row: int, name: str) -> None:
        """Rename a line's speaker in the whole session; an existing name merges the two."""
        self._run(
            [self._model.line(row)], lambda library, ids: library.rename_speaker(ids[0], name)
        )

    def name_newest(self, key: int) -> None:
        """Say that the speaker of a key speaks now; in a meeting on the other side."""
        wanted = [Track.SYSTEM] if self._model.is_meeting else list(Track)
        rows = [row for row, line in enumerate(self._model.lines) if line.track in wanted]
        if not rows:
            return
        row, name = rows[-1], self.key_names()[key - 1]
        line = self._model.line(row)
        if line.state in (LineState.FINAL, LineState.FAILED):
            self.name_from(row, name)
        else:
            self._pending[line.number] = name
            self._model.name_speaker(row, name)

    def update_unstored(self) -> None:
        """Show the speaker that lines in progress will be stored with."""
        for row, line in enumerate(self._model.lines):
            if line.state is LineState.OPEN and line.number not in self._pending:
                self._model.take_over_speaker(row)

    def _settle(self, line: Line) -> None:
        """Store the speaker of an utterance that has just been stored."""
        name = self._pending.pop(line.number, None)
        if name is not None:
            self.name_from(self._model.row_of(line), name)

    def _run(self, lines: list[Line], work: Callable[[Library, list[int]], LineChange]) -> None:
        self._editing.run_edit(lines, work, self.tr("Speaker"))

    def _default_name(self, number: int) -> str:
        return self.tr("Speaker {0}").format(number)


class SpeakerMenu(QMenu):
    """Offers speakers for the selected lines, and to name and split the speaker of one line."""

    def __init__(
        self, parent: QWidget, speakers: SpeakerEditing, row: int, rows: Sequence[int]
    ) -> None:
        """Fill the menu for the selected `rows`, of which `row` was clicked."""
        super().__init__(self.tr("Speaker"), parent)
        self._parent, self._speakers, self._row = parent, speakers, row
        for number, name in enumerate(speakers.key_names(), start=1):
            if name in speakers.names:
                action = self.addAction(f"&{number}  {name.replace('&', '&&')}")
                action.setCheckable(True)
                action.setChecked(speakers.label(row) == name)
                action.triggered.connect(
                    lambda _checked, name=name: speakers.name_lines(rows, name)
                )
        self.addAction(self.tr("Another name…"), partial(self._ask_lines, rows))
        self.addAction(self.tr("Another speaker from here on…"), self._ask_from)
        if label := speakers.label(row):
            text = self.tr("Rename “{0}” in this session…").format(label.replace("&", "&&"))
            self.addAction(text, self._ask_rename)

    def _ask_lines(self, rows: Sequence[int]) -> None:
        self._ask(self.tr("Who says this?"), partial(self._speakers.name_lines, rows))

    def _ask_from(self) -> None:
        question = self.tr("Who speaks from here on?")
        self._ask(question, partial(self._speakers.name_from, self._row))

    def _ask_rename(self) -> None:
        question = self.tr("Name of this speaker in the whole session; another one's name merges:")
        self._ask(question, partial(self._speakers.rename, self._row))

    def _ask(self, question: str, act: Callable[[str], None]) -> None:
        dialog = QInputDialog(self._parent)
        dialog.setWindowTitle(self.tr("Speaker"))
        dialog.setLabelText(question)
        dialog.setComboBoxItems(list(self._speakers.names) or [""])
        dialog.setComboBoxEditable(True)
        dialog.setTextValue(self._speakers.label(self._row))
        dialog.textValueSelected.connect(act)
        show_dialog(dialog)


_ON_LIGHT = ("#2c55c4", "#8a3a00", "#146c2e", "#7b3fa0", "#00636b", "#a11d52")
_ON_DARK = ("#9db8ff", "#ffb27a", "#81c995", "#d7aefb", "#78d9ec", "#ff9cbc")


def speaker_color(theme: Theme, number: int) -> str:
    """Return the color of a speaker's name; from the seventh speaker on the colors repeat.

    The name is always shown with it: nobody is told apart by color alone. A color that is too weak
    on a system's high-contrast colors is replaced by that of the text.
    """
    is_dark = QColor(theme.colors.page).lightness() < 128
    colors = _ON_DARK if is_dark else _ON_LIGHT
    color = colors[number % len(colors)]
    is_own_palette = theme.colors in (LIGHT, DARK)
    is_readable = is_own_palette or contrast(color, theme.colors.page) >= HIGH_CONTRAST
    return color if is_readable else theme.colors.text
