"""Work on models for the window: download, check, import, remove; one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from granite_live.app.engine import Engine
from granite_live.app.model_inventory import InventoryTier
from granite_live.app.model_tasks import PreparationResult, VerificationResult
from granite_live.app.models import ModelChoice
from granite_live.gui.background import Background
from granite_live.gui.live_session import LiveSession
from granite_live.gui.messages import translate_message
from granite_live.gui.models import words
from granite_live.gui.models.downloader import ModelDownloader
from granite_live.gui.preferences import Preferences
from granite_live.util.errors import SettingsError


class ModelTasks(QObject):
    """Runs one task at a time.

    Emits `changed` on start and progress, `ended` at the end, `message_posted` with a sentence and
    whether it is a problem, `checked` with a model and its result, `model_changed` when sessions
    use another model.
    """

    changed = Signal()
    ended = Signal()
    message_posted = Signal(str, bool)
    checked = Signal(object, object)
    model_changed = Signal()
    # Sizes exceed the 32-bit int of a Qt signal.
    _progressed = Signal(object, object)

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
        self._stop: Callable[[], None] | None = None
        self._is_ending = False
        self.task_text = ""
        """The running task as text; "" for none and for a download, see `downloader`."""
        self.checking: InventoryTier | None = None
        """The model being checked."""
        self.preparing: InventoryTier | None = None
        """The model being optimized for this computer."""
        self.done_bytes = self.total_bytes = 0
        self.problem = ""
        """Why the last download failed, "" if it did not."""
        self.downloader = ModelDownloader(engine, background, self)
        self.downloader.changed.connect(self.changed)
        self.downloader.done.connect(self._download_done)
        self.downloader.failed.connect(self._download_failed)
        self.downloader.stopped.connect(self._stopped)
        self._progressed.connect(self._show_read, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a task runs."""
        return self.downloader.is_running or bool(self.task_text)

    @property
    def can_cancel(self) -> bool:
        """Whether `cancel` can end the running task."""
        return self.downloader.is_running or self._stop is not None

    def cancel(self) -> None:
        """Cancel the running task; downloaded data is kept."""
        self.downloader.cancel()
        if self._stop is not None:
            self._stop()

    def stop(self) -> None:
        """Cancel the running task because the window closes."""
        self._is_ending = True
        self.cancel()

    # -- download -----------------------------------------------------------------------------

    def download(self, tier: InventoryTier) -> None:
        """Download a model, check it, and use it."""
        if self.is_busy:
            return
        self.problem = ""
        self.downloader.start(tier)

    def _download_done(self, choice: ModelChoice) -> None:
        tier = self.downloader.tier
        if tier is None or self._is_ending:
            return

        def use(verdict: VerificationResult) -> None:
            if verdict.failed or self._is_ending:
                return
            if verdict.was_stopped:
                # Use it although the check was stopped: the download verified all bytes.
                self._choose(tier, choice.path)
                return
            self._prepare(tier, choice, lambda: self._choose(tier, choice.path))

        self._check(tier, choice.path, use)

    def _download_failed(self, sentence: str) -> None:
        if self._is_ending:
            return
        self.problem = sentence
        self.ended.emit()
        self.message_posted.emit(sentence, True)

    def _stopped(self) -> None:
        if self._is_ending:
            return
        self.ended.emit()
        text = self.tr("Download paused. You can resume it later.")
        self.message_posted.emit(text, False)

    # -- check --------------------------------------------------------------------------------

    def check(self, tier: InventoryTier) -> None:
        """Verify the files of an installed model and run it."""
        if tier.path is not None and not self.is_busy:
            self._check(tier, tier.path, lambda _verdict: None)

    def _check(
        self, tier: InventoryTier, path: Path, then: Callable[[VerificationResult], None]
    ) -> None:
        self.checking = tier
        verification = self._engine.model_inventory.verification_task(
            path, tier.tier, self._progressed.emit
        )
        self._stop = verification.stop

        def done(verdict: VerificationResult) -> None:
            self._end()
            self.checked.emit(tier, verdict)
            then(verdict)

        self._begin(self.tr("Checking {0}").format(words.name(tier)))
        self._background.run(verification.run, done, self._not_done)

    # -- optimization -------------------------------------------------------------------------

    def _prepare(self, tier: InventoryTier, choice: ModelChoice, then: Callable[[], None]) -> None:
        """Optimize a model for this computer, then call `then` even if that failed."""
        self.preparing = tier
        preparation = self._engine.model_inventory.preparation_task(choice, lambda _step: None)
        self._stop = preparation.stop

        def done(prepared: PreparationResult) -> None:
            self._end()
            if self._is_ending:
                return
            if prepared.sentence:
                text = self.tr("{0} works, but could not be made ready for this computer: {1}")
                told = translate_message(prepared.sentence)
                self.message_posted.emit(text.format(words.name(tier), told), True)
            then()

        self._begin(words.preparing(tier))
        self._background.run(preparation.run, done, self._not_done)

    # -- import, removal ----------------------------------------------------------------------

    def import_model(self, path: Path) -> None:
        """Import the model in a folder or an archive."""
        if self.is_busy:
            return
        shelf, stopped = self._engine.model_inventory, threading.Event()
        self._stop = stopped.set

        def done(choice: ModelChoice) -> None:
            self._end()
            if not self._is_ending:
                tier = InventoryTier(choice.path.name, choice.name, choice.tier, 0, choice.path)
                self._prepare(tier, choice, lambda: self._imported(choice))

        def failed(sentence: str) -> None:
            self._end()
            if stopped.is_set():
                text = self.tr("The import was stopped; nothing was installed.")
                self.message_posted.emit(text, False)
            else:
                self._report_problem(sentence)

        self._begin(self.tr("Importing {0}").format(path.name))
        self._background.run(
            lambda: shelf.import_model(path, self._progressed.emit, stopped), done, failed
        )

    def _imported(self, choice: ModelChoice) -> None:
        self.message_posted.emit(self.tr("{0} is installed.").format(choice.name), False)
        self.model_changed.emit()

    def remove(self, tier: InventoryTier) -> None:
        """Remove a model from this computer."""
        if self.is_busy:
            return
        shelf = self._engine.model_inventory
        self._begin(self.tr("Removing {0}").format(words.name(tier)))
        self._background.run(
            lambda: shelf.remove(tier.model, tier.tier),
            lambda freed: self._removed(tier, freed),
            self._not_done,
        )

    def _removed(self, tier: InventoryTier, freed: int) -> None:
        settings = self._preferences.settings
        is_wished = settings.model_path == str(tier.path) and settings.tier in ("", tier.tier)
        if is_wished or (not settings.model_path and settings.tier == tier.tier):
            self._preferences.change(model_path="", tier="")
        self._freed(freed)
        self.model_changed.emit()
        if tier.is_in_use and self._live.is_active:
            # A restarted worker would not find its model.
            self._background.run(
                self._engine.default_model, self._live.switch_model, self._report_problem
            )

    def discard(self) -> None:
        """Remove unfinished downloads."""
        if self.is_busy:
            return
        self.problem = ""
        self._begin(self.tr("Removing unfinished downloads"))
        self._background.run(
            self._engine.model_inventory.discard_unfinished, self._freed, self._not_done
        )

    def _freed(self, freed: int) -> None:
        self._end()
        self.message_posted.emit(self.tr("Freed {0}.").format(words.size(freed)), False)

    # -- use ----------------------------------------------------------------------------------

    def use(self, tier: InventoryTier) -> None:
        """Use an installed model from now on, also in the running session."""
        if tier.path is not None:
            self._choose(tier, tier.path)

    def _choose(self, tier: InventoryTier, path: Path) -> None:
        shelf = self._engine.model_inventory

        def find() -> tuple[ModelChoice, tuple[str, str]]:
            choice = shelf.open_tier(path, tier.tier)
            return choice, shelf.settings_for(choice)

        self._background.run(find, lambda found: self._chosen(tier, *found), self._report_problem)

    def _chosen(self, tier: InventoryTier, choice: ModelChoice, wished: tuple[str, str]) -> None:
        try:
            self._preferences.change(model_path=wished[0], tier=wished[1])
        except SettingsError as error:
            self._report_problem(str(error))
            return
        self.model_changed.emit()
        if self._live.is_active:
            self._live.switch_model(choice)
            text = self.tr("Switching to {0}…")
        else:
            text = self.tr("{0} is in use.")
        self.message_posted.emit(text.format(words.name(tier)), False)

    # -- start and end of a task --------------------------------------------------------------

    def _begin(self, doing: str) -> None:
        self.task_text, self.done_bytes, self.total_bytes = doing, 0, 0
        self.changed.emit()

    def _end(self) -> None:
        self.task_text, self.checking, self.preparing, self._stop = "", None, None, None
        if not self._is_ending:
            self.ended.emit()

    def _not_done(self, sentence: str) -> None:
        self._end()
        self._report_problem(sentence)

    def _report_problem(self, sentence: str) -> None:
        self.message_posted.emit(translate_message(sentence), True)

    def _show_read(self, done: int, total: int) -> None:
        if self.task_text:
            self.done_bytes, self.total_bytes = done, total
            self.changed.emit()
