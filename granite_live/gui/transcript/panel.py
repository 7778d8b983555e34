"""The transcript with all that one can do to it: read, find, copy, correct."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QMenu, QPushButton, QToolTip, QWidget

from granite_live.gui.icons import icon
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.gui.transcript.commands import Editing
from granite_live.gui.transcript.copying import CopyAs, copied
from granite_live.gui.transcript.find import FindBar
from granite_live.gui.transcript.lines import Line, Mark, Phase, word_at
from granite_live.gui.transcript.model import TranscriptModel, can_change
from granite_live.gui.transcript.view import ColumnView


class TranscriptPanel(ColumnView):
    """`play_wanted` tells the line whose sound is asked for."""

    play_wanted = Signal(object)

    def __init__(
        self, model: TranscriptModel, editing: Editing, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(model, theme, parent)
        self._model = model
        self._editing = editing
        self._pressed = QPoint()
        self.can_play = False
        """Whether the sound of the session on show is there to be heard."""
        self.latest = QPushButton(self.tr("Jump to latest"), self)
        self.latest.clicked.connect(self.follow)
        self.latest.hide()
        self.following_changed.connect(lambda _follows: self._place_latest())
        model.rowsInserted.connect(lambda *_: self._place_latest())
        self.find_bar = FindBar(self, model, theme)
        self.delegate.edited.connect(editing.edit)
        self.delegate.split_wanted.connect(editing.split)
        self._shortcut(QKeySequence.StandardKey.Delete, self.delete_selected)
        self._shortcut(Qt.Key.Key_F2, self._edit_current)
        self._shortcut(Qt.Key.Key_Return, self._edit_current)
        self._dress_latest(theme)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another look."""
        super().set_theme(theme)
        self.find_bar.set_theme(theme)
        self._dress_latest(theme)

    # -- selected lines ---------------------------------------------------------------------

    def selected_rows(self) -> list[int]:
        """Return the selected rows in order."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def copy(self, form: CopyAs = CopyAs.TEXT) -> None:
        """Copy the selected lines; all of them where none is."""
        rows = self.selected_rows() or range(self._model.rowCount())
        text = copied((self._model.line(row) for row in rows), form)
        QGuiApplication.clipboard().setText(text)

    def delete_selected(self) -> None:
        """Delete the selected lines."""
        self._editing.delete(self.selected_rows())

    def _edit_current(self) -> None:
        index = self.currentIndex()
        if index.isValid() and can_change(self._model.line(index.row())):
            self.edit(index)

    def _shortcut(self, key: QKeySequence.StandardKey | Qt.Key, act: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(act)

    # -- words under the mouse --------------------------------------------------------------

    def word_under(self, point: QPoint) -> tuple[Line, Mark] | None:
        """Return the machine's word at a place in the viewport."""
        index = self.indexAt(point)
        if not index.isValid():
            return None
        laid = self.delegate.laid(index)
        corner = self.delegate.text_corner(self.visualRect(index))
        mark = word_at(laid.marks, laid.position_at(QPointF(point) - corner))
        return None if mark is None else (laid.line, mark)

    def explain(self, mark: Mark) -> str:
        """Return what is known of a word: how certain it is, and what the draft had."""
        word = mark.word
        text = self.tr("{0} % certain").format(round(word.confidence * 100))
        if word.draft:
            text += "\n" + self.tr("The draft heard “{0}”").format(word.draft)
        elif word.draft == "":
            text += "\n" + self.tr("The draft had no word here")
        return text

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Explain the word under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.word_under(event.pos())
            if found is not None and found[0].phase is Phase.FINAL:
                QToolTip.showText(event.globalPos(), self.explain(found[1]), self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Remember where it was pressed: a drag selects, a click may do more."""
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Offer the draft's word where an underlined one is clicked; play where a time is."""
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        is_click = (point - self._pressed).manhattanLength() < GRID_PX // 2
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.button() is not Qt.MouseButton.LeftButton or not is_click or not is_plain:
            return
        index = self.indexAt(point)
        if not index.isValid():
            return
        if self.delegate.time_rect(self.visualRect(index)).contains(point) and self.can_play:
            self.play_wanted.emit(self._model.line(index.row()))
            return
        found = self.word_under(point)
        if found is not None and found[1].is_doubtful and found[0].phase is Phase.FINAL:
            menu = self.word_menu(index.row(), *found)
            menu.popup(event.globalPosition().toPoint())

    def word_menu(self, row: int, line: Line, mark: Mark) -> QMenu:
        """Return what can be done with a doubtful word."""
        menu = self._new_menu()
        title = menu.addAction(self.explain(mark).splitlines()[0])
        title.setEnabled(False)
        if mark.word.draft:
            action = menu.addAction(self.tr("Use “{0}”").format(mark.word.draft))
            text = line.text[: mark.start] + mark.word.draft + line.text[mark.start + mark.length :]
            action.triggered.connect(lambda: self._editing.edit(row, text))
        menu.addAction(self.tr("Edit the line"), lambda: self.edit(self._model.index(row)))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer what can be done with the selected lines."""
        index = self.indexAt(event.pos())
        if index.isValid():
            self.line_menu(index.row(), event.pos()).popup(event.globalPos())

    def line_menu(self, row: int, point: QPoint) -> QMenu:
        """Return what can be done with a line, and with those selected beside it."""
        line, menu = self._model.line(row), self._new_menu()
        menu.addAction(self.tr("Copy"), lambda: self.copy(CopyAs.TEXT))
        menu.addAction(self.tr("Copy with times"), lambda: self.copy(CopyAs.TIMES))
        menu.addAction(self.tr("Copy as Markdown"), lambda: self.copy(CopyAs.MARKDOWN))
        if self.can_play and line.phase is not Phase.OPEN:
            menu.addSeparator()
            menu.addAction(self.tr("Play"), lambda: self.play_wanted.emit(line))
        if not can_change(line):
            return menu
        menu.addSeparator()
        index = self._model.index(row)
        menu.addAction(self.tr("Edit"), lambda: self.edit(index))
        if line.is_edited:
            menu.addAction(self.tr("Show the machine's text"), lambda: self._editing.restore(row))
        if self._editing.can_merge(row):
            menu.addAction(self.tr("Merge with the next"), lambda: self._editing.merge(row))
        laid = self.delegate.laid(index)
        place = laid.position_at(QPointF(point) - self.delegate.text_corner(self.visualRect(index)))
        if place > 0:
            menu.addAction(self.tr("Split here"), lambda: self._editing.split(row, place))
        menu.addSeparator()
        menu.addAction(self.tr("Delete"), self.delete_selected)
        return menu

    def _new_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    # -- what floats over it ----------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep what floats in its place."""
        super().resizeEvent(event)
        if hasattr(self, "find_bar"):
            self.find_bar.place()
            self._place_latest()

    def _place_latest(self) -> None:
        self.latest.setVisible(not self.is_following and self._model.rowCount() > 0)
        self.latest.adjustSize()
        x = (self.width() - self.latest.width()) // 2
        self.latest.move(x, self.height() - self.latest.height() - 2 * GRID_PX)

    def _dress_latest(self, theme: Theme) -> None:
        size = theme.px(16)
        self.latest.setIcon(icon("latest", theme.colors.accent_ink, size))
        self.latest.setIconSize(QSize(size, size))
        self.latest.setStyleSheet(
            f"border-radius: {theme.px(16)}px; background: {theme.colors.raised};"
            f"border: 1px solid {theme.colors.line};"
        )
        self._place_latest()
