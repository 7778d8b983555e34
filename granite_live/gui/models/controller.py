"""The model controller: connects the window with the models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from granite_live.app.engine import Engine
from granite_live.app.model_inventory import InventorySnapshot, InventoryTier
from granite_live.app.model_tasks import VerificationResult
from granite_live.gui.background import Background
from granite_live.gui.live_session import LiveSession
from granite_live.gui.main_window import MainWindow
from granite_live.gui.models import words
from granite_live.gui.models.tasks import ModelTasks
from granite_live.gui.models.widgets import ProgressLine, ask_for_archive, check_result_sentence
from granite_live.gui.preferences import Preferences

if TYPE_CHECKING:
    from granite_live.app.comparison import Candidate
    from granite_live.gui.models.comparison_dialog import ComparisonDialog
    from granite_live.gui.models.dialog import ModelsDialog


class ModelController(QObject):
    """Controls the download offer and the model dialog.

    Emits `changed` when sessions may use another model, `offer_changed` when the download offer
    comes or goes.
    """

    changed = Signal()
    offer_changed = Signal()

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
        self._has_failed = False
        self._request_number = 0
        self._reported_failed_check = ""
        self.dialog: ModelsDialog | None = None
        """The model dialog while it is open."""
        self.comparison: ComparisonDialog | None = None
        """The dialog that compares models, while it is open."""
        self.work = ModelTasks(engine, live, preferences, background, self)
        self.work.changed.connect(self._show_work)
        self.work.ended.connect(self._show_end)
        self.work.message_posted.connect(self._show_message)
        self.work.checked.connect(self._show_verdict)
        self.work.model_changed.connect(self._used)
        preferences.model_saved.connect(self.refresh)
        offer = window.session_view.offer
        offer.accepted.connect(self._accept)
        offer.declined.connect(self._decline)
        offer.models_requested.connect(self.open)
        offer.archive_requested.connect(self._choose_archive)
        self._connect_progress(offer.task)

    @property
    def is_known(self) -> bool:
        """Whether the models have been looked for, even if in vain."""
        return self._shelf is not None or self._has_failed

    @property
    def is_offered(self) -> bool:
        """Whether the offer or a download of it is shown."""
        shelf = self._shelf
        if shelf is None or self.work.is_busy:
            return self.work.is_busy
        return shelf.offered_download is not None and self._preferences.settings.offer_model

    @property
    def has_real_model(self) -> bool:
        """Whether a model other than the demo can be used."""
        return self._shelf is not None and self._shelf.has_real_model

    def refresh(self) -> None:
        """Look for models and update the list and the offer."""
        self._request_number += 1
        number = self._request_number

        def show(shelf: InventorySnapshot) -> None:
            if number == self._request_number:  # drop the answer of an older request
                self._show_shelf(shelf)

        self._background.run(self._engine.model_inventory.read, show, self._refresh_failed)

    def open(self) -> None:
        """Open the model dialog."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        from granite_live.gui.models.dialog import ModelsDialog

        dialog = self.dialog = ModelsDialog(self.work, self._window)
        dialog.compare_requested.connect(self._open_comparison)
        self._connect_progress(dialog.task)
        dialog.finished.connect(self._closed)
        if self._shelf is not None:
            dialog.show_shelf(self._shelf)
        self._show_work()
        dialog.open()
        self.refresh()

    def _connect_progress(self, line: ProgressLine) -> None:
        line.pause_requested.connect(self.work.downloader.pause)
        line.resume_requested.connect(self.work.downloader.resume)
        line.cancel_requested.connect(self.work.cancel)

    def _open_comparison(self) -> None:
        """Open the dialog that compares the installed models."""
        from granite_live.gui.models.comparison_dialog import ComparisonDialog

        dialog = ComparisonDialog(self._engine, self._background, self.dialog or self._window)
        self.comparison = dialog
        dialog.use_requested.connect(self._use_compared)
        dialog.finished.connect(self._comparison_closed)
        dialog.open()

    def _use_compared(self, candidate: Candidate) -> None:
        """Use a form that was compared, with its number of editor passes."""
        self._preferences.change(editing_passes=candidate.editing_passes)
        tiers = () if self._shelf is None else self._shelf.tiers
        for tier in tiers:
            if tier.path == Path(candidate.path) and tier.tier == candidate.tier:
                self.work.use(tier)

    def _comparison_closed(self) -> None:
        dialog, self.comparison = self.comparison, None
        if dialog is not None:
            dialog.deleteLater()

    def stop(self) -> None:
        """Cancel the running task; a download can be resumed later."""
        if self.comparison is not None:
            self.comparison.reject()
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
        self._report_failed_check(shelf)
        if not self.work.is_busy:
            self._show_offer(shelf)

    def _report_failed_check(self, shelf: InventorySnapshot) -> None:
        """Report once that a model failed its check and another one is used."""
        failed = next((one for one in shelf.tiers if one.is_installed and one.fault), None)
        used = next((one for one in shelf.tiers if one.is_in_use), None)
        sentence = "" if failed is None else words.failed_check_notice(failed, used)
        if sentence and sentence != self._reported_failed_check:
            self._show_message(sentence, is_problem=True)
        self._reported_failed_check = sentence

    def _refresh_failed(self, sentence: str) -> None:
        self._has_failed = True
        self._window.session_view.offer.hide()
        self.offer_changed.emit()
        self._show_message(sentence, is_problem=True)

    def _show_offer(self, shelf: InventorySnapshot) -> None:
        page, tier = self._window.session_view, shelf.offered_download
        if tier is not None and self._preferences.settings.offer_model:
            page.offer.offer(tier, shelf, self.work.problem)
            self.offer_changed.emit()
            return
        page.offer.hide()
        self.offer_changed.emit()
        if self.work.problem and self.dialog is None:
            page.notices.show_message(self.work.problem, is_problem=True)
        self.work.problem = ""

    def _accept(self) -> None:
        tier = None if self._shelf is None else self._shelf.offered_download
        if tier is not None:
            self.work.download(tier)

    def _choose_archive(self) -> None:
        """Ask for a file with the model: the way without a network."""
        ask_for_archive(self._window, self.work.import_model)

    def _decline(self) -> None:
        self._preferences.change(offer_model=False)
        page = self._window.session_view
        page.offer.hide()
        self.offer_changed.emit()
        if not page.is_first_start:  # that page says it itself
            text = self.tr("You can find all models later in the ⋯ menu.")
            page.notices.show_message(text)

    # -- running task -------------------------------------------------------------------------

    def _show_work(self) -> None:
        work, offer, dialog = self.work, self._window.session_view.offer, self.dialog
        if not work.is_busy:
            return
        tier, done, total = work.downloader.tier, work.done_bytes, work.total_bytes
        if work.downloader.is_running and tier is not None:
            offer.show_download(tier, work.downloader.progress)
            if dialog is not None:
                dialog.show_download(tier, work.downloader.progress)
            return
        if work.checking is not None:
            offer.show_check(work.checking, done, total)
        elif work.preparing is not None:
            offer.show_preparing(work.preparing)
        if dialog is not None:
            dialog.show_task(work.task_text, done, total, can_cancel=work.can_cancel)

    def _show_end(self) -> None:
        if self.dialog is not None:
            self.dialog.show_idle()
        self.refresh()

    def _show_verdict(self, tier: InventoryTier, verdict: VerificationResult) -> None:
        if self.dialog is not None:
            self.dialog.verdict.show_verdict(tier, verdict)
        elif not verdict.was_stopped:
            sentence = check_result_sentence(words.name(tier), verdict)
            self._show_message(sentence, is_problem=bool(verdict.failed))

    def _used(self) -> None:
        self.refresh()
        self.changed.emit()

    def _show_message(self, sentence: str, is_problem: bool) -> None:
        """Show a sentence in the dialog if open, else as a notice unless the offer shows it."""
        if self.dialog is not None:
            self.dialog.show_message(sentence, is_problem=is_problem)
        elif sentence != self.work.problem:
            self._window.session_view.notices.show_message(sentence, is_problem=is_problem)
