"""The transcript view with its actions: find, copy, play, edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QPoint,
    QPointF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QPushButton, QToolTip, QWidget

from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.transcript.editing import (
    CopyFormat,
    LineMenu,
    TranscriptEditing,
    format_lines,
)
from granite_live.gui.transcript.find_bar import FindBar
from granite_live.gui.transcript.lines import Line, LineState, WordMark, word_at
from granite_live.gui.transcript.model import TranscriptModel, is_editable
from granite_live.gui.transcript.text_selection import TextSelection
from granite_live.gui.transcript.view import TranscriptListView
from granite_live.gui.widgets import set_icon


class TranscriptPanel(TranscriptListView):
    """Emits `play_requested` with a line, `word_play_requested` with the start of a word in
    seconds, `stop_requested` and `toggle_play_requested`."""

    play_requested = Signal(object)
    word_play_requested = Signal(float)
    stop_requested = Signal()
    toggle_play_requested = Signal()

    def __init__(
        self,
        model: TranscriptModel,
        editing: TranscriptEditing,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(model, parent)
        self._model = model
        self._editing = editing
        self._pressed = QPoint()
        self._clicked_s = 0.0
        self._click_timer = QTimer(self, singleShot=True)
        self._click_timer.timeout.connect(lambda: self.word_play_requested.emit(self._clicked_s))
        self.no_sound_reason = ""
        """Why the displayed session cannot be played, "" if it can."""
        self.can_play = False
        """Whether Space plays and pauses the displayed session."""
        self.playing: Line | None = None
        """The line being played."""
        self.latest_button = QPushButton(self.tr("Jump to latest"), self)
        self.latest_button.clicked.connect(self.follow)
        self.latest_button.hide()
        self.following_changed.connect(lambda _follows: self._place_buttons())
        model.rowsInserted.connect(lambda *_: self._place_buttons())
        self.find_bar = FindBar(self, model, editing)
        self.delegate.edited.connect(editing.edit)
        self.delegate.split_requested.connect(editing.split)
        self.text_selection = TextSelection(self)
        self.text_selection.changed.connect(self._show_selection)
        self.delegate.selected_range = self.text_selection.range_of
        self._shortcut(QKeySequence.StandardKey.Delete, self.delete_selected)
        self._shortcut(Qt.Key.Key_F2, self._edit_current)
        self._shortcut(Qt.Key.Key_Return, self._edit_current)
        self._shortcut(Qt.Key.Key_Escape, self._leave)
        follow_theme(self._style_buttons)

    @property
    def min_height_px(self) -> int:
        """The height of four visual lines, with the bar above them."""
        lines_px = round(4 * self.delegate.layouts.metrics.line_height)
        return lines_px + self.viewportMargins().top()

    # -- selected lines -----------------------------------------------------------------------

    def selected_rows(self) -> list[int]:
        """Return the rows with selected text, else the selected rows, in order."""
        if not self.text_selection.is_empty:
            return list(self.text_selection.ranges())
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def selectAll(self) -> None:
        """Select the whole text."""
        self.text_selection.select_all()

    def copy(self, form: CopyFormat = CopyFormat.TEXT) -> None:
        """Copy the selected text, else the selected lines, else all lines."""
        ranges = self.text_selection.ranges()
        lines = [
            replace(self._model.line(row), text=self._model.line(row).text[start:end])
            for row, (start, end) in ranges.items()
        ]
        if not ranges:
            rows = self.selected_rows() or range(self._model.rowCount())
            lines = [self._model.line(row) for row in rows]
        QGuiApplication.clipboard().setText(format_lines(lines, form, self._model.speaker_label))

    def _show_selection(self) -> None:
        """Show the selected text in place of selected rows."""
        if not self.text_selection.is_empty:
            self.selectionModel().clearSelection()
        cursor = self.text_selection.cursor
        if cursor is not None:
            index = self._model.index(cursor[0])
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.delegate.text_cursor = cursor if self.hasFocus() else None
        self.viewport().update()

    def _leave(self) -> None:
        """Drop the selection of text, else stop playing."""
        if self.text_selection.is_empty:
            self.stop_requested.emit()
        else:
            self.text_selection.clear()

    def show_playback(self, position_s: float, *, is_playing: bool) -> None:
        """Mark the line and the word at the playback position; follow them while it plays."""
        row = self._model.row_at_time(position_s)
        line = None if row < 0 else self._model.line(row)
        mark = None if line is None else self._word_at_time(row, position_s)
        before, self.playing = self.playing, line if is_playing else None
        delegate = self.delegate
        delegate.playing_key = None if self.playing is None else self.playing.key
        word = None if line is None or mark is None else (line.key, mark.start, mark.length)
        if not is_playing and not position_s:
            word = None
        if self.playing is not None and (before is None or before.key != self.playing.key):
            self._follow_playback(before, row)
        if word != delegate.playback_word or self.playing is not before:
            delegate.playback_word = word
            self.viewport().update()

    def _word_at_time(self, row: int, position_s: float) -> WordMark | None:
        marks = self.delegate.line_layout(self._model.index(row)).marks
        begun = [mark for mark in marks if mark.word.start_s <= position_s]
        return begun[-1] if begun and position_s <= self._model.line(row).end_s else None

    def _follow_playback(self, before: Line | None, row: int) -> None:
        """Scroll to the line that plays, unless the user has scrolled away from the last one."""
        if before is not None:
            old = self.visualRect(self._model.index(self._model.row_of(before)))
            if not old.intersects(self.viewport().rect()):
                return
        self.scrollTo(self._model.index(row))

    def play_current(self) -> None:
        """Play the current line, or stop if it is being played."""
        index = self.currentIndex()
        if not index.isValid() and self._model.rowCount():
            index = self._model.index(self._model.rowCount() - 1)
        if index.isValid():
            self.toggle_play(self._model.line(index.row()))

    def toggle_play(self, line: Line) -> None:
        """Play from the start of a line, or pause if it is being played."""
        if self.is_playing(line):
            self.stop_requested.emit()
        else:
            self.play_requested.emit(line)

    def is_playing(self, line: Line) -> bool:
        """Return whether a line is being played."""
        return self.playing is not None and self.playing.key == line.key

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play and pause with Space, if the session has sound and nothing listens."""
        if self.can_play and event.key() == Qt.Key.Key_Space and not event.modifiers():
            if not event.isAutoRepeat():
                self.toggle_play_requested.emit()
            return
        if self.text_selection.handle_key(event):
            return
        super().keyPressEvent(event)
        self._drop_cursor()

    def _drop_cursor(self) -> None:
        """Remove the text cursor when a key has moved to another line."""
        cursor = self.text_selection.cursor
        if cursor is not None and cursor[0] != self.currentIndex().row():
            self.text_selection.clear()

    def delete_selected(self) -> None:
        """Delete the selected text, else the selected lines."""
        ranges = self.text_selection.ranges()
        if not ranges:
            self._editing.delete(self.selected_rows())
            return
        texts = {row: self._model.line(row).text for row in ranges}
        left = {row: texts[row][:start] + texts[row][end:] for row, (start, end) in ranges.items()}
        self.text_selection.clear()
        self._editing.set_texts(left, self.tr("Delete"))

    def _edit_current(self) -> None:
        index = self.currentIndex()
        if index.isValid() and is_editable(self._model.line(index.row())):
            self.edit(index)

    def _shortcut(self, key: QKeySequence.StandardKey | Qt.Key, act: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(act)

    # -- words under the mouse ----------------------------------------------------------------

    def word_under(self, point: QPoint) -> tuple[Line, WordMark] | None:
        """Return the recognized word at a viewport point."""
        index = self.indexAt(point)
        if not index.isValid():
            return None
        laid = self.delegate.line_layout(index)
        corner = self.delegate.text_corner(self.visualRect(index))
        mark = word_at(laid.marks, laid.position_at(QPointF(point) - corner))
        return None if mark is None else (laid.line, mark)

    def explain(self, mark: WordMark) -> str:
        """Return the confidence of a word and the draft's word."""
        word = mark.word
        text = self.tr("{0}% confidence").format(round(word.confidence * 100))
        if word.draft:
            text += "\n" + self.tr("Draft: “{0}”").format(word.draft)
        elif word.draft == "":
            text += "\n" + self.tr("Not in the draft")
        if word.replaced:
            text += "\n" + self.tr("From your vocabulary, in place of “{0}”").format(word.replaced)
        elif word.replaced == "":
            text += "\n" + self.tr("From your vocabulary")
        return text

    def viewportEvent(self, event: QEvent) -> bool:
        """Show a tool tip for the word or time stamp under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found, timed = self.word_under(event.pos()), self._timed_line(event.pos())
            if timed is not None:
                QToolTip.showText(event.globalPos(), self._play_words(timed), self)
            elif found is not None and found[0].state is LineState.FINAL:
                QToolTip.showText(event.globalPos(), self.explain(found[1]), self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def _timed_line(self, point: QPoint) -> Line | None:
        """Return the line whose time stamp is at a viewport point."""
        index = self.indexAt(point)
        if index.isValid() and self.delegate.time_rect(self.visualRect(index)).contains(point):
            return self._model.line(index.row())
        return None

    def _play_words(self, line: Line) -> str:
        if self.is_playing(line):
            return self.tr("Pause playback")
        return self.no_sound_reason or self.tr("Play")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select text while the button is held, else show what the mouse points at."""
        point = event.position().toPoint()
        if self.text_selection.is_dragging:
            if not self._is_click(point) or not self.text_selection.is_empty:
                self.text_selection.drag(point)
            return
        super().mouseMoveEvent(event)
        is_time = self._timed_line(point) is not None and not self.no_sound_reason
        shape = Qt.CursorShape.PointingHandCursor if is_time else Qt.CursorShape.IBeamCursor
        if self._timed_line(point) is not None and not is_time:
            shape = Qt.CursorShape.ArrowCursor
        if self.viewport().cursor().shape() is not shape:
            self.viewport().setCursor(shape)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select text; with Ctrl or on time stamps, select lines."""
        point = self._pressed = event.position().toPoint()
        is_left = event.button() is Qt.MouseButton.LeftButton
        if not is_left and self.text_selection.contains(point):
            return  # the menu of the selected text
        extends = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if is_left and extends and self.text_selection.cursor is not None:
            self.text_selection.press(point, extends=True)
            return
        super().mousePressEvent(event)
        if is_left and is_plain and self._timed_line(point) is None:
            self.text_selection.press(point, extends=False)
        else:
            self.text_selection.clear()

    def _is_click(self, point: QPoint) -> bool:
        return (point - self._pressed).manhattanLength() < GRID_PX // 2

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit the line, unless its time stamp was double-clicked."""
        self._click_timer.stop()
        if self._timed_line(event.position().toPoint()) is None:
            super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """On a click, play from a time stamp or from a word."""
        self.text_selection.release()
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        is_click = self._is_click(point) and self.text_selection.is_empty
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.button() is not Qt.MouseButton.LeftButton or not is_click or not is_plain:
            return
        index = self.indexAt(point)
        if not index.isValid():
            return
        timed = self._timed_line(point)
        if timed is not None:
            self.toggle_play(timed)
            return
        found = self.word_under(point)
        if found is not None and found[0].state is LineState.FINAL:
            # A double click edits: do not play its first click.
            self._clicked_s = found[1].word.start_s
            self._click_timer.start(QApplication.doubleClickInterval())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the menu of the selected lines."""
        is_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if is_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        if is_key:
            self.scrollTo(index)
            corner = self.visualRect(index).topLeft() + QPoint(2 * GRID_PX, 2 * GRID_PX)
            self.line_menu(index.row()).popup(self.viewport().mapToGlobal(corner))
        else:
            self.line_menu(index.row(), event.pos()).popup(event.globalPos())

    def line_menu(self, row: int, point: QPoint | None = None) -> LineMenu:
        """Return the menu of a line and of the other selected lines.

        `point` is the mouse position in the viewport, None for the keyboard.
        """
        return LineMenu(self, self._model, self._editing, row, point)

    # -- floating buttons ---------------------------------------------------------------------

    def name_end(self, *, is_running: bool) -> None:
        """Name the button to the last line: in a running session that is the latest one."""
        text = self.tr("Jump to latest") if is_running else self.tr("Go to end")
        self.latest_button.setText(text)
        self._place_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the floating widgets with the edges."""
        super().resizeEvent(event)
        if hasattr(self, "find_bar"):
            self.find_bar.place()
            self._place_buttons()

    def _place_buttons(self) -> None:
        button = self.latest_button
        button.setVisible(not self.is_following and self._model.rowCount() > 0)
        button.adjustSize()
        x, y = (self.width() - button.width()) // 2, self.height() - button.height() - 2 * GRID_PX
        button.move(x, y)

    def _style_buttons(self) -> None:
        colors = current_theme().colors
        set_icon(self.latest_button, "latest", 16, "accent_ink")
        self.latest_button.setStyleSheet(
            f"QPushButton {{ border-radius: {current_theme().px(16)}px; border: 1px solid "
            f"{colors.line}; background: {colors.raised}; }}"
            f"QPushButton:focus {{ border: 2px solid {colors.accent}; }}"
        )
        self._place_buttons()
