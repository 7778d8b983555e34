"""The caption controller: connects the session and settings with the caption window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, QSettings, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from granite_live.gui.captions.flow import Flow
from granite_live.gui.captions.look import Look
from granite_live.gui.captions.places import Places, Screen, connected
from granite_live.gui.captions.window import CaptionWindow
from granite_live.gui.live import LiveSession
from granite_live.gui.preferences import Preferences
from granite_live.gui.style import system_family
from granite_live.session import events
from granite_live.settings import Settings


class CaptionDesk(QObject):
    """Opens and closes the caption window.

    Emits `shown_changed` with whether the window is open, `through_changed` with whether clicks
    pass through it.
    """

    shown_changed = Signal(bool)
    through_changed = Signal(bool)

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
        self._places, self._screens = Places(stored), screens
        self._flow = Flow()
        self._was_click_through = self.is_click_through
        self.through_keys: Callable[[], str] = str
        """Returns the main window's shortcut that makes the captions accept clicks again."""
        self.window: CaptionWindow | None = None
        """The window while it is open."""
        live.told.connect(self._hear)
        live.began.connect(lambda _id: self._begin())
        preferences.changed.connect(self._take_over)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self._watch)
        for change in (app.screenAdded, app.screenRemoved, app.primaryScreenChanged):
            change.connect(self._settle_soon)
        for screen in QGuiApplication.screens():
            self._watch(screen)

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
        settings = self._preferences.settings
        has_motion = self._preferences.theme().has_motion
        window = CaptionWindow(self._look(settings), has_motion=has_motion)
        place = self._place(window)
        if place is None:
            window.deleteLater()
            self.shown_changed.emit(False)
            return
        self.window = window
        window.through_keys = self.through_keys
        window.wanted.connect(lambda values: self._preferences.change(**values))
        window.placed.connect(self._put_by_user)
        window.closed.connect(self._closed)
        window.say(self._flow.said)
        window.set_click_through(settings.captions_click_through)
        window.appear(place)
        self.shown_changed.emit(True)

    def close(self) -> None:
        """Close the window if it is open."""
        if self.window is not None:
            self.window.close()

    def _closed(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.deleteLater()
            self.shown_changed.emit(False)

    # -- session events -----------------------------------------------------------------------

    def _begin(self) -> None:
        self._flow.clear()
        self._say()

    def _hear(self, event: events.Event) -> None:
        if self._flow.apply(event):
            self._say()

    def _say(self) -> None:
        if self.window is not None:
            self.window.say(self._flow.said)

    def _take_over(self, settings: Settings) -> None:
        if self._was_click_through != settings.captions_click_through:
            self._was_click_through = settings.captions_click_through
            self.through_changed.emit(self._was_click_through)
        window = self.window
        if window is None:
            return
        window.change_look(self._look(settings))
        if window.is_click_through != settings.captions_click_through:
            window.set_click_through(settings.captions_click_through)

    @staticmethod
    def _look(settings: Settings) -> Look:
        return Look.of(settings, settings.font_family or system_family())

    # -- position -----------------------------------------------------------------------------

    def _place(self, window: CaptionWindow) -> QRect | None:
        look = window.look
        return self._places.choose(self._screens(), look.height_px, look.least_width_px)

    def _put_by_user(self, place: QRect) -> None:
        self._places.remember(place, self._screens())

    def _watch(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._settle_soon)

    def _settle_soon(self, _changed: object = None) -> None:
        # Qt itself moves the windows of a removed screen; move this one after that.
        QTimer.singleShot(0, self, self.settle)

    def settle(self) -> None:
        """Move the window to its position on the present screens."""
        window = self.window
        if window is not None and (place := self._place(window)) is not None:
            window.put(place)
            window.raise_()
