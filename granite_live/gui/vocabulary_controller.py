"""Offer corrected words for the vocabulary, and search by sound."""

from __future__ import annotations

import hashlib
from functools import partial

from PySide6.QtCore import QObject

from granite_live.app.corrections import corrected_term
from granite_live.app.engine import Engine
from granite_live.app.sound_search import SoundPlace, replaced_text
from granite_live.gui.background import Background
from granite_live.gui.main_window import MainWindow
from granite_live.gui.playback import PlaybackController
from granite_live.gui.preferences import Preferences
from granite_live.gui.session_document import TranscriptDocument
from granite_live.library import LineChange, SavedSession, SessionState
from granite_live.settings.vocabulary import DEFAULT_SET, Term, TermSet

SUBJECT = "vocabulary"
"""The subject of its notices."""
_OFFERED = "vocabulary/offered"
_MAX_OFFERED = 1_000
_LEAD_S = 0.5
"""Playback begins so much before a place."""


class VocabularyController(QObject):
    """Listens to corrections of the displayed session."""

    def __init__(
        self,
        engine: Engine,
        window: MainWindow,
        document: TranscriptDocument,
        preferences: Preferences,
        background: Background,
        playback: PlaybackController,
    ) -> None:
        super().__init__(window)
        self._engine, self._window, self._document = engine, window, document
        self._store, self._background, self._playback = (
            preferences.vocabulary,
            background,
            playback,
        )
        self._session: SavedSession | None = None
        self._play_when_shown: SoundPlace | None = None
        document.session_changed.connect(self._show_session)
        document.editing.corrected.connect(self._consider)
        self._store.failed.connect(
            partial(window.session_view.notices.show_message, is_problem=True, subject=SUBJECT)
        )
        window.actions_by_id.bind("search_sound", self.search)

    # -- offers -------------------------------------------------------------------------------

    def _consider(self, change: LineChange) -> None:
        """Offer the corrected word, once, if it is rare and new."""
        if len(change.before) != 1 or len(change.after) != 1:
            return
        term = corrected_term(change.before[0].text, change.after[0].text)
        if term is None or _mark(term) in self._offered():
            return
        work = partial(self._engine.is_worth_offering, term)
        self._background.run(work, partial(self._offer, term))

    def _offered(self) -> list[str]:
        stored = self._window.ui_state.value(_OFFERED, [])
        # The file has a list of one as its item.
        return stored if isinstance(stored, list) else [str(stored)]

    def _offer(self, term: str, is_worth: bool) -> None:
        known = self._offered()
        if not is_worth or _mark(term) in known:
            return
        self._window.ui_state.setValue(_OFFERED, [*known, _mark(term)][-_MAX_OFFERED:])
        self._window.session_view.notices.offer(
            self.tr("“{0}” is corrected. Add it to your vocabulary?").format(term),
            self.tr("Add “{0}”").format(term),
            partial(self._add, term),
            subject=SUBJECT,
        )

    def _add(self, term: str) -> None:
        self._store.change(
            lambda all_sets: all_sets.changed(
                DEFAULT_SET, all_sets.sets.get(DEFAULT_SET, TermSet()).with_terms([Term(term)])
            ),
            partial(self._offer_search, term),
        )

    def _offer_search(self, term: str) -> None:
        session = self._session
        has_sound = session is not None and bool(session.journal) and not session.sound_deleted
        if session is None or not has_sound or session.state is SessionState.RUNNING:
            return
        self._window.session_view.notices.offer(
            self.tr(
                "“{0}” is in your vocabulary. It may be misspelled elsewhere in this session."
            ).format(term),
            self.tr("Find other places…"),
            partial(self._open, term, session),
            subject=SUBJECT,
        )

    # -- search -------------------------------------------------------------------------------

    def search(self) -> None:
        """Search all sessions for what is in the search field."""
        self._open(" ".join(self._window.sidebar.search.text().split()), None)

    def _open(self, text: str, session: SavedSession | None) -> None:
        from granite_live.gui.sound_search_dialog import SoundSearchDialog

        dialog = SoundSearchDialog(self._engine, self._background, text, session, self._window)
        dialog.play_requested.connect(self._play)
        dialog.replace_requested.connect(self._replace)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def _show_session(self, session: SavedSession | None) -> None:
        self._session = session
        place, self._play_when_shown = self._play_when_shown, None
        if place is not None and session is not None and session.id == place.session.id:
            self._play(place)

    def _play(self, place: SoundPlace) -> None:
        if self._session is None or self._session.id != place.session.id:
            self._play_when_shown = place
            self._document.open(place.session.id)
        else:
            self._playback.play(max(0.0, place.start_s - _LEAD_S))

    def _replace(self, place: SoundPlace, term: str) -> None:
        """Write the term at a place of the displayed session, which can be undone."""
        if self._document.session_id != place.session.id:
            return
        for row, line in enumerate(self._document.model.lines):
            if line.stored is not None and line.stored.id == place.utterance_id:
                text = replaced_text(line.stored, place, term)
                self._document.editing.set_texts({row: text}, self.tr("Replace by sound"))


def _mark(term: str) -> str:
    """Return what is remembered of an offered term: a digest, which cannot be read."""
    return hashlib.sha256(Term(term).key.encode()).hexdigest()[:16]
