"""The input menu and the level meter."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from granite_live.app.engine import AudioInput
from granite_live.gui.style_sheet import font
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.gui.widgets import icon, leading_alignment
from granite_live.session.events import LevelMeasured

_SHOWN_CHARS = 20
_MIN_CHARS = 6


class InputPicker(QToolButton):
    """Emits `chosen` with the id of the selected input, "" for the default microphone.

    Emits `system_sound_added` when the user wants the computer's sound recorded beside a
    microphone, or no longer.
    """

    chosen = Signal(str)
    system_sound_added = Signal(bool)
    opened = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._inputs: tuple[AudioInput, ...] = ()
        self._wanted = ""
        self._problem = self._name = ""
        self._is_loaded = self._adds_system_sound = False
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self.opened)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAccessibleName(self.tr("Microphone"))
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self._theme = theme
        self._show()

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
        size = self._theme.px(18)
        symbol = "speaker" if is_system else "microphone"
        self.setIcon(icon(symbol, self._theme.colors.soft, size))
        self.setIconSize(QSize(size, size))
        self._name = name
        self._elide()
        self.setToolTip(self._problem or name)
        self.setAccessibleDescription(self._problem or name)
        self._fill()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the same width for all names: nothing moves when another input is chosen."""
        return self._size_for(_SHOWN_CHARS)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the width of the beginning of a name."""
        return self._size_for(_MIN_CHARS)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
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
            face = font(self._theme, self._theme.small_px, QFont.Weight.DemiBold)
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

    def _pick(self, input_id: str) -> None:
        self.choose(input_id)
        self.chosen.emit(input_id)


FLOOR_DBFS = -60.0
"""The level of an empty bar."""
_SILENCE_DBFS = -90.0
_PEAK_HOLD_S = 1.2
_CLIP_HOLD_S = 2.0
_SILENT_AFTER_S = 2.0


class LevelBar(QWidget):
    """Shows levels. `warning` is the warning: too loud, no signal, or ""."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_on = False
        self._rms_dbfs = self._peak_dbfs = FLOOR_DBFS
        self._peak_s = self._clip_s = self._heard_s = -1e9
        self.warning = ""
        self.setAccessibleName(self.tr("Level"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._describe()

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_active(self, is_on: bool) -> None:
        """Show levels, or an inactive meter."""
        self._is_on = is_on
        self._rms_dbfs = self._peak_dbfs = FLOOR_DBFS
        self._clip_s, self._heard_s = -1e9, time.monotonic()
        self._describe()

    def show_level(self, level: LevelMeasured) -> None:
        """Show the present level."""
        now_s = time.monotonic()
        self._rms_dbfs = level.rms_dbfs
        if level.peak_dbfs >= self._peak_dbfs or now_s - self._peak_s > _PEAK_HOLD_S:
            self._peak_dbfs, self._peak_s = level.peak_dbfs, now_s
        if level.clipped:
            self._clip_s = now_s
        if level.rms_dbfs > _SILENCE_DBFS:
            self._heard_s = now_s
        self._describe()

    def show_no_signal(self) -> None:
        """Show that the input delivers no sound: no further level would show that."""
        self._rms_dbfs = self._peak_dbfs = FLOOR_DBFS
        self._clip_s = self._heard_s = -1e9
        self._describe()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the bar and the longest text."""
        metrics = QFontMetrics(font(self._theme, self._theme.small_px))
        words = max(metrics.horizontalAdvance(text) for text in self._all_words())
        width = max(self._theme.px(15 * GRID_PX), words + 2)
        return QSize(width, metrics.height() + self._theme.px(GRID_PX) + GRID_PX)

    def _all_words(self) -> tuple[str, str, str]:
        return self.tr("Too loud (clipping)"), self.tr("No signal"), self.tr("Level")

    def _describe(self) -> None:
        too_loud, silent, _ = self._all_words()
        now_s = time.monotonic()
        self.warning = ""
        if self._is_on and now_s - self._clip_s < _CLIP_HOLD_S:
            self.warning = too_loud
        elif self._is_on and now_s - self._heard_s > _SILENT_AFTER_S:
            self.warning = silent
        self.setAccessibleDescription(self.warning)
        self.setToolTip(
            self.warning or (self.tr("{0} dB").format(round(self._rms_dbfs)) if self._is_on else "")
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the bar, the peak mark and the text."""
        theme, colors = self._theme, self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        height = theme.px(6)
        bar = QRectF(0, theme.px(GRID_PX) / 2, self.width(), height)
        # The line in the color of borders shows an empty bar on a system's high-contrast colors.
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(QColor(colors.hover))
        painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), height / 2, height / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._is_on:
            painter.save()
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                painter.translate(self.width(), 0)
                painter.scale(-1, 1)
            self._paint_level(painter, bar)
            painter.restore()
        painter.setFont(font(theme, theme.small_px))
        painter.setPen(QColor(colors.danger if self.warning else colors.quiet))
        words = self.warning or self._all_words()[2]
        below = self.rect().adjusted(0, round(bar.bottom()) + GRID_PX // 2, 0, 0)
        side = leading_alignment(self.layoutDirection()) | Qt.AlignmentFlag.AlignTop
        painter.drawText(below, side, words)
        painter.end()

    def _paint_level(self, painter: QPainter, bar: QRectF) -> None:
        colors, height = self._theme.colors, bar.height()
        is_clipped = bool(self.warning) and self.warning == self._all_words()[0]
        full = QRectF(bar)
        full.setWidth(max(height, bar.width() * _share(self._rms_dbfs)))
        painter.setBrush(QColor(colors.danger_fill if is_clipped else colors.accent))
        if self._rms_dbfs > FLOOR_DBFS:
            painter.drawRoundedRect(full, height / 2, height / 2)
        if self._peak_dbfs > FLOOR_DBFS:
            x = min(bar.width() - 2, bar.width() * _share(self._peak_dbfs))
            painter.setBrush(QColor(colors.danger if is_clipped else colors.soft))
            painter.drawRect(QRectF(x, bar.top() - 2, 2, height + 4))


def _share(level_dbfs: float) -> float:
    return min(1.0, max(0.0, 1.0 - level_dbfs / FLOOR_DBFS))
