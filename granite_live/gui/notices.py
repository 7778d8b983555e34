"""The notice bar: one line above the text, with an optional action; and a session's notices in it.

A notice is about a subject, such as the microphone or an offer to recover a session. When the
subject is settled, `withdraw` removes the notice, whether it is visible or not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.messages import status, translate_message
from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import icon_button, pixmap, set_icon, text_label
from granite_live.gui.wrapping import TransientWidget
from granite_live.session import events

_SHOWN_MS = 12_000
_MAX_OPEN = 8
"""More unanswered notices than subjects that the window has."""

INPUT = "input"
"""Subject: the input of the running session."""
SESSION = "session"
"""Subject: the running session, apart from its input."""
DISK = "disk"
"""Subject: the disk that takes the recording."""
START = "start"
"""Subject: a session that could not start."""
CLICK_THROUGH = "click-through"
"""Subject: captions that let clicks through."""
PLAYBACK = "playback"
"""Subject: playback while a session listens."""
RECOVERY = "recovery"
"""Subject: interrupted sessions."""
WATCH = "watch"
"""Subject: the watched folder."""
CLOSING = "closing"
"""Subject: the end of the program."""


@dataclass(frozen=True, slots=True)
class _Notice:
    sentence: str
    subject: str
    is_problem: bool = False
    action: str = ""
    act: Callable[[], None] | None = None

    @property
    def stays(self) -> bool:
        """Whether the notice stays until it is answered, closed or settled."""
        return self.is_problem or self.act is not None


def _replaces(notice: _Notice, earlier: _Notice) -> bool:
    if notice.subject or earlier.subject:
        return notice.subject == earlier.subject
    return notice.is_problem and earlier.is_problem


class NoticeBar(TransientWidget):
    """Shows the newest notice. Problems and notices with an action stay until the user closes or
    answers them or their subject is settled; newer notices only cover them for a while."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._open: list[_Notice] = []
        self._icon = QLabel(self)
        self.text = text_label(self)
        self.action = QPushButton(self)
        self.action.clicked.connect(self._do)
        self.close_button = icon_button(
            self, self.tr("Close the notice"), self.dismiss, tip=self.tr("Close")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        row.setSpacing(GRID_PX + GRID_PX // 2)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        row.addWidget(self.action)
        row.addWidget(self.close_button)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.dismiss)
        set_icon(self.close_button, "close", 16)
        follow_theme(self._show_icon)
        self.hide()

    def show_message(self, sentence: str, *, is_problem: bool = False, subject: str = "") -> None:
        """Show a sentence. A sentence that reports no problem disappears after a while.

        It replaces an earlier one about the same subject.
        """
        self._add(_Notice(translate_message(sentence), subject, is_problem))

    def offer(
        self, sentence: str, action: str, act: Callable[[], None], *, subject: str = ""
    ) -> None:
        """Show a sentence with a button. It replaces an earlier one about the same subject."""
        self._add(_Notice(translate_message(sentence), subject, False, action, act))

    def withdraw(self, *subjects: str) -> None:
        """Remove the notices about these subjects, because they are settled."""
        self._keep(lambda notice: notice.subject not in subjects)

    def withdraw_messages(self) -> None:
        """Remove what was said about an earlier view; offers and settled subjects stay."""
        self._keep(lambda notice: notice.act is not None or bool(notice.subject))

    def dismiss(self) -> None:
        """Remove the visible notice; one that it covered is visible again."""
        self._timer.stop()
        if self._open:
            self._open.pop()
        self._show_newest()

    def _add(self, notice: _Notice) -> None:
        kept = [one for one in self._open if one.stays and not _replaces(notice, one)]
        self._open = [*kept[1 - _MAX_OPEN :], notice]
        self._show_newest()
        # Screen readers announce the notice at once, wherever the focus is.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _keep(self, is_kept: Callable[[_Notice], bool]) -> None:
        kept = [one for one in self._open if is_kept(one)]
        if len(kept) < len(self._open):
            self._open = kept
            self._show_newest()

    def _show_newest(self) -> None:
        self._timer.stop()
        if not self._open:
            self.hide()
            return
        notice = self._open[-1]
        self._show_icon()
        self.text.setText(notice.sentence)
        self.setAccessibleName(notice.sentence)
        self.action.setText(notice.action)
        self.action.setVisible(notice.act is not None)
        self.show()
        if not notice.stays:
            self._timer.start()

    def _do(self) -> None:
        act = self._open[-1].act if self._open else None
        self.dismiss()
        if act is not None:
            act()

    def _show_icon(self) -> None:
        colors, size = current_theme().colors, current_theme().px(20)
        is_problem = bool(self._open) and self._open[-1].is_problem
        name, ink = ("warning", colors.warning) if is_problem else ("info", colors.accent_ink)
        self._icon.setPixmap(pixmap(name, ink, size))


class SessionNotices(QObject):
    """Shows what a running session reports."""

    def __init__(self, live: LiveSession, bar: NoticeBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live, self._bar = live, bar
        self._is_silent = False
        live.activity_changed.connect(self._handle_activity)
        live.event_received.connect(self._handle_event)
        live.failed.connect(self._show_start_problem)

    def _show_start_problem(self, sentence: str) -> None:
        self._bar.show_message(sentence, is_problem=True, subject=START)

    def _handle_activity(self, activity: SessionActivity) -> None:
        bar = self._bar
        match activity:
            case SessionActivity.STARTING:
                bar.withdraw_messages()
                bar.withdraw(START, SESSION, DISK, INPUT)
            case SessionActivity.PAUSED | SessionActivity.STANDBY:
                bar.withdraw(PLAYBACK)
                # A source may be silent while nothing is recorded.
                if self._is_silent:
                    bar.withdraw(INPUT)
            case SessionActivity.IDLE:
                self._is_silent = False
                bar.withdraw(INPUT, DISK, PLAYBACK)

    def _handle_event(self, event: events.SessionEvent) -> None:
        sentence = status.problem(event)
        match event:
            case events.DeviceLost(reason=reason):
                self._is_silent = status.is_silence(reason)
                is_paused = self._live.activity in (
                    SessionActivity.PAUSED,
                    SessionActivity.STANDBY,
                )
                if not (self._is_silent and is_paused):
                    self._bar.show_message(sentence, is_problem=True, subject=INPUT)
            case events.DeviceRecovered(device=device):
                was_silent, self._is_silent = self._is_silent, False
                self._bar.withdraw(INPUT)
                if not was_silent:
                    text = self.tr("{0} is back.").format(device)
                    self._bar.show_message(text, subject=INPUT)
            case events.DiskChanged(unwritten_s=unwritten_s):
                is_problem = bool(unwritten_s)
                self._bar.show_message(sentence, is_problem=is_problem, subject=DISK)
            case events.WorkerRestarted() | events.ModelReady() if sentence:
                self._bar.show_message(sentence)
            case _ if sentence:
                self._bar.show_message(sentence, is_problem=True, subject=SESSION)
