"""Run the service for other programs while the setting says so, and feed it the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from granite_live.app.engine import Engine
from granite_live.app.models import ModelChoice
from granite_live.gui.background import Background
from granite_live.gui.live_session import LiveSession
from granite_live.gui.preferences import Preferences
from granite_live.session.events import SessionEvent
from granite_live.settings import Settings

if TYPE_CHECKING:
    from granite_live.server.live import Watcher
    from granite_live.server.network import NetworkShare
    from granite_live.server.running import HostedService


class ServiceController(QObject):
    """Starts and ends the service.

    Signals: `changed` when it started, ended or is shared; `failed` why it cannot run;
    `watchers_changed` with all who watch the captions.
    """

    changed = Signal()
    failed = Signal(str)
    watchers_changed = Signal(object)
    _defect = Signal(str)

    def __init__(
        self,
        engine: Engine,
        live: LiveSession,
        preferences: Preferences,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._live = engine, live
        self._preferences, self._background = preferences, background
        self._service: HostedService | None = None
        self._is_starting = self._has_ended = False
        self._is_live = False
        self.problem = ""
        """Why the service does not run although it is switched on, "" if it runs."""
        self.share: NetworkShare | None = None
        self.watchers: tuple[Watcher, ...] = ()
        self.token = ""
        self._defect.connect(self._fail)
        self.watchers_changed.connect(self._keep_watchers)
        preferences.changed.connect(lambda _settings: self._apply())
        preferences.model_saved.connect(self._use_model)
        live.event_received.connect(self._post)
        live.activity_changed.connect(lambda _activity: self._follow_activity())

    @property
    def address(self) -> str:
        """The address of the running service, "" if it does not run."""
        return "" if self._service is None else self._service.address

    @property
    def captions_url(self) -> str:
        """The address of the caption page with its token, "" if the service does not run."""
        return f"{self.address}/captions?token={self.token}" if self._service is not None else ""

    def begin(self) -> None:
        """Start the service if the setting says so."""
        self._apply()

    def share_captions(self, address: str) -> None:
        """Show the captions to other devices on this address, until `end_sharing`."""
        from granite_live.server.network import NetworkShare

        service = self._service
        if service is None:
            return
        share = NetworkShare(address, service.port)
        self._background.run(
            lambda: service.share(share), lambda _done: self._shared(share), self.failed.emit
        )

    def end_sharing(self) -> None:
        """Disconnect other devices."""
        if self._service is not None:
            self._service.unshare()
        self._shared(None)

    def end(self) -> None:
        """End the service; the background has ended it when it is joined."""
        self._has_ended = True
        self._stop()

    def _apply(self) -> None:
        wanted = self._preferences.settings.serve and not self._has_ended
        if wanted and self._service is None and not self._is_starting:
            self._start()
        elif not wanted:
            self.problem = ""
            self._stop()

    def _start(self) -> None:
        self._is_starting = True
        settings = self._preferences.settings
        self._background.run(lambda: self._open(settings), self._started, self._fail)

    def _open(self, settings: Settings) -> tuple[HostedService, str]:
        """Start the service. Runs in a background thread."""
        from granite_live.server import require_libraries

        require_libraries()
        from granite_live.server.guard import load_token
        from granite_live.server.running import HostedService, window_settings

        model, token = self._engine.default_model(), load_token()
        service = HostedService(
            lambda folder: window_settings(
                settings, model, token, folder, self.watchers_changed.emit
            ),
            settings.serve_port,
            self._defect.emit,
        )
        return service, token

    def _started(self, opened: tuple[HostedService, str]) -> None:
        self._is_starting = False
        self._service, self.token = opened
        self.problem, self._is_live = "", False
        self._follow_activity()
        self._apply()  # it may have been switched off meanwhile
        self.changed.emit()

    def _fail(self, sentence: str) -> None:
        self._is_starting = False
        self.problem = sentence
        self._stop()
        self.failed.emit(sentence)
        self.changed.emit()

    def _stop(self) -> None:
        service, self._service = self._service, None
        if service is not None:
            self.share, self.watchers = None, ()
            self._background.run(service.close)
            self.changed.emit()

    def _use_model(self) -> None:
        service = self._service
        if service is not None:

            def used(model: ModelChoice) -> None:
                service.use_model(model.spec, model.name)

            self._background.run(self._engine.default_model, used)

    def _post(self, event: SessionEvent) -> None:
        if self._service is not None:
            self._service.post(event)

    def _follow_activity(self) -> None:
        """Let the service free its model while a session has one in memory."""
        is_live = self._live.is_active
        if self._service is not None and is_live != self._is_live:
            self._is_live = is_live
            self._service.set_live(is_live)

    def _shared(self, share: NetworkShare | None) -> None:
        self.share = share
        self.changed.emit()

    def _keep_watchers(self, watchers: tuple[Watcher, ...]) -> None:
        self.watchers = watchers
