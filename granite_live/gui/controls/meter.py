"""The level meter: a bar with a peak mark, and a warning."""

from __future__ import annotations

import time

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from granite_live.gui.elided import leading
from granite_live.gui.style import font
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.session.events import Level

FLOOR_DBFS = -60.0
"""The level of an empty bar."""
_SILENCE_DBFS = -90.0
_PEAK_HOLD_S = 1.2
_CLIP_HOLD_S = 2.0
_SILENT_AFTER_S = 2.0


class LevelMeter(QWidget):
    """Shows levels. `words` is the warning: too loud, no signal, or ""."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_on = False
        self._rms_dbfs = self._peak_dbfs = FLOOR_DBFS
        self._peak_s = self._clip_s = self._heard_s = -1e9
        self.words = ""
        self.setAccessibleName(self.tr("Level"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._describe()

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_on(self, is_on: bool) -> None:
        """Show levels, or an inactive meter."""
        self._is_on = is_on
        self._rms_dbfs = self._peak_dbfs = FLOOR_DBFS
        self._clip_s, self._heard_s = -1e9, time.monotonic()
        self._describe()

    def show_level(self, level: Level) -> None:
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

    def show_lost(self) -> None:
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
        return self.tr("Too loud"), self.tr("No signal"), self.tr("Level")

    def _describe(self) -> None:
        too_loud, silent, _ = self._all_words()
        now_s = time.monotonic()
        self.words = ""
        if self._is_on and now_s - self._clip_s < _CLIP_HOLD_S:
            self.words = too_loud
        elif self._is_on and now_s - self._heard_s > _SILENT_AFTER_S:
            self.words = silent
        self.setAccessibleDescription(self.words)
        self.setToolTip(
            self.words or (self.tr("{0} dB").format(round(self._rms_dbfs)) if self._is_on else "")
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
        painter.setBrush(QColor(colors.line))
        painter.drawRoundedRect(bar, height / 2, height / 2)
        if self._is_on:
            painter.save()
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                painter.translate(self.width(), 0)
                painter.scale(-1, 1)
            self._paint_level(painter, bar)
            painter.restore()
        painter.setFont(font(theme, theme.small_px))
        painter.setPen(QColor(colors.danger if self.words else colors.quiet))
        words = self.words or self._all_words()[2]
        below = self.rect().adjusted(0, round(bar.bottom()) + GRID_PX // 2, 0, 0)
        side = leading(self.layoutDirection()) | Qt.AlignmentFlag.AlignTop
        painter.drawText(below, side, words)
        painter.end()

    def _paint_level(self, painter: QPainter, bar: QRectF) -> None:
        colors, height = self._theme.colors, bar.height()
        is_clipped = bool(self.words) and self.words == self._all_words()[0]
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
