"""A dialog that searches recordings by sound and lists the places found."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from granite_live.app.engine import Engine
from granite_live.app.sound_search import SoundPlace, SoundSearchResult
from granite_live.gui.background import Background
from granite_live.gui.dialogs import TaskDialog, button_row, dialog_column
from granite_live.gui.settings_dialog.form import PlaceholderField
from granite_live.gui.style_sheet import current_theme
from granite_live.gui.widgets import hint, push_button
from granite_live.gui.wrapping import resize_within_screen
from granite_live.library import SavedSession
from granite_live.messages.settings import VocabularyMessage
from granite_live.settings.vocabulary import Term
from granite_live.transcript.export.text_formats import format_clock


class SoundSearchDialog(TaskDialog):
    """Emits `play_requested` with a place, `replace_requested` with a place and the term."""

    play_requested = Signal(object)
    replace_requested = Signal(object, str)

    def __init__(
        self,
        engine: Engine,
        background: Background,
        text: str = "",
        session: SavedSession | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Search at once if there is a text; in all sessions, or in one, where it may replace."""
        super().__init__(background, parent)
        self.setWindowTitle(self.tr("Search by sound"))
        self._engine, self._session = engine, session
        self._is_stopped = False
        self._term = ""
        self.field = PlaceholderField(self)
        self.field.setPlaceholderText(self.tr("Word or phrase"))
        self.field.setAccessibleName(self.tr("Word or phrase"))
        self.field.setText(text)
        self.search_button = QPushButton(self.tr("Search"), self)
        self.search_button.setDefault(True)
        self.search_button.clicked.connect(self._search_or_stop)
        self.places = QListWidget(self)
        self.places.setObjectName("places")
        self.places.setAccessibleName(self.tr("Places"))
        self.places.currentRowChanged.connect(self._enable)
        self.places.itemActivated.connect(lambda _item: self._play())
        self.play_button = push_button(
            self.tr("Play"), self, self._play, tip=self.tr("Go to the place and play it")
        )
        self.replace_button = push_button(
            self.tr("Replace"),
            self,
            self._replace,
            tip=self.tr("Write the searched word in place of the selected ones"),
        )
        self.replace_button.setVisible(session is not None)
        self.close_button = push_button(self.tr("Close"), self, self.reject)
        self._lay_out()
        self._enable()
        resize_within_screen(self, current_theme().px(560), current_theme().px(480))
        if text:
            self._search_or_stop()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.field, 1)
        top.addWidget(self.search_button)
        column = dialog_column(self, is_dense=True)
        column.addWidget(
            hint(
                self.tr(
                    "Finds where something was said in the recordings, however it was written. "
                    "The best places come first."
                )
            )
        )
        column.addLayout(top)
        column.addWidget(self.progress)
        column.addWidget(self.status)
        column.addWidget(self.problem)
        column.addWidget(self.places, 1)
        column.addLayout(button_row((self.play_button, self.replace_button), (self.close_button,)))

    # -- search -------------------------------------------------------------------------------

    def _search_or_stop(self) -> None:
        if self.task is not None:
            # Its result, what was found so far, follows at once.
            self._is_stopped = True
            self.search_button.setEnabled(False)
            self.task.stop()
            return
        text = " ".join(self.field.text().split())
        if not text:
            self.field.setFocus()
            return
        try:
            self._term = Term.parse(text).text
        except ValueError as error:
            self.problem.show_problem(VocabularyMessage.BAD_TERM(text=text[:60], reason=error))
            return
        self.places.clear()
        self._is_stopped = False
        self.status.clear()
        task = self._engine.sound_search(text, None if self._session is None else self._session.id)
        self.run_task(task, self._show_result)

    def show_running(self, is_running: bool) -> None:
        """Let the button stop a search, or begin one."""
        self.search_button.setEnabled(True)
        self.search_button.setText(self.tr("Stop") if is_running else self.tr("Search"))

    def _show_result(self, result: SoundSearchResult) -> None:
        for place in result.places:
            item = QListWidgetItem(self._describe(place))
            item.setData(Qt.ItemDataRole.UserRole, place)
            item.setToolTip(self.tr("Score {0}").format(f"{place.score:.2f}"))
            self.places.addItem(item)
        none = self.tr("Nothing that sounds like this was found.")
        count = self.tr("{0} places found").format(len(result.places))
        text = count if result.places else none
        if self._is_stopped:
            stopped = self.tr("Stopped. Places found so far: {0}")
            text = stopped.format(len(result.places))
        self.status.setText(text)
        self.problem.show_problem(result.problems[0] if result.problems else "")
        if result.places:
            self.places.setCurrentRow(0)
            self.places.setFocus()

    def _describe(self, place: SoundPlace) -> str:
        written = place.written or self.tr("(nothing written)")
        parts = [format_clock(place.start_s), written, f"{place.score:.0%}"]
        if self._session is None:
            started = QDateTime.fromSecsSinceEpoch(int(place.session.started_at.timestamp()))
            date = QLocale().toString(started, QLocale.FormatType.ShortFormat)
            parts += [date, place.session.heading]
        return "  ·  ".join(filter(None, parts))

    # -- places -------------------------------------------------------------------------------

    def _current(self) -> SoundPlace | None:
        item = self.places.currentItem()
        place = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return place if isinstance(place, SoundPlace) else None

    def _enable(self) -> None:
        has_place = self._current() is not None
        self.play_button.setEnabled(has_place)
        self.replace_button.setEnabled(has_place)

    def _play(self) -> None:
        if (place := self._current()) is not None:
            self.play_requested.emit(place)

    def _replace(self) -> None:
        if (place := self._current()) is not None:
            self.replace_requested.emit(place, self._term)
            self.places.takeItem(self.places.currentRow())
            self._enable()
