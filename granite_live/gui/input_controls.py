"""The input menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QFont,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from granite_live.app.input_devices import AudioInput
from granite_live.gui.style_sheet import current_theme, follow_theme, font
from granite_live.gui.widgets import set_icon

_SHOWN_CHARS = 20
_MIN_CHARS = 6


class InputPicker(QToolButton):
    """Emits `chosen` with the id of the selected input, "" for the default microphone.

    Emits `system_sound_added` when the user wants the computer's sound recorded beside a
    microphone, or no longer, and `echo_removal_chosen` when what the microphone picks up of that
    sound shall be removed, or no longer.
    """

    chosen = Signal(str)
    system_sound_added = Signal(bool)
    echo_removal_chosen = Signal(bool)
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inputs: tuple[AudioInput, ...] = ()
        self._wanted = ""
        self._problem = self._name = ""
        self._is_loaded = self._adds_system_sound = False
        self._removes_echo = True
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self.opened)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAccessibleName(self.tr("Microphone"))
        follow_theme(self._show)

    def set_inputs(self, inputs: Sequence[AudioInput]) -> None:
        """List these inputs."""
        self._inputs, self._problem, self._is_loaded = tuple(inputs), "", True
        self._show()

    def set_problem(self, sentence: str) -> None:
        """Show why recording is not possible."""
        self._inputs, self._problem, self._is_loaded = (), sentence, True
        self._show()

    def choose(self, input_id: str) -> None:
        """Select an input, "" for the default, without emitting `chosen`."""
        self._wanted = input_id
        self._show()

    def add_system_sound(self, *, adds: bool) -> None:
        """Choose whether the computer's sound is added, without emitting a signal."""
        self._adds_system_sound = adds
        self._show()

    def remove_echo(self, *, removes: bool) -> None:
        """Choose whether the echo is removed, without emitting a signal."""
        self._removes_echo = removes
        self._fill()

    @property
    def records_both(self) -> bool:
        """Whether the computer's sound is recorded beside the current microphone."""
        return self._adds_system_sound and self._can_record_both

    @property
    def _can_record_both(self) -> bool:
        current = self.current
        is_microphone = current is not None and not current.is_system_sound
        return is_microphone and any(one.is_system_sound for one in self._inputs)

    @property
    def current(self) -> AudioInput | None:
        """The chosen input, or the default if it is not connected; None without inputs."""
        for one in self._inputs:
            if one.id == self._wanted:
                return one
        microphones = [one for one in self._inputs if not one.is_system_sound]
        return next((one for one in microphones if one.is_default), None) or next(
            iter(microphones), None
        )

    @property
    def missing_reason(self) -> str:
        """Why nothing can be recorded, "" if there is an input or it is not known yet."""
        if not self._is_loaded or self.current is not None:
            return ""
        text = self.tr("No microphone is connected. Connect one: it appears here by itself.")
        return self._problem or text

    @property
    def wanted_id(self) -> str:
        """The id that the user chose, "" for the default."""
        return self._wanted

    def _show(self) -> None:
        current = self.current
        missing = (
            self.tr("No microphone") if self._is_loaded else self.tr("Looking for microphones…")
        )
        name = missing if current is None else current.name
        if current is not None and current.is_muted:
            name = self.tr("{0} (muted)").format(name)
        if self.records_both:
            name = self.tr("{0} + computer's sound").format(name)
        is_system = current is not None and current.is_system_sound
        symbol = "speaker" if is_system else "microphone"
        set_icon(self, symbol, 18)
        self._name = name
        self._elide()
        self.setToolTip(self._problem or name)
        self.setAccessibleDescription(self._problem or name)
        self._fill()

    def sizeHint(self) -> QSize:
        """Return the same width for all names: nothing moves when another input is chosen."""
        return self._size_for(_SHOWN_CHARS)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the beginning of a name."""
        return self._size_for(_MIN_CHARS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the name as fits."""
        super().resizeEvent(event)
        self._elide()

    def _size_for(self, chars: int) -> QSize:
        usual = super().sizeHint()
        return QSize(
            chars * self.fontMetrics().averageCharWidth() + self._around_px(), usual.height()
        )

    def _around_px(self) -> int:
        """Return the width of everything around the text."""
        text_px = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        return super().sizeHint().width() - text_px

    def _elide(self) -> None:
        # Before the first layout the widget has some width of Qt.
        width_px = self.width() if self.isVisible() else self.sizeHint().width()
        room_px = width_px - self._around_px()
        mode = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self._name, mode, room_px)
        if text != self.text():
            self.setText(text)

    def _fill(self) -> None:
        self._menu.clear()
        for old in self._menu.findChildren(QActionGroup):
            old.deleteLater()
        group = QActionGroup(self._menu)
        sections = (
            (self.tr("Microphones"), [one for one in self._inputs if not one.is_system_sound]),
            (self.tr("System audio"), [one for one in self._inputs if one.is_system_sound]),
        )
        for title, inputs in sections:
            if not inputs:
                continue
            heading = self._menu.addAction(title)
            heading.setEnabled(False)
            face = font(current_theme().small_px, QFont.Weight.DemiBold)
            heading.setFont(face)
            for one in inputs:
                self._offer(group, one)
        if any(one.is_system_sound for one in self._inputs):
            self._menu.addSeparator()
            both = self._menu.addAction(self.tr("Microphone and computer's sound (meeting)"))
            both.setCheckable(True)
            both.setChecked(self.records_both)
            both.setEnabled(self._can_record_both)
            both.triggered.connect(self._add)
            # Of the echo nothing is heard without the second source.
            echo = self._menu.addAction(
                self.tr("Remove what the microphone hears of the loudspeakers")
            )
            echo.setCheckable(True)
            echo.setChecked(self._removes_echo)
            echo.setEnabled(self.records_both)
            echo.triggered.connect(self._choose_echo)
        if not self._inputs:
            text = self._problem or self.tr("Connect a microphone. It will appear here.")
            self._menu.addAction(text).setEnabled(False)

    def _offer(self, group: QActionGroup, one: AudioInput) -> None:
        name = self.tr("{0} (muted)").format(one.name) if one.is_muted else one.name
        action = QAction(name.replace("&", "&&"), self._menu)
        action.setCheckable(True)
        action.setChecked(one == self.current)
        action.triggered.connect(lambda _checked, picked=one.id: self._pick(picked))
        group.addAction(action)
        self._menu.addAction(action)

    def _add(self, adds: bool) -> None:
        self.add_system_sound(adds=adds)
        self.system_sound_added.emit(adds)

    def _choose_echo(self, removes: bool) -> None:
        self.remove_echo(removes=removes)
        self.echo_removal_chosen.emit(removes)

    def _pick(self, input_id: str) -> None:
        self.choose(input_id)
        self.chosen.emit(input_id)
