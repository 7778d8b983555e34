"""The playback bar under a transcript: play, jump, waveform, position, speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QWidget

from granite_live.gui.style_sheet import current_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import icon_button, set_icon, text_label
from granite_live.transcript.export.text_formats import format_clock
from granite_live.transcript.model import Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SKIP_S = 5.0
SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
_TIMES = "\N{MULTIPLICATION SIGN}"
_STEPS_PER_S = 10
"""The resolution of the slider."""


class WaveformSlider(QSlider):
    """A slider over a recording that shows its peaks. Emits `seek_requested` with seconds."""

    seek_requested = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName(self.tr("Playback position"))
        self.setSingleStep(round(SKIP_S * _STEPS_PER_S))
        self.setPageStep(round(6 * SKIP_S * _STEPS_PER_S))
        self._peaks: NDArray[np.uint8] | None = None
        self._heights: list[float] = []
        self.actionTriggered.connect(lambda _action: self._request(self.sliderPosition()))

    def show_peaks(self, peaks: NDArray[np.uint8] | None) -> None:
        """Show the peaks of the whole recording, at equal distances; None for a line."""
        self._peaks, self._heights = peaks, []
        self.update()

    def show_position(self, position_s: float) -> None:
        """Show the playback position."""
        self.setValue(round(position_s * _STEPS_PER_S))

    def show_duration(self, duration_s: float) -> None:
        """Set the end of the slider."""
        self.setRange(0, round(duration_s * _STEPS_PER_S))

    def column_heights(self, count: int) -> list[float]:
        """Return the loudness of `count` columns, 0 to 1."""
        if len(self._heights) != count:
            self._heights = self._measure(count)
        return self._heights

    def _measure(self, count: int) -> list[float]:
        if self._peaks is None or not len(self._peaks):
            return [0.0] * count
        import numpy as np  # the start of the window needs no peaks

        at = np.arange(count) * len(self._peaks) // max(1, count)
        # The square root shows quiet speech beside loud speech.
        heights: list[float] = np.sqrt(np.maximum.reduceat(self._peaks, at) / 255.0).tolist()
        return heights

    def sizeHint(self) -> QSize:
        """Return the height of the waveform."""
        return QSize(current_theme().px(160), current_theme().px(32))

    def minimumSizeHint(self) -> QSize:
        """Return a width that still shows a position."""
        return QSize(current_theme().px(60), current_theme().px(32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the columns: played ones in the accent color."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors, pitch = current_theme().colors, 3
        count = max(1, self.width() // pitch)
        middle = self.height() / 2
        reach = [max(1.0, one * (middle - 3)) for one in self.column_heights(count)]
        if self.isRightToLeft():
            reach = reach[::-1]
        lines = [
            QLineF(at * pitch + 1.5, middle - half, at * pitch + 1.5, middle + half)
            for at, half in enumerate(reach)
        ]
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        played = round(share * count)
        if self.isRightToLeft():
            lines.reverse()
        for color, part in ((colors.accent, lines[:played]), (colors.edge, lines[played:])):
            painter.setPen(QPen(QColor(color), 2))
            painter.drawLines(part)
        x = (1 - share if self.isRightToLeft() else share) * (self.width() - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(QRectF(x, 0, 2, self.height()), 1, 1)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.focus), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the place under the mouse."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._go_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do nothing: the press and the moves have set the position."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Space to the bar, which plays and pauses."""
        if event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _go_to(self, event: QMouseEvent) -> None:
        share = min(1.0, max(0.0, event.position().x() / max(1, self.width())))
        if self.isRightToLeft():
            share = 1 - share
        self._request(round(share * self.maximum()))

    def _request(self, value: int) -> None:
        self.setValue(value)
        self.seek_requested.emit(value / _STEPS_PER_S)


class PlaybackBar(QWidget):
    """Emits the user's actions: `skip_requested` with signed seconds, `track_requested` with the
    only track to play, None for all.
    """

    toggle_requested = Signal()
    skip_requested = Signal(float)
    seek_requested = Signal(float)
    speed_requested = Signal(float)
    track_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("playbackBar")
        self._duration_s = self._position_s = 0.0
        self._is_playing = False
        self.back_button = icon_button(
            self, self.tr("Back 5 seconds"), lambda: self.skip_requested.emit(-SKIP_S)
        )
        self.play_button = icon_button(self, act=self.toggle_requested)
        self.forward_button = icon_button(
            self, self.tr("Forward 5 seconds"), lambda: self.skip_requested.emit(SKIP_S)
        )
        self.clock = text_label(self, role="small", wraps=False)
        self.slider = WaveformSlider(self)
        self.slider.seek_requested.connect(self.seek_requested)
        self.speed = QComboBox(self)
        self.speed.setAccessibleName(self.tr("Playback speed"))
        self.speed.setToolTip(self.tr("Playback speed"))
        for speed in SPEEDS:
            self.speed.addItem(f"{self.locale().toString(speed, 'g', 3)}{_TIMES}", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.currentIndexChanged.connect(
            lambda _index: self.speed_requested.emit(self.speed.currentData())
        )
        self.side = QComboBox(self)
        self.side.setAccessibleName(self.tr("Side of the conversation that is played"))
        self.side.setToolTip(self.tr("Side of the conversation that is played"))
        self.side.addItem(self.tr("Both sides"), None)
        self.side.addItem(self.tr("Only me"), int(Track.MICROPHONE))
        self.side.addItem(self.tr("Only others"), int(Track.SYSTEM))
        self.side.currentIndexChanged.connect(
            lambda _index: self.track_requested.emit(self.side.currentData())
        )
        self.side.hide()
        self._lay_out()
        for button, name in ((self.back_button, "back"), (self.forward_button, "forward")):
            set_icon(button, name, 20)
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * GRID_PX, GRID_PX // 2, 3 * GRID_PX, GRID_PX // 2)
        row.setSpacing(GRID_PX)
        for button in (self.back_button, self.play_button, self.forward_button):
            row.addWidget(button)
        row.addWidget(self.clock)
        row.addWidget(self.slider, 1)
        row.addWidget(self.side)
        row.addWidget(self.speed)

    def show_recording(self, duration_s: float) -> None:
        """Show a recording's length."""
        self._duration_s = duration_s
        self.slider.show_duration(duration_s)
        self._show()

    def offer_tracks(self, is_meeting: bool) -> None:
        """Offer the sides of a meeting, beginning with both."""
        self.side.setCurrentIndex(0)
        self.side.setVisible(is_meeting)

    def show_position(self, position_s: float) -> None:
        """Show the playback position."""
        self.slider.show_position(position_s)
        if int(position_s) != int(self._position_s):
            self._position_s = position_s
            self._show_clock()

    def show_playing(self, is_playing: bool) -> None:
        """Show whether it plays."""
        self._is_playing = is_playing
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play and pause with Space."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if not event.isAutoRepeat():
                self.toggle_requested.emit()
            return
        super().keyPressEvent(event)

    def _show(self) -> None:
        name = self.tr("Pause playback") if self._is_playing else self.tr("Play the recording")
        picture = "pause" if self._is_playing else "play"
        set_icon(self.play_button, picture, 20, "accent_ink")
        self.play_button.setToolTip(self.tr("{0} (Space)").format(name))
        self.play_button.setAccessibleName(name)
        self._show_clock()

    def _show_clock(self) -> None:
        whole = format_clock(self._duration_s)
        # As wide as with its widest digits, so that nothing moves or is cut off.
        widest = "".join("0" if one.isdigit() else one for one in f"{whole} / {whole}")
        self.clock.setMinimumWidth(self.clock.fontMetrics().horizontalAdvance(widest))
        self.clock.setText(f"{format_clock(self._position_s)} / {whole}")
