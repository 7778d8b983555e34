"""The level meters: one bar, in a meeting one for each side."""

from __future__ import annotations

import time

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from granite_live.gui.messages import translate_message
from granite_live.gui.style_sheet import current_theme, follow_theme, font
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import leading_alignment
from granite_live.messages.library import LibraryMessage
from granite_live.session.events import LevelMeasured
from granite_live.transcript.model import Track

FLOOR_DBFS = -60.0
"""The level of an empty bar."""
_SILENCE_DBFS = -90.0
_PEAK_HOLD_S = 1.2
_CLIP_HOLD_S = 2.0
_SILENT_AFTER_S = 2.0


class LevelBar(QWidget):
    """Shows levels. `warning` is the warning: too loud, no signal, or ""."""

    def __init__(self, parent: QWidget | None = None, *, warns_of_silence: bool = True) -> None:
        super().__init__(parent)
        self._warns_of_silence = warns_of_silence
        self._sizes: dict[bool, QSize] = {}
        self._source = ""
        self._is_on = False
        self._rms_dbfs = self._peak_dbfs = FLOOR_DBFS
        self._peak_s = self._clip_s = self._heard_s = -1e9
        self.warning = ""
        self.setAccessibleName(self.tr("Level"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._describe()
        follow_theme(self._measure_again)

    def _measure_again(self) -> None:
        self._sizes.clear()
        self.updateGeometry()
        self.update()

    def set_source(self, source: str) -> None:
        """Show the name of a source beside a bar of half the height; "" for the usual bar."""
        self._source = source
        name = self.tr("Level")
        self.setAccessibleName(f"{name}: {source}" if source else name)
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

    def sizeHint(self) -> QSize:
        """Return the size of the bar and the longest text."""
        return self.size_of(has_source=bool(self._source))

    def size_of(self, *, has_source: bool) -> QSize:
        """Return the size of the bar with or without the name of a source."""
        # A layout asks for it dozens of times, and measuring texts takes a while.
        if has_source not in self._sizes:
            self._sizes[has_source] = self._measured_size(has_source=has_source)
        return self._sizes[has_source]

    def _measured_size(self, *, has_source: bool) -> QSize:
        metrics = QFontMetrics(font(current_theme().small_px))
        words = max(metrics.horizontalAdvance(text) for text in self._all_words())
        width = max(current_theme().px(15 * GRID_PX), words + 2)
        whole = metrics.height() + current_theme().px(GRID_PX) + GRID_PX
        return QSize(width, max(metrics.height(), whole // 2) if has_source else whole)

    def _all_words(self) -> tuple[str, str, str]:
        return self.tr("Too loud (clipping)"), self.tr("No signal"), self.tr("Level")

    def _describe(self) -> None:
        too_loud, silent, _ = self._all_words()
        now_s = time.monotonic()
        self.warning = ""
        if self._is_on and now_s - self._clip_s < _CLIP_HOLD_S:
            self.warning = too_loud
        elif self._is_on and self._warns_of_silence and now_s - self._heard_s > _SILENT_AFTER_S:
            self.warning = silent
        self.setAccessibleDescription(self.warning)
        self.setToolTip(
            self.warning or (self.tr("{0} dB").format(round(self._rms_dbfs)) if self._is_on else "")
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar, the peak mark and the text."""
        theme = current_theme()
        colors = theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(theme.small_px))
        height = theme.px(6)
        bar = QRectF(0, theme.px(GRID_PX) / 2, self.width(), height)
        words = self.warning or self._source or self._all_words()[2]
        side = leading_alignment(self.layoutDirection())
        if self._source:
            # A warning takes the place of the bar.
            area = QRectF(self.rect())
            painter.setPen(QColor(colors.danger if self.warning else colors.quiet))
            mode = Qt.TextElideMode.ElideRight
            if self.warning:
                words = painter.fontMetrics().elidedText(words, mode, self.width())
            painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, words)
            left = self._names_px() + GRID_PX
            bar = QRectF(left, (self.height() - height) / 2, self.width() - left, height)
        else:
            below = self.rect().adjusted(0, round(bar.bottom()) + GRID_PX // 2, 0, 0)
            painter.setPen(QColor(colors.danger if self.warning else colors.quiet))
            painter.drawText(below, side | Qt.AlignmentFlag.AlignTop, words)
        if not (self._source and self.warning):
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                painter.translate(self.width(), 0)
                painter.scale(-1, 1)
            self._paint_bar(painter, bar)
        painter.end()

    def _names_px(self) -> float:
        """Return the width of the longest name of a source."""
        metrics = QFontMetrics(font(current_theme().small_px))
        return max(metrics.horizontalAdvance(name) for name in side_names())

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        colors, height = current_theme().colors, bar.height()
        # The line in the color of borders shows an empty bar on a system's high-contrast colors.
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(QColor(colors.hover))
        painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), height / 2, height / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._is_on:
            self._paint_level(painter, bar)

    def _paint_level(self, painter: QPainter, bar: QRectF) -> None:
        colors, height = current_theme().colors, bar.height()
        is_clipped = bool(self.warning) and self.warning == self._all_words()[0]
        full = QRectF(bar)
        full.setWidth(max(height, bar.width() * _share(self._rms_dbfs)))
        painter.setBrush(QColor(colors.danger_fill if is_clipped else colors.accent))
        if self._rms_dbfs > FLOOR_DBFS:
            painter.drawRoundedRect(full, height / 2, height / 2)
        if self._peak_dbfs > FLOOR_DBFS:
            x = bar.left() + min(bar.width() - 2, bar.width() * _share(self._peak_dbfs))
            painter.setBrush(QColor(colors.danger if is_clipped else colors.soft))
            painter.drawRect(QRectF(x, bar.top() - 2, 2, height + 4))


def _share(level_dbfs: float) -> float:
    return min(1.0, max(0.0, 1.0 - level_dbfs / FLOOR_DBFS))


def side_names() -> tuple[str, str]:
    """Return the names of the sides of a meeting, by track, as the transcript has them."""
    return translate_message(LibraryMessage.ME()), translate_message(LibraryMessage.OTHERS())


class LevelMeters(QWidget):
    """The level of the microphone; beside it that of the computer's sound once there is one.

    The two bars together take the room of one, so that nothing moves when the second one comes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.microphone = LevelBar(self)
        # The computer is silent most of the time: nobody need be told.
        self.system = LevelBar(self, warns_of_silence=False)
        self.system.hide()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.microphone)
        column.addWidget(self.system)
        follow_theme(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the size of one bar or two, whichever is greater."""
        one = self.microphone.size_of(has_source=False)
        two = self.microphone.size_of(has_source=True)
        return one.expandedTo(QSize(two.width(), 2 * two.height()))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: the meters do not shrink."""
        return self.sizeHint()

    @property
    def has_system(self) -> bool:
        """Whether the computer's sound has a bar."""
        return self.system.isVisibleTo(self)

    def show_system(self, is_shown: bool) -> None:
        """Show two bars with the names of the sides, or one."""
        if is_shown != self.has_system:
            names = side_names() if is_shown else ("", "")
            self.microphone.set_source(names[Track.MICROPHONE])
            self.system.set_source(names[Track.SYSTEM])
            self.system.setVisible(is_shown)

    def set_active(self, is_on: bool) -> None:
        """Show levels, or inactive meters."""
        self.microphone.set_active(is_on)
        self.system.set_active(is_on)

    def show_level(self, level: LevelMeasured) -> None:
        """Show the present level of a track."""
        if level.track == Track.SYSTEM:
            self.show_system(True)
            self.system.show_level(level)
        else:
            self.microphone.show_level(level)

    def show_no_signal(self) -> None:
        """Show that the microphone delivers no sound."""
        self.microphone.show_no_signal()
