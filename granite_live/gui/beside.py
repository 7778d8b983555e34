"""The dictation window and the tray icon beside the main window."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from granite_live.gui import words
from granite_live.gui.background import Background
from granite_live.gui.conductor import Conductor
from granite_live.gui.dictation.desk import DictationDesk
from granite_live.gui.dictation.means import Means, real_means
from granite_live.gui.live import LiveSession
from granite_live.gui.main_window import MainWindow
from granite_live.gui.preferences import Preferences
from granite_live.gui.theme import Theme
from granite_live.gui.tray.presence import Presence
from granite_live.gui.tray.tray import Tray
from granite_live.session import events
from granite_live.settings import Settings

_END_S = 1.0


class Beside(QObject):
    """Connects the dictation window and the tray icon with the main window and its session."""

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        live: LiveSession,
        conductor: Conductor,
        preferences: Preferences,
        background: Background,
        means: Means | None = None,
    ) -> None:
        super().__init__(window)
        self._window, self._preferences = window, preferences
        self.dictation = DictationDesk(
            live,
            lambda: conductor.start(is_dictation=True),
            preferences,
            background,
            window.places,
            means or real_means(),
            self,
        )
        self.tray = Tray(window.theme, self)
        self.presence = Presence(app, window, self.tray)
        self._connect_dictation(conductor)
        self._connect_tray(live, conductor)
        self.take_over(preferences.settings)

    def begin(self, *, in_tray: bool = False) -> None:
        """Show the main window or only the tray icon, and the dictation window if configured."""
        self.presence.begin(in_tray=in_tray)
        if self._preferences.settings.dictation_at_start:
            self.dictation.open()

    def take_over(self, settings: Settings) -> None:
        """Apply the settings."""
        self.presence.take_over(settings)

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self.dictation.set_theme(theme)
        self.tray.set_theme(theme)

    def end(self) -> bool:
        """End everything; return whether nothing is left running."""
        self.presence.end()
        return self.dictation.end(_END_S)

    def _connect_dictation(self, conductor: Conductor) -> None:
        dictation, window = self.dictation, self._window
        window.dictate_wanted.connect(dictation.speak)
        window.closing.connect(dictation.close)
        conductor.menu.dictation_wanted.connect(dictation.toggle)
        dictation.told.connect(window.page.notices.tell)
        dictation.opened.connect(self.tray.set_dictating)

    def _connect_tray(self, live: LiveSession, conductor: Conductor) -> None:
        tray, window = self.tray, self._window
        tray.captions_wanted.connect(conductor.captions.toggle)
        conductor.captions.shown_changed.connect(tray.set_captioning)
        live.activity_changed.connect(tray.set_activity)
        live.failed.connect(self._tell_without_window)
        live.told.connect(self._hear)
        tray.window_wanted.connect(window.bring_forward)
        tray.start_stop_wanted.connect(window.dock.toggle)
        tray.pause_wanted.connect(window.dock.toggle_pause)
        tray.dictation_wanted.connect(self.dictation.toggle)
        tray.settings_wanted.connect(window.bring_forward)
        tray.settings_wanted.connect(window.sidebar.settings_wanted)
        tray.quit_wanted.connect(self.presence.leave)

    def _hear(self, event: events.Event) -> None:
        # Notes on the model are not problems; the main window shows them.
        if not isinstance(event, events.ModelReady):
            self._tell_without_window(words.trouble(event))

    def _tell_without_window(self, sentence: str) -> None:
        """Show a problem in the tray if the main window is hidden."""
        if sentence and self.presence.is_in_tray and not self._window.isVisible():
            self.tray.tell(sentence)
