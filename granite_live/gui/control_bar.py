"""The bar under the transcript: input, level, the record button, the clock."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QToolButton,
    QWidget,
)

from granite_live.gui.input_controls import InputPicker
from granite_live.gui.level_meters import LevelMeters
from granite_live.gui.live_session import AwayTime, DelayTracker, SessionActivity
from granite_live.gui.messages import status, translate_message
from granite_live.gui.style_sheet import current_theme, follow_theme, font
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import link_button, set_icon, set_role, text_label
from granite_live.gui.wrapping import WrappingWidget
from granite_live.session import events
from granite_live.transcript.export.text_formats import format_clock
from granite_live.transcript.model import Track

_TICK_MS = 250
_FREE = (SessionActivity.IDLE, SessionActivity.STANDBY)
"""The activities in which a session can be started."""


class ControlBar(WrappingWidget):
    """Emits the user's actions."""

    start_requested = Signal()
    stop_requested = Signal()
    pause_requested = Signal()
    resume_requested = Signal()
    listening_session_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._activity = SessionActivity.IDLE
        self._is_loaded = False
        self._spent_s, self._since_s = 0.0, 0.0
        self._lag, self._backlog, self._delay = "", "", DelayTracker()
        self._away = AwayTime()
        self._pause_keys = ""
        self._has_state = self._has_heard = self._is_compact = self._is_demo = False
        self._model_details = ""
        self._lost = ""
        self.picker = InputPicker(self)
        self.meter = LevelMeters(self)
        self.button = QPushButton(self)
        self.button.setObjectName("record")
        self.button.clicked.connect(self.toggle)
        self.pause_button = QToolButton(self)
        self.pause_button.clicked.connect(self.toggle_pause)
        self.clock = QLabel(self)
        self.clock.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # An accessible name would replace the text for screen readers.
        self.clock.setAccessibleDescription(self.tr("Length of the session"))
        self.state = text_label(self, role="small")
        self.state.setAccessibleDescription(self.tr("State"))
        self.elsewhere = link_button(
            self.tr("Show the listening session"), self, self.listening_session_requested
        )
        self.elsewhere.hide()
        self.model = text_label(self, role="small", wraps=False)
        self.model.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.model.setAccessibleDescription(self.tr("Model"))
        self.model_link = link_button(self.tr("Get the full model"), self)
        self.model_link.hide()
        self.lag = text_label(self, role="small", wraps=False)
        self.lag.setAccessibleDescription(self.tr("Delay"))
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._lay_out()
        follow_theme(self._apply_theme)
        self.set_activity(SessionActivity.IDLE)

    def _lay_out(self) -> None:
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        self._middle, self._state_row, self._model_row = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self._left.addWidget(self.picker)
        self._left.addStretch(1)
        self._right.setSpacing(2 * GRID_PX)
        self._right.addStretch(1)
        self._right.addWidget(self.meter)
        self._right.addWidget(self.clock)
        self._middle.setSpacing(GRID_PX)
        # Balances the other side, so that the start button never moves.
        self._balance = QSpacerItem(0, 0)
        self._middle.addSpacerItem(self._balance)
        self._middle.addWidget(self.button)
        self._middle.addWidget(self.pause_button)
        for part in (self.pause_button, self.meter, self.clock):
            keeps_room = part.sizePolicy()
            keeps_room.setRetainSizeWhenHidden(True)
            part.setSizePolicy(keeps_room)
        self._state_row.addWidget(self.elsewhere)
        self._state_row.addWidget(self.state, 1)
        self._model_row.setSpacing(2 * GRID_PX)
        self._model_row.addWidget(self.lag)
        self._model_row.addWidget(self.model, 1)
        self._model_row.addWidget(self.model_link)
        self._below = QHBoxLayout()
        self._below.setSpacing(2 * GRID_PX)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*(2 * GRID_PX,) * 4)
        self._grid.setVerticalSpacing(GRID_PX)
        self._grid.setHorizontalSpacing(2 * GRID_PX)
        self._is_narrow: bool | None = None
        self._arrange()

    def _arrange(self) -> None:
        """Arrange the parts in two rows, or four in a narrow window.

        The width decides, never a text: nothing jumps when an input has another name.
        """
        pause_px = self.pause_button.sizeHint().width()
        clock_px = max(self.clock.sizeHint().width(), self.clock.minimumWidth())
        told_px = self.meter.sizeHint().width() + 2 * GRID_PX + clock_px
        # Both sides are as wide as the wider one, even if empty.
        side_px = max(self.picker.sizeHint().width(), told_px)
        middle_px = self._button_px() + 2 * (pause_px + GRID_PX)
        is_narrow = self.width() < 2 * side_px + middle_px + 8 * GRID_PX
        self._keep_middle(0 if is_narrow else side_px, 0 if is_narrow else pause_px + GRID_PX)
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        grid = self._grid
        for part in (self._left, self._middle, self._right, self._below):
            grid.removeItem(part)
            part.setParent(None)
        for part in (self._state_row, self._model_row):
            (grid if part.parent() is grid else self._below).removeItem(part)
            part.setParent(None)
        self.model.setWordWrap(is_narrow)
        if is_narrow:
            grid.addLayout(self._middle, 0, 0, Qt.AlignmentFlag.AlignLeading)
            grid.addLayout(self._right, 0, 1, 1, 2)
            grid.addLayout(self._left, 1, 0, 1, 3)
            grid.addLayout(self._state_row, 2, 0, 1, 3)
            grid.addLayout(self._model_row, 3, 0, 1, 3)
        else:
            grid.addLayout(self._left, 0, 0)
            grid.addLayout(self._middle, 0, 1, Qt.AlignmentFlag.AlignHCenter)
            grid.addLayout(self._right, 0, 2)
            self._below.addLayout(self._state_row, 1)
            self._below.addLayout(self._model_row)
            grid.addLayout(self._below, 1, 0, 1, 3)
        # Center the start button.
        grid.setColumnStretch(0, 0 if is_narrow else 1)
        grid.setColumnStretch(2, 1)
        self.updateGeometry()

    def _button_px(self) -> int:
        """Return the width of the start button with its longer text."""
        metrics = self.button.fontMetrics()
        texts = (self.tr("Start"), self.tr("Stop"))
        longest = max(metrics.horizontalAdvance(text) for text in texts)
        present = metrics.horizontalAdvance(self.button.text())
        return self.button.sizeHint().width() + longest - present

    def _keep_middle(self, side_px: int, balance_px: int) -> None:
        """Keep both sides of the start button equally wide, so that it never moves."""
        fixed = QSizePolicy.Policy.Fixed
        if self._balance.sizeHint().width() != balance_px:
            self._balance.changeSize(balance_px, 0, fixed, fixed)
            self._middle.invalidate()
        for column in (0, 2):
            if self._grid.columnMinimumWidth(column) != side_px:
                self._grid.setColumnMinimumWidth(column, side_px)

    def set_compact(self, is_compact: bool) -> None:
        """Show only what a window in a corner of the screen needs."""
        self._is_compact = is_compact
        for part in (self.picker, self.model, self.state):
            part.setVisible(not is_compact)
        keeps_room = self.meter.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(not is_compact)
        self.meter.setSizePolicy(keeps_room)
        self._show()

    def event(self, event: QEvent) -> bool:
        """Rearrange when a part changes its width."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rearrange for the new width."""
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest row of the narrow arrangement."""
        rows: tuple[tuple[QWidget, ...], ...] = (
            (self.button, self.pause_button, self.meter, self.clock),
            (self.lag, self.model_link),
        )
        if self._is_compact:
            rows = ((self.button, self.pause_button, self.clock),)
        width = max(sum(one.sizeHint().width() for one in row) for row in rows)
        return QSize(width + 8 * GRID_PX, super().minimumSizeHint().height())

    def _apply_theme(self) -> None:
        theme = current_theme()
        px, colors = theme.px, theme.colors
        self.button.setStyleSheet(
            f"#record {{ border-radius: {px(20)}px; min-height: {px(34)}px; font-weight: 600;"
            f" min-width: {px(96)}px; padding: {px(6)}px {px(20)}px; }}"
        )
        self.pause_button.setStyleSheet(
            f"QToolButton {{ border-radius: {px(20)}px; padding: {px(12)}px; }}"
        )
        self.clock.setStyleSheet(f"font-size: {theme.title_px}px; color: {colors.soft};")
        digits = QFontMetrics(font(theme.title_px))
        # Wide enough for hours from the start, so that nothing moves later.
        self.clock.setMinimumWidth(digits.horizontalAdvance("00:00:00"))
        # Links are higher than labels: nothing shall jump when one appears.
        self.state.setMinimumHeight(self.model_link.sizeHint().height())
        self._show()

    def set_pause_keys(self, keys: str) -> None:
        """Show the pause shortcut in the button's tool tip."""
        self._pause_keys = keys
        self._show()

    # -- user actions -------------------------------------------------------------------------

    def toggle(self) -> None:
        """Start or stop."""
        if self._activity in _FREE:
            self.start_requested.emit()
        elif self._activity is not SessionActivity.STOPPING:
            self.stop_requested.emit()

    def toggle_pause(self) -> None:
        """Pause or resume."""
        if self._activity is SessionActivity.RUNNING:
            self.pause_requested.emit()
        elif self._activity is SessionActivity.PAUSED:
            self.resume_requested.emit()

    # -- display ------------------------------------------------------------------------------

    def set_activity(self, activity: SessionActivity) -> None:
        """Show the session's activity."""
        if activity is SessionActivity.STARTING:
            self._spent_s, self._is_loaded = 0.0, False
            self._lag, self._backlog, self._delay = "", "", DelayTracker()
            self._away = AwayTime()
            self.lag.clear()
            self._has_state = self._has_heard = False
            self._lost = ""
            self.meter.show_system(False)
        self._activity = activity
        self.meter.set_active(activity is SessionActivity.RUNNING)
        # A session's first state may arrive before its activity.
        if activity is not SessionActivity.RUNNING or not self._has_state:
            is_standby = activity is SessionActivity.STANDBY
            shown = SessionActivity.IDLE if is_standby else activity
            self.state.setText(status.activity(shown))
            self.state.setToolTip(status.activity(activity) if is_standby else "")
        self._show()

    def set_hearing(self, is_hearing: bool) -> None:
        """Let the clock run while sound arrives, so that it agrees with the recording."""
        if self._timer.isActive():
            self._spent_s += time.monotonic() - self._since_s
            self._timer.stop()
        if is_hearing:
            self._since_s = time.monotonic()
            self._timer.start()

    def apply(self, event: events.SessionEvent) -> None:
        """Apply a session event."""
        # The clock stood while the device was away, and the recording has silence for that time.
        self._spent_s += self._away.apply(event)
        delay_s = self._delay.apply(event)
        if delay_s is not None:
            self._show_delay(delay_s)
        match event:
            case events.StateChanged():
                self._has_state = True
                told = status.state(
                    event,
                    is_loaded=self._is_loaded,
                    has_heard=self._has_heard,
                    shown_reason=self._lost,
                )
                if self._activity is SessionActivity.STANDBY:
                    told = status.activity(SessionActivity.IDLE)
                self.state.setText(told)
                self.state.setToolTip(
                    translate_message(event.detail) if event.state == "waiting" else ""
                )
                if self._activity is SessionActivity.STANDBY:
                    self.state.setToolTip(status.activity(self._activity))
            case events.ModelReady(model=model, threads=threads):
                self._is_loaded = True
                self.set_model(status.model_line(model, threads), is_demo=model.is_demo)
            case events.LevelMeasured(track=track):
                self._has_heard |= track == Track.MICROPHONE
                self.meter.show_level(event)
            case events.DeviceLost(reason=reason):
                # The notice shows the reason; do not repeat it here.
                self._lost = reason
                self.meter.show_no_signal()
            case events.BacklogChanged(utterances=waiting, seconds=seconds):
                self._show_backlog(waiting, seconds)

    def set_model(self, text: str, *, is_demo: bool, details: str | None = None) -> None:
        """Show the model and its device; for the demo model, with a link to the real one.

        `details` is a line on its accuracy and speed for the tool tip; None keeps the last one.
        """
        if details is not None:
            self._model_details = details
        self.model.setText(self.tr("Demo model, {0}").format(text) if is_demo else text)
        demo = self.tr("A small model for trying out: expect mistakes")
        self.model.setToolTip(demo if is_demo else self._model_details)
        self._is_demo = is_demo
        self.model_link.setVisible(is_demo and not self._is_compact)

    def show_elsewhere(self, is_elsewhere: bool) -> None:
        """Offer the running session if another one is displayed."""
        self.elsewhere.setVisible(is_elsewhere)

    def _show_delay(self, delay_s: float) -> None:
        self._lag = self.tr("Delay {0} s").format(QLocale().toString(delay_s, "f", 1))
        self.lag.setText(self._backlog or self._lag)

    def _show_backlog(self, waiting: int, seconds: float) -> None:
        text = self.tr("{0} s behind").format(round(seconds))
        # A single waiting utterance is the one that has just ended.
        self._backlog = text if waiting > 1 else ""
        self.lag.setText(self._backlog or self._lag)

    def _enable_button(self, is_enabled: bool) -> None:
        """Keep the focus here while disabled: Qt would move it to the next field, with Space."""
        if not is_enabled and self.button.hasFocus():
            self.setFocus()
        self.button.setEnabled(is_enabled)
        if is_enabled and self.hasFocus():
            self.button.setFocus()

    def _tick(self) -> None:
        self.clock.setText(format_clock(self._spent_s + time.monotonic() - self._since_s))

    def _show(self) -> None:
        activity = self._activity
        is_idle = activity in _FREE
        self.button.setText(self.tr("Start") if is_idle else self.tr("Stop"))
        picture, ink = ("microphone", "on_accent") if is_idle else ("stop", "danger")
        set_icon(self.button, picture, 20, ink)
        self._enable_button(activity is not SessionActivity.STOPPING)
        self.button.setToolTip(
            self.tr("Start transcribing (Space)") if is_idle else self.tr("End the session (Space)")
        )
        is_paused = activity is SessionActivity.PAUSED
        name = self.tr("Resume") if is_paused else self.tr("Pause")
        set_icon(self.pause_button, "play" if is_paused else "pause", 20, "text")
        self.pause_button.setToolTip(f"{name} ({self._pause_keys})" if self._pause_keys else name)
        self.pause_button.setAccessibleName(name)
        self.pause_button.setVisible(activity in (SessionActivity.RUNNING, SessionActivity.PAUSED))
        self.meter.setVisible(not is_idle and not self._is_compact)
        self.clock.setVisible(not is_idle)
        self.lag.setVisible(not is_idle and not self._is_compact)
        self.model_link.setVisible(self._is_demo and not self._is_compact)
        self.picker.setEnabled(is_idle)
        self._arrange()
        if is_idle:
            self.clock.setText(format_clock(0))
        set_role(self.button, "primary" if is_idle else "")
