"""The input picker: a button whose menu lists the connected inputs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFont
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from granite_live.app.inputs import Input
from granite_live.gui.icons import icon
from granite_live.gui.style import font
from granite_live.gui.theme import Theme

_SHOWN_CHARS = 26


class InputPicker(QToolButton):
    """Emits `chosen` with the id of the selected input, "" for the default microphone."""

    chosen = Signal(str)
    opened = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._inputs: tuple[Input, ...] = ()
        self._wanted = ""
        self._trouble = ""
        self._has_looked = False
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self.opened)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAccessibleName(self.tr("Input"))
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self._theme = theme
        self._show()

    def set_inputs(self, inputs: Sequence[Input]) -> None:
        """List these inputs."""
        self._inputs, self._trouble, self._has_looked = tuple(inputs), "", True
        self._show()

    def set_trouble(self, sentence: str) -> None:
        """Show why recording is not possible."""
        self._inputs, self._trouble, self._has_looked = (), sentence, True
        self._show()

    def choose(self, input_id: str) -> None:
        """Select an input, "" for the default, without emitting `chosen`."""
        self._wanted = input_id
        self._show()

    @property
    def current(self) -> Input | None:
        """The chosen input, or the default if it is not connected; None without inputs."""
        for one in self._inputs:
            if one.id == self._wanted:
                return one
        microphones = [one for one in self._inputs if not one.is_system_sound]
        return next((one for one in microphones if one.is_default), None) or next(
            iter(microphones), None
        )

    @property
    def wanted_id(self) -> str:
        """The id that the user chose, "" for the default."""
        return self._wanted

    def _show(self) -> None:
        current = self.current
        missing = self.tr("No input") if self._has_looked else self.tr("Looking for inputs…")
        name = missing if current is None else current.name
        if current is not None and current.is_muted:
            name = self.tr("{0} (muted)").format(name)
        is_system = current is not None and current.is_system_sound
        size = self._theme.px(18)
        symbol = "speaker" if is_system else "microphone"
        self.setIcon(icon(symbol, self._theme.colors.soft, size))
        self.setIconSize(QSize(size, size))
        self.setText(name if len(name) <= _SHOWN_CHARS else name[: _SHOWN_CHARS - 1] + "…")
        self.setToolTip(self._trouble or name)
        self.setAccessibleDescription(self._trouble or name)
        self._fill()

    def _fill(self) -> None:
        self._menu.clear()
        for old in self._menu.findChildren(QActionGroup):
            old.deleteLater()
        group = QActionGroup(self._menu)
        sections = (
            (self.tr("Microphones"), [one for one in self._inputs if not one.is_system_sound]),
            (self.tr("Computer's sound"), [one for one in self._inputs if one.is_system_sound]),
        )
        for title, inputs in sections:
            if not inputs:
                continue
            heading = self._menu.addAction(title)
            heading.setEnabled(False)
            face = font(self._theme, self._theme.small_px, QFont.Weight.DemiBold)
            heading.setFont(face)
            for one in inputs:
                self._offer(group, one)
        if not self._inputs:
            text = self._trouble or self.tr("Connect a microphone: it appears here by itself.")
            self._menu.addAction(text).setEnabled(False)

    def _offer(self, group: QActionGroup, one: Input) -> None:
        name = self.tr("{0} (muted)").format(one.name) if one.is_muted else one.name
        action = QAction(name.replace("&", "&&"), self._menu)
        action.setCheckable(True)
        action.setChecked(one == self.current)
        action.triggered.connect(lambda _checked, picked=one.id: self._pick(picked))
        group.addAction(action)
        self._menu.addAction(action)

    def _pick(self, input_id: str) -> None:
        self.choose(input_id)
        self.chosen.emit(input_id)
