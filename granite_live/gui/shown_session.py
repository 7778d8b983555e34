"""The displayed session: title, menu, text of an empty view, actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from granite_live.gui.document import Document
from granite_live.gui.live import Activity, LiveSession
from granite_live.gui.main_window import MainWindow
from granite_live.gui.page_menu import PageMenu
from granite_live.gui.play_control import PlayControl
from granite_live.gui.sessions import titles
from granite_live.gui.sessions.actions import SessionActions
from granite_live.gui.store import Store
from granite_live.library import Session


class ShownSession(QObject):
    """Shows one session at a time, or an empty view. Emits `failed` with a sentence."""

    failed = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        document: Document,
        live: LiveSession,
        store: Store,
        actions: SessionActions,
        play_control: PlayControl,
    ) -> None:
        super().__init__(window)
        self._window, self._document, self._live = window, document, live
        self._store, self._actions, self._play_control = store, actions, play_control
        self._session: Session | None = None
        self._searched = ""
        self.menu = PageMenu(window, document.editing.stack)
        self.menu.rename_wanted.connect(self._rename)
        self.menu.again_wanted.connect(self._again)
        self.menu.delete_wanted.connect(self._delete)
        window.page.new_wanted.connect(self.new)
        window.page.export_wanted.connect(self._export)
        window.sidebar.opened.connect(self.open)
        document.shown.connect(self._show)
        document.editing.changed.connect(document.reload_names)
        live.activity_changed.connect(self._follow)
        actions.deleted.connect(self._deleted)

    def open(self, session: Session, searched: str = "") -> None:
        """Show a session of the list and find the searched text in it."""
        self._searched = searched.strip()
        self._document.open(session.id)

    def new(self) -> None:
        """Show the running session, else an empty view."""
        if self._live.session_id:
            self._document.open(self._live.session_id)
        else:
            self._document.clear()
        self._window.dock.button.setFocus()

    def _show(self, session: Session | None) -> None:
        self._session = session
        page = self._window.page
        self._play_control.show(session)
        self.menu.show(session)
        if session is None:
            page.set_names(self.tr("New session"), "")
            page.welcome.say_ready()
            self._window.sidebar.show_as_open(0)
            return
        if self._searched:
            # The lines to search in are loaded only now.
            self._window.panel.find_bar.enter(self._searched)
            self._searched = ""
        page.set_names(titles.title(session), titles.about(session, with_model=True))
        self._window.sidebar.show_as_open(session.id)
        if session.id == self._live.session_id:
            page.welcome.say_listening()
        else:
            page.welcome.say_empty(titles.why_empty(session))

    def _follow(self, activity: Activity) -> None:
        welcome = self._window.page.welcome
        if activity is Activity.RUNNING:
            welcome.say_listening()
        elif activity is Activity.IDLE and not self._document.session_id:
            welcome.say_ready()

    # -- actions ------------------------------------------------------------------------------

    def _rename(self) -> None:
        if self._session is not None:
            self._window.sidebar.rename(self._session)

    def _again(self) -> None:
        if self._session is not None:
            self._actions.transcribe_again(self._session)

    def _delete(self) -> None:
        if self._session is not None:
            self._actions.delete(self._session)

    def _export(self) -> None:
        if self._session is not None and self._window.page.export_button.isEnabled():
            self._actions.export(self._session)

    def _deleted(self, session: Session) -> None:
        """Show what is left of the displayed session after a deletion."""
        if session.id != self._document.session_id:
            return

        def show(left: Sequence[Session]) -> None:
            if session.id != self._document.session_id:
                return
            if any(one.id == session.id for one in left):
                self._document.open(session.id)
            else:
                self._document.clear()

        self._store.run(lambda library: library.sessions(), show, self.failed.emit)
