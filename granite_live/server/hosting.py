"""The service inside a program that has sessions of its own, such as the window."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from granite_live.app.factory import SessionSettings
from granite_live.messages.control import ServerMessage
from granite_live.server.application import ServerSettings
from granite_live.server.running import HOST, Server, open_socket, working_folder
from granite_live.util.lifecycle import Closeable, ReportingThread, summarize_error

if TYPE_CHECKING:
    from granite_live.app.models import ModelChoice
    from granite_live.server.live import Watcher
    from granite_live.server.network import NetworkShare
    from granite_live.session.events import SessionEvent
    from granite_live.session.messages import ModelSpec
    from granite_live.settings import Settings

_JOIN_S = 5.0


def window_settings(
    stored: Settings,
    model: ModelChoice,
    token: str,
    folder: Path,
    on_watchers: Callable[[tuple[Watcher, ...]], None],
) -> ServerSettings:
    """Return the settings of the window's service: those who watch see the window's session."""
    return ServerSettings(
        spec=model.spec,
        session=replace(SessionSettings.of(stored), keep_sound=False),
        model_name=model.name,
        folder=folder,
        token=token,
        idle_s=60.0 * stored.idle_minutes or None,
        shows_sent_sound=False,
        on_watchers=on_watchers,
    )


class HostedService(Closeable):
    """Runs the service in a thread, from its creation to `close`."""

    def __init__(
        self,
        make_settings: Callable[[Path], ServerSettings],
        port: int,
        on_failure: Callable[[str], None],
    ) -> None:
        """Start the service.

        Args:
            make_settings: Returns the settings for a private folder.
            port: The port on the loopback address; 0: any free one.
            on_failure: Called with a sentence from the service's thread if it ends by a defect.

        Raises:
            ServerError: The port or the folder cannot be used.
        """
        self._resources = ExitStack()
        with ExitStack() as stack:
            folder = stack.enter_context(working_folder())
            listener = stack.enter_context(open_socket(port))
            self.port: int = listener.getsockname()[1]
            self._server = Server(make_settings(folder), listener)
            self._resources = stack.pop_all()
        self._thread = ReportingThread(
            self._server.run,
            name="service",
            on_failure=lambda error: on_failure(
                ServerMessage.DEFECT(reason=summarize_error(error))
            ),
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """The address of the service."""
        return f"http://{HOST}:{self.port}"

    def post(self, event: SessionEvent) -> None:
        """Show an event to those who watch; from any thread. Never blocks."""
        self._server.post(event)

    def set_live(self, is_live: bool) -> None:
        """Tell that a live session of this program began or ended; see `Server.set_live`."""
        self._server.set_live(is_live)

    def use_model(self, spec: ModelSpec, name: str) -> None:
        """Use another model from the next request on."""
        self._server.use_model(spec, name)

    def share(self, share: NetworkShare) -> None:
        """Show the captions to other devices; see `Server.share`."""
        self._server.share(share)

    def unshare(self) -> None:
        """Disconnect other devices."""
        self._server.unshare()

    def close(self) -> None:
        """End the service; its recordings fail. Takes up to some seconds."""
        self._server.stop()
        self._thread.join(_JOIN_S)
        if self._thread.is_alive():
            self._server.abandon()
            self._thread.join()
        self._resources.close()
