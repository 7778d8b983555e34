"""Captions: follow the session and the settings, and keep the window where the user put it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSettings, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from granite_live.gui.captions.appearance import CaptionStyle
from granite_live.gui.captions.positions import CaptionPositions, Screen, connected
from granite_live.gui.captions.rows import CaptionStream
from granite_live.gui.high_contrast import system_family
from granite_live.gui.live_session import LiveSession
from granite_live.gui.preferences import Preferences
from granite_live.session import events
from granite_live.settings import Settings

if TYPE_CHECKING:
    from granite_live.gui.captions.window import CaptionWindow

_OPEN = "captions/open"


class CaptionController(QObject):
    """Opens and closes the caption window.

    Emits `visibility_changed` with whether the window is open, `click_through_changed` with whether
    clicks pass through it, `start_stop_requested` and `settings_requested` from the window's menu.
    """

    start_stop_requested = Signal()
    settings_requested = Signal()

    visibility_changed = Signal(bool)
    click_through_changed = Signal(bool)

    def __init__(
        self,
        live: LiveSession,
        preferences: Preferences,
        stored: QSettings,
        parent: QObject | None = None,
        *,
        screens: Callable[[], list[Screen]] = connected,
    ) -> None:
        """Connect to the session, the settings and the screens.

        Args:
            live: The running session.
            preferences: The settings.
            stored: Where window positions are stored.
            parent: The Qt parent.
            screens: Returns the connected screens.
        """
        super().__init__(parent)
        self._preferences = preferences
        self._live, self._stored = live, stored
        self._positions, self._screens = CaptionPositions(stored), screens
        self._flow = CaptionStream()
        self._was_click_through = self.is_click_through
        self.click_through_keys: Callable[[], str] = str
        """Returns the main window's shortcut that makes the captions accept clicks again."""
        self.keep_free: Callable[[], QRect] = QRect
        """Returns the area of the screen that new captions must not cover."""
        self.window: CaptionWindow | None = None
        """The window while it is open."""
        live.event_received.connect(self._handle_event)
        live.started.connect(lambda _id: self._begin())
        preferences.changed.connect(self._apply_settings)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self._watch)
        for change in (app.screenAdded, app.screenRemoved, app.primaryScreenChanged):
            change.connect(self._reposition_later)
        for screen in QGuiApplication.screens():
            self._watch(screen)

    def begin(self) -> None:
        """Open the window if it was open when the program ended."""
        if str(self._stored.value(_OPEN, "")) == "true":
            self.open()

    def end(self) -> None:
        """Close the window for the end of the program, and remember whether it was open."""
        was_open = self.window is not None
        self.close()
        self._remember_open(was_open)

    def _remember_open(self, is_open: bool) -> None:
        self._stored.setValue(_OPEN, "true" if is_open else "false")
        self._stored.sync()

    @property
    def is_shown(self) -> bool:
        """Whether the window is open."""
        return self.window is not None

    @property
    def is_click_through(self) -> bool:
        """Whether clicks pass through the window."""
        return self._preferences.settings.captions_click_through

    def toggle(self) -> None:
        """Open or close the window."""
        if self.window is None:
            self.open()
        else:
            self.close()

    def toggle_click_through(self) -> None:
        """Turn click-through on or off."""
        self._preferences.change(captions_click_through=not self.is_click_through)

    def open(self) -> None:
        """Show the captions at their stored position."""
        if self.window is not None:
            self.window.raise_()
            return
        if not self._live.is_active:
            self._flow.clear()  # the words of a session that has ended
        from granite_live.gui.captions.window import CaptionWindow

        settings = self._preferences.settings
        has_motion = self._preferences.theme().has_motion
        window = CaptionWindow(self._style_of(settings), has_motion=has_motion)
        place = self._position(window)
        if place is None:
            window.deleteLater()
            self.visibility_changed.emit(False)
            return
        self.window = window
        window.click_through_keys = self.click_through_keys
        window.is_listening = lambda: self._live.is_active
        window.start_stop_requested.connect(self.start_stop_requested)
        window.settings_requested.connect(self.settings_requested)
        window.change_requested.connect(lambda values: self._preferences.change(**values))
        window.moved_by_user.connect(self._remember_position)
        window.closed.connect(self._closed)
        window.show_words(self._flow.utterances)
        window.set_click_through(settings.captions_click_through)
        window.show_at(place)
        self._remember_open(True)
        self.visibility_changed.emit(True)

    def close(self) -> None:
        """Close the window if it is open."""
        if self.window is not None:
            self.window.close()

    def _closed(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.deleteLater()
            self._remember_open(False)
            self.visibility_changed.emit(False)

    # -- session events -----------------------------------------------------------------------

    def _begin(self) -> None:
        self._flow.clear()
        self._show_words()

    def _handle_event(self, event: events.SessionEvent) -> None:
        if self._flow.apply(event):
            self._show_words()

    def _show_words(self) -> None:
        if self.window is not None:
            self.window.show_words(self._flow.utterances)

    def _apply_settings(self, settings: Settings) -> None:
        if self._was_click_through != settings.captions_click_through:
            self._was_click_through = settings.captions_click_through
            self.click_through_changed.emit(self._was_click_through)
        window = self.window
        if window is None:
            return
        window.change_caption_style(self._style_of(settings))
        if window.is_click_through != settings.captions_click_through:
            window.set_click_through(settings.captions_click_through)

    @staticmethod
    def _style_of(settings: Settings) -> CaptionStyle:
        return CaptionStyle.of(settings, settings.font_family or system_family())

    # -- position -----------------------------------------------------------------------------

    def _position(self, window: CaptionWindow) -> QRect | None:
        look = window.caption_style
        return self._positions.choose(
            self._screens(), look.height_px, look.least_width_px, self.keep_free()
        )

    def _remember_position(self, place: QRect) -> None:
        self._positions.remember(place, self._screens())

    def _watch(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._reposition_later)

    def _reposition_later(self, _changed: object = None) -> None:
        # Qt itself moves the windows of a removed screen; move this one after that.
        QTimer.singleShot(0, self, self.reposition)

    def reposition(self) -> None:
        """Move the window to its position on the present screens."""
        window = self.window
        if window is not None and (place := self._position(window)) is not None:
            window.move_to(place)
            window.raise_()
