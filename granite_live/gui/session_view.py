"""The session view: title, notices and transcript, or the welcome page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.models.widgets import ModelOffer
from granite_live.gui.notices import NoticeBar
from granite_live.gui.playback_bar import PlaybackBar
from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.transcript.panel import TranscriptPanel
from granite_live.gui.widgets import (
    ElidedLabel,
    icon_button,
    link_button,
    pixmap,
    set_icon,
    text_label,
)
from granite_live.gui.wrapping import WrappingWidget

if TYPE_CHECKING:
    from granite_live.gui.first_start import FirstStartPage

# The longest file name shown, in characters: the title needs its space.
_NAME_CHARS = 20
_MIN_PANEL_PX = 96
_MIN_COMPACT_PX = 48
_WELCOME_WITH_PICTURE_PX = 264


class WelcomePage(QWidget):
    """The text of an empty session view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel(self)
        self.title = text_label(self, role="display")
        self.text = text_label(self, role="lead")
        self._needed: tuple[QLabel, ...] = (self.title,)
        column = QVBoxLayout(self)
        self._column = column
        column.setSpacing(2 * GRID_PX)
        column.addStretch(2)
        for label in (self._picture, self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(3)
        self.show_ready()
        follow_theme(self._show_picture)

    def _show_picture(self) -> None:
        self._picture.setPixmap(pixmap("granite-live", "", current_theme().px(64)))
        self._fit()

    def hasHeightForWidth(self) -> bool:
        """Return False: the widgets above take their height first."""
        return False

    def heightForWidth(self, _width: int) -> int:
        """Return -1: the welcome page has no preferred height."""
        return -1

    def minimumSizeHint(self) -> QSize:
        """Return the size of the sentences that must be readable at the present width."""
        width = super().minimumSizeHint().width()
        return QSize(width, self._height_of(self._needed) + 2 * GRID_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the picture if there is space for it."""
        super().resizeEvent(event)
        self._fit()
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def show_ready(self) -> None:
        """Say how to start."""
        text = self.tr("Your words appear here while you talk. Nothing leaves this computer.")
        self._set_text(self.tr("Press Space and speak"), text, must_be_read=False)

    def show_waiting(self, *, has_heard: bool) -> None:
        """Say that no sound arrives yet, or no more."""
        starting, waiting = self.tr("Starting the microphone…"), self.tr("Waiting for sound…")
        text = self.tr("Wait a moment before you speak.")
        self._set_text(waiting if has_heard else starting, text, must_be_read=False)

    def show_listening(self) -> None:
        """Invite to speak: sound arrives."""
        text = self.tr("Start speaking. Gray words are a draft; the final text follows.")
        self._set_text(self.tr("Listening"), text, must_be_read=False)

    def show_empty(self, sentence: str, *, is_running: bool = False) -> None:
        """Say why a session has no text; `is_running` if its text is being made."""
        title = self.tr("Transcribing…") if is_running else self.tr("No text")
        self._set_text(title, sentence, must_be_read=True)

    def _set_text(self, title: str, text: str, *, must_be_read: bool) -> None:
        self.title.setText(title)
        self.text.setText(text)
        # With large letters and a notice above there may be space only for the title.
        self._needed = (self.title, self.text) if must_be_read else (self.title,)
        self._fit()
        self.updateGeometry()

    def _height_of(self, labels: Sequence[QLabel]) -> int:
        """Return the height of labels at the present width, with the spacing between them."""
        width = max(1, self.width() - 8 * GRID_PX)
        heights = [one.heightForWidth(width) for one in labels]
        return sum(heights) + self._column.spacing() * (len(heights) - 1)

    def _fit(self) -> None:
        has_room = self.height() >= current_theme().px(_WELCOME_WITH_PICTURE_PX)
        self._picture.setVisible(has_room)
        margin = 4 * GRID_PX if has_room else GRID_PX
        self._column.setContentsMargins(4 * GRID_PX, margin, 4 * GRID_PX, margin)
        sentences = self._height_of((self.title, self.text)) + 2 * GRID_PX
        self.text.setVisible(self.height() >= sentences)


class _Stack(QStackedWidget):
    def sizeHint(self) -> QSize:
        # Ask for the minimum: the widgets above come first.
        return self.minimumSizeHint()


class _MoreMenu(QMenu):
    """The menu of a button at the window's edge: it opens towards the window's middle."""

    def __init__(self, button: QToolButton) -> None:
        super().__init__(button)
        self._button = button

    def showEvent(self, event: QShowEvent) -> None:
        """Align the menu with the button's outer edge."""
        if self.layoutDirection() is Qt.LayoutDirection.LeftToRight:
            edge = self._button.mapToGlobal(self._button.rect().bottomRight()).x()
            left = self.screen().availableGeometry().left()
            self.move(max(left, edge - self.width()), self.y())
        super().showEvent(event)


class SessionView(WrappingWidget):
    """Shows one session. The buttons are in the title line."""

    can_shrink = True
    continue_requested = Signal()
    lines_shown = Signal(bool)
    first_start_made = Signal(object)

    def __init__(self, panel: TranscriptPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._is_compact = False
        self.is_first_start = False
        """Whether the page of the first start takes the place of an empty view."""
        self.panel = panel
        self.welcome = WelcomePage(self)
        self.notices = NoticeBar(self)
        self.offer = ModelOffer(self)
        self.title = ElidedLabel(self, role="title")
        self.details = ElidedLabel(self, role="small")
        self.recording_notes = ElidedLabel(self, role="small")
        for label in (self.title, self.details, self.recording_notes):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.recording_notes.hide()
        self.live_text_button = link_button("", self)
        self.live_text_button.hide()
        self.continue_button = QPushButton(self.tr("Continue"), self)
        self.continue_button.setToolTip(self.tr("Transcribe the rest of this file"))
        self.continue_button.clicked.connect(self.continue_requested)
        self.continue_button.hide()
        self._buttons: dict[QToolButton, str] = {}
        self.sidebar_button = self._button("sidebar", self.tr("Sessions"))
        self.new_button = self._button("new", self.tr("New session"))
        self.find_button = self._button("search", self.tr("Find in this session"))
        self.export_button = self._button("export", self.tr("Export"))
        self.more_button = self._button("more", self.tr("More options"))
        self.menu = _MoreMenu(self.more_button)
        self.menu.setToolTipsVisible(True)
        self.more_button.setMenu(self.menu)
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.stack = _Stack(self)
        self.stack.addWidget(self.welcome)
        self.stack.addWidget(panel)
        self._first_start: FirstStartPage | None = None
        self._shown: tuple[bool, bool, bool] | None = None
        self.playback_bar = PlaybackBar(self)
        self.playback_bar.hide()
        self._lay_out()
        for button, name in self._buttons.items():
            set_icon(button, name, 20)
        follow_theme(self._reserve_height)
        for signal in (
            panel.model().rowsInserted,
            panel.model().rowsRemoved,
            panel.model().modelReset,
        ):
            signal.connect(self._switch_page)
        panel.min_height_changed.connect(self._reserve_height)
        self._switch_page()

    def _lay_out(self) -> None:
        self._head = head = QHBoxLayout()
        head.setContentsMargins(*self._head_margins())
        head.setSpacing(GRID_PX // 2)
        head.addWidget(self.sidebar_button)
        names = QVBoxLayout()
        names.setContentsMargins(GRID_PX, 0, 0, 0)
        names.setSpacing(2)
        names.addWidget(self.title)
        names.addWidget(self.details)
        names.addWidget(self.recording_notes)
        head.addLayout(names, 1)
        head.addWidget(self.continue_button)
        head.addWidget(self.live_text_button)
        for button in (self.find_button, self.export_button, self.new_button, self.more_button):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        # One layout each: a height-for-width item in a shared layout cannot shrink.
        for widget in (self.notices, self.offer):
            self._offer_row = row = QHBoxLayout()
            row.setContentsMargins(3 * GRID_PX, 0, 3 * GRID_PX, GRID_PX)
            row.addWidget(widget)
            column.addLayout(row)
        column.addWidget(self.stack, 1)
        column.addWidget(self.playback_bar)

    def set_compact(self, is_compact: bool) -> None:
        """Show only the title and what a small window needs."""
        self._is_compact = is_compact
        for button in (self.sidebar_button, self.find_button, self.export_button, self.new_button):
            button.setVisible(not is_compact)
        self.details.setVisible(bool(self.details.text()) and not is_compact)
        self._head.setContentsMargins(*self._head_margins())
        self._switch_page()

    @property
    def first_start(self) -> FirstStartPage:
        """The page of the first start, made when it is first asked for: most starts need none."""
        if self._first_start is None:
            from granite_live.gui.first_start import FirstStartPage

            self._first_start = page = FirstStartPage(self)
            self.stack.addWidget(page)
            self.first_start_made.emit(page)
        return self._first_start

    def show_first_start(self, is_shown: bool) -> None:
        """Show the page of the first start, with the offer as a step, or an empty view."""
        if is_shown == self.is_first_start:
            return
        self.is_first_start = is_shown
        if is_shown:
            self.first_start.hold_offer(self.offer)
        else:
            self.offer.set_number("")
            self._offer_row.addWidget(self.offer)
        self._switch_page()

    def _head_margins(self) -> tuple[int, int, int, int]:
        top = GRID_PX // 2 if self._is_compact else 2 * GRID_PX
        return 2 * GRID_PX, top, 2 * GRID_PX, GRID_PX // 2 if self._is_compact else GRID_PX

    def set_title(self, title: str, about: str, notes: str = "") -> None:
        """Show the session's title, its details, and what is to say about its recording."""
        self.title.setText(title)
        self.title.setToolTip(title)
        self.details.setText(about)
        self.details.setToolTip(about)
        self.details.setVisible(bool(about) and not self._is_compact)
        self.recording_notes.setText(notes)
        self.recording_notes.setToolTip(notes)
        self.recording_notes.setVisible(bool(notes) and not self._is_compact)

    def show_live_text(self, path: Path | None) -> None:
        """Show the name of the live text file, None for none."""
        self.live_text_button.setVisible(path is not None)
        if path is not None:
            name = path.name if len(path.name) <= _NAME_CHARS else path.name[:_NAME_CHARS] + "…"
            self.live_text_button.setText(self.tr("Writing {0}").format(name))
            about = self.tr("The live text is written to {0}").format(path)
            self.live_text_button.setToolTip(about)
            self.live_text_button.setAccessibleDescription(about)

    def _button(self, name: str, label: str) -> QToolButton:
        button = icon_button(self, label)
        self._buttons[button] = name
        return button

    def _reserve_height(self) -> None:
        """Reserve the height of some lines; the welcome page has a minimum of its own."""
        has_lines = self.stack.currentWidget() is self.panel
        min_px = max(current_theme().px(_MIN_PANEL_PX), self.panel.min_height_px)
        if self._is_compact:
            min_px = current_theme().px(_MIN_COMPACT_PX)
        self.stack.setMinimumHeight(min_px if has_lines else 0)

    def _switch_page(self) -> None:
        has_lines = self.panel.model().rowCount() > 0
        is_first_start = self.is_first_start and not self._is_compact
        shown = (has_lines, is_first_start, self._is_compact)
        if shown == self._shown:
            return  # one more line of many
        self._shown = shown
        empty: QWidget = self.first_start if is_first_start else self.welcome
        self.stack.setCurrentWidget(self.panel if has_lines else empty)
        self._reserve_height()
        self.find_button.setEnabled(has_lines)
        self.export_button.setEnabled(has_lines)
        self.lines_shown.emit(has_lines)
