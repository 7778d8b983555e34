"""Call the user's hook with the texts of the window's sessions and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from granite_live.app.hooks import SessionHook
from granite_live.gui.background import Background
from granite_live.gui.file_queue.jobs import FileJob
from granite_live.gui.file_queue.queue import JobQueue
from granite_live.gui.live_session import LiveSession
from granite_live.gui.messages import translate_message
from granite_live.gui.preferences import Preferences
from granite_live.session import events
from granite_live.settings import Settings
from granite_live.util.errors import HookError

if TYPE_CHECKING:
    from granite_live.app.hooks import HookRunner

_CLOSE_S = 1.0


class HookController(QObject):
    """Keeps a runner for the hook of the settings. Emits `failed` with a sentence."""

    failed = Signal(str)
    _problem = Signal(str)

    def __init__(
        self,
        live: LiveSession,
        queue: JobQueue,
        preferences: Preferences,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._background, self._queue = background, queue
        self._runner: HookRunner | None = None
        self._wanted: tuple[str, str, str] = ("", "", "")
        self._live = SessionHook(lambda: self._runner)
        self._files: dict[int, list[str]] = {}
        self._problem.connect(lambda sentence: self.failed.emit(translate_message(sentence)))
        live.event_received.connect(self._live.show)
        queue.event_received.connect(self._follow_file)
        preferences.changed.connect(self._apply)
        self._apply(preferences.settings)

    def end(self) -> None:
        """Pass on what waits, for a second; the background has done so when it is joined."""
        runner, self._runner = self._runner, None
        if runner is not None:
            self._background.run(lambda: runner.close(_CLOSE_S))

    def _apply(self, settings: Settings) -> None:
        wanted = settings.hook_command, settings.hook_url, settings.hook_texts
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self.end()
        # Imported here, because most users have no hook.
        from granite_live.app.hooks import Hook, hook_kinds, start_hook

        hook = Hook(settings.hook_command, settings.hook_url, hook_kinds(settings.hook_texts))
        try:
            self._runner = start_hook(hook, self._problem.emit)
        except HookError as error:
            self._problem.emit(str(error))

    def _follow_file(self, session_id: int, event: events.SessionEvent) -> None:
        """Collect the texts of a file, and pass them on at its end."""
        if isinstance(event, events.FinalText) and event.text:
            self._files.setdefault(session_id, []).append(event.text)
        elif isinstance(event, events.SessionClosed):
            texts = self._files.pop(session_id, [])
            if self._runner is not None:
                self._runner.call(
                    "file", "\n".join(texts), utterances=len(texts), **self._file_details()
                )

    def _file_details(self) -> dict[str, object]:
        """Return the path and the length of the running file, as `transcribe` passes them on."""
        job = self._queue.running_job
        if not isinstance(job, FileJob):
            return {}
        return {"file": job.path.absolute(), "duration_s": f"{job.duration_s:.3f}"}
