"""The caption window: on top of all windows, never focused, moved and resized by mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QContextMenuEvent,
    QEnterEvent,
    QGuiApplication,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu

from granite_live.gui.captions.band import Band
from granite_live.gui.captions.compositor import can_see_through
from granite_live.gui.captions.flow import Said
from granite_live.gui.captions.grips import cursor_for, dragged, edges_at
from granite_live.gui.captions.ink import FontRuler
from granite_live.gui.captions.look import Look
from granite_live.gui.captions.rows import Rows

MOST_LINES = 4
SIZES_PX = (24, 32, 40, 48, 56, 64, 72, 88, 104, 128, 160, 200)
"""The font sizes for "Larger" and "Smaller"."""
_LEVEL = Qt.Edge.TopEdge | Qt.Edge.BottomEdge


@dataclass(frozen=True, slots=True)
class _Drag:
    begin: QRect
    edges: Qt.Edge
    mouse: QPoint


def _flags() -> Qt.WindowType:
    flags = (
        Qt.WindowType.Tool
        | Qt.WindowType.FramelessWindowHint
        | Qt.WindowType.WindowStaysOnTopHint
        | Qt.WindowType.WindowDoesNotAcceptFocus
        | Qt.WindowType.NoDropShadowWindowHint
    )
    if QGuiApplication.platformName() == "xcb":
        # Window managers put full-screen windows above stay-on-top windows. An unmanaged window is
        # above both and never gets the focus.
        flags |= Qt.WindowType.BypassWindowManagerHint
    return flags


class CaptionWindow(Band):
    """Shows captions.

    Emits `wanted` with settings by name that the user changed here, `placed` when the user moved
    the window, `closed` when it was closed.
    """

    wanted = Signal(object)
    placed = Signal(object)
    closed = Signal()

    def __init__(self, look: Look, *, has_motion: bool) -> None:
        """Create the hidden window; `appear` shows it."""
        super().__init__(look, has_motion=has_motion)
        self.setWindowFlags(_flags())
        self.setWindowTitle(self.tr("Captions"))
        self.setAccessibleName(self.tr("Captions"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.through_keys: Callable[[], str] = str
        """Returns the main window's shortcut that turns click-through off."""
        self.is_click_through = False
        self._said: tuple[Said, ...] = ()
        self._drag: _Drag | None = None
        self._laid_out: tuple[Look, int] | None = None
        self._lines = Rows(FontRuler(look, 1), look.lines)
        self.menu = QMenu(self)

    # -- content ------------------------------------------------------------------------------

    def say(self, said: Sequence[Said]) -> None:
        """Show the newest words."""
        is_new = not self._said or not said
        self._said = tuple(said)
        self._lay_out(is_new_page=is_new)

    def change_look(self, look: Look) -> None:
        """Apply another look; the edge that is nearer to the middle of the screen moves."""
        if look == self.look:
            return
        old = self.geometry()
        self.set_look(look)
        self._laid_out = None
        self.put(self._with_height(old))
        self._lay_out(is_new_page=True)

    def put(self, place: QRect) -> None:
        """Move there, with the height of the rows."""
        self.setGeometry(place.x(), place.y(), place.width(), self.look.height_px)

    def set_click_through(self, is_on: bool) -> None:
        """Let clicks pass through, or accept them."""
        self.is_click_through = is_on
        flag = Qt.WindowType.WindowTransparentForInput
        flags = self.windowFlags()
        # `setWindowFlags` would hide the window.
        self.overrideWindowFlags(flags | flag if is_on else flags & ~flag)
        if self.isVisible():
            self.windowHandle().setFlags(self.windowFlags())
        self._show_border(False)

    def appear(self, place: QRect) -> None:
        """Show the window at this position."""
        self.is_see_through = can_see_through()
        self.put(place)
        self.show()
        self.raise_()
        self._lay_out(is_new_page=True)

    def _lay_out(self, *, is_new_page: bool = False) -> None:
        said = self._said or (self._hint(),)
        state = (self.look, self.width())
        if is_new_page or state != self._laid_out:
            self._lines.reset(FontRuler(*state), self.look.lines, said)
            self._laid_out, is_new_page = state, True
        else:
            self._lines.update(said)
        self.show_rows(self._lines.rows, is_new_page=is_new_page)

    def _hint(self) -> Said:
        """Return the text of an empty window, so that it can be found."""
        return Said(-1, tuple(self.tr("Captions appear here").split()), False)

    def _with_height(self, old: QRect) -> QRect:
        screen = self.screen().geometry()
        height = self.look.height_px
        drag = self._drag
        is_low = old.center().y() > screen.center().y()
        if drag is not None and drag.edges & _LEVEL:
            is_low = bool(drag.edges & Qt.Edge.TopEdge)
        top = old.top() + old.height() - height if is_low else old.top()
        return QRect(old.left(), top, old.width(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Break the rows for the new width."""
        super().resizeEvent(event)
        if self.isVisible():
            self._lay_out()

    # -- mouse --------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Start moving or resizing."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        edges = edges_at(event.position().toPoint(), self.size())
        if QGuiApplication.platformName().startswith("wayland"):
            # Wayland windows do not know their position: the compositor moves them.
            if edges:
                self.windowHandle().startSystemResize(edges)
            else:
                self.windowHandle().startSystemMove()
            return
        self._drag = _Drag(self.geometry(), edges, event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move or resize with the mouse; a change of height changes the number of rows."""
        drag = self._drag
        if drag is None:
            self.setCursor(cursor_for(edges_at(event.position().toPoint(), self.size())))
            return
        way = event.globalPosition().toPoint() - drag.mouse
        place = dragged(drag.begin, drag.edges, way, self.look.least_width_px)
        if drag.edges & _LEVEL:
            self._want_lines((place.height() - 2 * self.look.pad_px) / self.look.row_px)
            place.setTop(self.y())
        self.put(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End moving or resizing."""
        if event.button() is Qt.MouseButton.LeftButton and self._drag is not None:
            self._drag = None
            self.placed.emit(self.geometry())

    def _want_lines(self, lines: float) -> None:
        wanted = min(MOST_LINES, max(1, round(lines)))
        if wanted != self.look.lines:
            self.wanted.emit({"captions_lines": wanted})

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Show the border."""
        self._show_border(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Hide the border."""
        self._show_border(False)

    def _show_border(self, is_shown: bool) -> None:
        if self.has_border != is_shown:
            self.has_border = is_shown
            self.update()

    # -- menu ---------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Show the menu with the most common settings."""
        self.fill_menu()
        self.menu.popup(event.globalPos())

    def fill_menu(self) -> None:
        """Fill the menu for the present settings."""
        menu, size = self.menu, self.look.size_px
        menu.clear()
        group = QActionGroup(menu)
        names = (self.tr("1 line"), self.tr("2 lines"), self.tr("3 lines"), self.tr("4 lines"))
        for lines, name in enumerate(names, start=1):
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(lines == self.look.lines)
            action.triggered.connect(partial(self._want, captions_lines=lines))
            group.addAction(action)
        menu.addSeparator()
        larger = next((one for one in SIZES_PX if one > size), None)
        smaller = next((one for one in reversed(SIZES_PX) if one < size), None)
        for text, wanted in ((self.tr("Larger"), larger), (self.tr("Smaller"), smaller)):
            action = menu.addAction(text)
            action.setEnabled(wanted is not None)
            action.triggered.connect(partial(self._want, captions_font_size_px=wanted))
        menu.addSeparator()
        # QMenu shows the text after a tab as the shortcut.
        through = menu.addAction(self.tr("Let clicks through"))
        through.setText(f"{through.text()}\t{self.through_keys()}".rstrip())
        through.triggered.connect(partial(self._want, captions_click_through=True))
        menu.addAction(self.tr("Close")).triggered.connect(lambda _checked=False: self.close())

    def _want(self, _checked: bool = False, **values: object) -> None:
        self.wanted.emit(values)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Close the window; the session continues."""
        self._drag = None
        self.menu.close()
        super().closeEvent(event)
        self.closed.emit()
