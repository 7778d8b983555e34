"""The model controller: connects the window with the models."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from granite_live.app.engine import Engine
from granite_live.app.model_check import VerificationResult
from granite_live.app.model_inventory import InventorySnapshot, InventoryTier
from granite_live.gui.background import Background
from granite_live.gui.live_session import LiveSession
from granite_live.gui.main_window import MainWindow
from granite_live.gui.models import words
from granite_live.gui.models.dialog import ModelsDialog
from granite_live.gui.models.tasks import ModelWork
from granite_live.gui.models.widgets import verdict_sentence
from granite_live.gui.preferences import Preferences


class ModelDesk(QObject):
    """Controls the download offer and the model dialog.

    Emits `changed` when sessions may use another model.
    """

    changed = Signal()

    def __init__(
        self,
        engine: Engine,
        window: MainWindow,
        live: LiveSession,
        preferences: Preferences,
        background: Background,
    ) -> None:
        super().__init__(window)
        self._engine, self._window = engine, window
        self._preferences, self._background = preferences, background
        self._shelf: InventorySnapshot | None = None
        self._looks = 0
        self._told_passed_over = ""
        self.dialog: ModelsDialog | None = None
        """The model dialog while it is open."""
        self.work = ModelWork(engine, live, preferences, background, self)
        self.work.changed.connect(self._show_work)
        self.work.ended.connect(self._show_end)
        self.work.told.connect(self._tell)
        self.work.checked.connect(self._show_verdict)
        self.work.used.connect(self._used)
        preferences.model_saved.connect(self.look)
        offer = window.page.offer
        offer.accepted.connect(self._accept)
        offer.declined.connect(self._decline)
        offer.models_wanted.connect(self.open)
        offer.task.pause_wanted.connect(self.work.fetch.pause)
        offer.task.resume_wanted.connect(self.work.fetch.resume)
        offer.task.cancel_wanted.connect(self.work.cancel)

    def look(self) -> None:
        """Look for models and update the list and the offer."""
        self._looks += 1
        number = self._looks

        def show(shelf: InventorySnapshot) -> None:
            if number == self._looks:  # drop the answer of an older request
                self._show_shelf(shelf)

        self._background.run(self._engine.model_inventory.read, show, self._not_looked)

    def open(self) -> None:
        """Open the model dialog."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        dialog, work = ModelsDialog(self._window.theme, self._window), self.work
        self.dialog = dialog
        dialog.use_wanted.connect(work.use)
        dialog.download_wanted.connect(work.download)
        dialog.check_wanted.connect(work.check)
        dialog.remove_wanted.connect(work.remove)
        dialog.import_wanted.connect(work.take_in)
        dialog.discard_wanted.connect(work.discard)
        dialog.task.pause_wanted.connect(work.fetch.pause)
        dialog.task.resume_wanted.connect(work.fetch.resume)
        dialog.task.cancel_wanted.connect(work.cancel)
        dialog.finished.connect(self._closed)
        if self._shelf is not None:
            dialog.show_shelf(self._shelf)
        self._show_work()
        dialog.open()
        self.look()

    def stop(self) -> None:
        """Cancel the running task; a download can be resumed later."""
        self.work.stop()

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    # -- models -------------------------------------------------------------------------------

    def _show_shelf(self, shelf: InventorySnapshot) -> None:
        self._shelf = shelf
        if self.dialog is not None:
            self.dialog.show_shelf(shelf)
        self._tell_passed_over(shelf)
        if not self.work.is_busy:
            self._show_offer(shelf)

    def _tell_passed_over(self, shelf: InventorySnapshot) -> None:
        """Report once that a model failed its check and another one is used."""
        failed = next((one for one in shelf.tiers if one.is_installed and one.fault), None)
        used = next((one for one in shelf.tiers if one.is_in_use), None)
        sentence = "" if failed is None else words.passed_over(failed, used)
        if sentence and sentence != self._told_passed_over:
            self._tell(sentence, is_trouble=True)
        self._told_passed_over = sentence

    def _not_looked(self, sentence: str) -> None:
        self._window.page.offer.hide()
        self._tell(sentence, is_trouble=True)

    def _show_offer(self, shelf: InventorySnapshot) -> None:
        page, tier = self._window.page, shelf.offered_download
        if tier is not None and self._preferences.settings.offer_model:
            page.offer.offer(tier, shelf, self.work.problem)
            return
        page.offer.hide()
        if self.work.problem and self.dialog is None:
            page.notices.tell(self.work.problem, is_trouble=True)
        self.work.problem = ""

    def _accept(self) -> None:
        tier = None if self._shelf is None else self._shelf.offered_download
        if tier is not None:
            self.work.download(tier)

    def _decline(self) -> None:
        self._preferences.change(offer_model=False)
        self._window.page.offer.hide()
        self._window.page.notices.tell(
            self.tr("You find all models in the menu at the top right whenever you want one.")
        )

    # -- running task -------------------------------------------------------------------------

    def _show_work(self) -> None:
        work, offer, dialog = self.work, self._window.page.offer, self.dialog
        if not work.is_busy:
            return
        tier, done, total = work.fetch.tier, work.done_bytes, work.total_bytes
        if work.fetch.is_running and tier is not None:
            offer.show_download(tier, work.fetch.progress)
            if dialog is not None:
                dialog.show_download(tier, work.fetch.progress)
            return
        if work.checking is not None:
            offer.show_check(work.checking, done, total)
        elif work.preparing is not None:
            offer.show_preparing(work.preparing)
        if dialog is not None:
            dialog.show_task(work.doing, done, total, can_cancel=work.can_cancel)

    def _show_end(self) -> None:
        if self.dialog is not None:
            self.dialog.show_idle()
        self.look()

    def _show_verdict(self, tier: InventoryTier, verdict: VerificationResult) -> None:
        if self.dialog is not None:
            self.dialog.show_verdict(tier, verdict)
        elif not verdict.was_stopped:
            sentence = verdict_sentence(words.name(tier), verdict)
            self._tell(sentence, is_trouble=bool(verdict.failed))

    def _used(self) -> None:
        self.look()
        self.changed.emit()

    def _tell(self, sentence: str, is_trouble: bool) -> None:
        """Show a sentence in the dialog if open, else as a notice unless the offer shows it."""
        if self.dialog is not None:
            self.dialog.tell(sentence, is_trouble=is_trouble)
        elif sentence != self.work.problem:
            self._window.page.notices.tell(sentence, is_trouble=is_trouble)
