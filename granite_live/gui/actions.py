"""The window's actions: one QAction for each id, with its text, icon, keys and enabled state.

Menus, buttons and shortcuts use these actions. The default keys are in `shortcuts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from granite_live.gui import shortcuts
from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.widgets import icon

_ICON_PX = 16


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """What an action is in menus.

    `role` tells macOS where it belongs in the application menu.
    """

    text: str
    icon: str = ""
    is_checkable: bool = False
    is_enabled: bool = True
    role: QAction.MenuRole = QAction.MenuRole.NoRole


def action_specs() -> dict[str, ActionSpec]:
    """Return all actions by their ids."""
    translate, role = QCoreApplication.translate, QAction.MenuRole
    return {
        "new": ActionSpec(translate("Actions", "&New session"), "new"),
        "open_files": ActionSpec(translate("Actions", "&Open files…"), "open"),
        "align": ActionSpec(translate("Actions", "&Align a text…")),
        "watch_folder": ActionSpec(translate("Actions", "&Watch a folder…")),
        "export": ActionSpec(translate("Actions", "&Export…"), "export", is_enabled=False),
        "live_text": ActionSpec(translate("Actions", "Live &text file…")),
        "service": ActionSpec(translate("Actions", "Other &programs and devices…")),
        "models": ActionSpec(translate("Actions", "&Models…")),
        "settings": ActionSpec(
            translate("Actions", "&Settings…"), "settings", role=role.PreferencesRole
        ),
        "quit": ActionSpec(translate("Actions", "&Quit"), role=role.QuitRole),
        "undo": ActionSpec(translate("Actions", "&Undo"), is_enabled=False),
        "redo": ActionSpec(translate("Actions", "&Redo"), is_enabled=False),
        "copy": ActionSpec(translate("Actions", "&Copy"), "copy", is_enabled=False),
        "copy_times": ActionSpec(translate("Actions", "Copy with &times"), is_enabled=False),
        "copy_markdown": ActionSpec(translate("Actions", "Copy as &Markdown"), is_enabled=False),
        "find": ActionSpec(translate("Actions", "&Find…"), "search", is_enabled=False),
        "find_next": ActionSpec(translate("Actions", "Find &next"), is_enabled=False),
        "find_previous": ActionSpec(translate("Actions", "Find &previous"), is_enabled=False),
        "replace": ActionSpec(translate("Actions", "Find and &replace…"), is_enabled=False),
        "search": ActionSpec(translate("Actions", "&Search all sessions")),
        "search_sound": ActionSpec(translate("Actions", "Search &by sound…")),
        "sidebar": ActionSpec(translate("Actions", "&Sessions"), is_checkable=True),
        "captions": ActionSpec(translate("Actions", "&Captions overlay"), is_checkable=True),
        "captions_through": ActionSpec(
            translate("Actions", "Click-&through captions"), is_checkable=True
        ),
        "dictation": ActionSpec(translate("Actions", "&Dictation pad"), is_checkable=True),
        "compact": ActionSpec(translate("Actions", "Com&pact window"), is_checkable=True),
        "start_stop": ActionSpec(translate("Actions", "&Start transcribing"), "microphone"),
        "pause": ActionSpec(translate("Actions", "&Pause"), "pause", is_enabled=False),
        "dictate": ActionSpec(translate("Actions", "Start or stop &dictation")),
        "play": ActionSpec(translate("Actions", "P&lay or stop the line"), is_enabled=False),
        "rename": ActionSpec(translate("Actions", "&Rename…"), "edit", is_enabled=False),
        "retranscribe": ActionSpec(translate("Actions", "Transcribe &again…"), is_enabled=False),
        "delete_session": ActionSpec(translate("Actions", "De&lete…"), "delete", is_enabled=False),
        "help": ActionSpec(translate("Actions", "&Help")),
        "shortcut_list": ActionSpec(translate("Actions", "&Keyboard shortcuts")),
        "diagnostics": ActionSpec(translate("Actions", "&Copy diagnostic information")),
        "about": ActionSpec(translate("Actions", "&About Granite Live"), role=role.AboutRole),
    }


SEPARATOR = ""


def menu_titles() -> dict[str, str]:
    """Return the titles of the menu bar's menus by their ids."""
    translate = QCoreApplication.translate
    return {
        "file": translate("Actions", "&File"),
        "edit": translate("Actions", "&Edit"),
        "view": translate("Actions", "&View"),
        "session": translate("Actions", "&Session"),
        "help": translate("Actions", "&Help"),
    }


MENUS: dict[str, tuple[str, ...]] = {
    "file": (
        *("new", "open_files", "align", "watch_folder", SEPARATOR),
        *("export", "live_text", "service", SEPARATOR),
        *("models", "settings", SEPARATOR, "quit"),
    ),
    "edit": (
        *("undo", "redo", SEPARATOR, "copy", "copy_times", "copy_markdown", SEPARATOR),
        *("find", "find_next", "find_previous", "replace", SEPARATOR, "search", "search_sound"),
    ),
    "view": (
        *("sidebar", "compact", SEPARATOR),
        *("captions", "captions_through", "dictation"),
    ),
    "session": (
        *("start_stop", "pause", "dictate", SEPARATOR, "play", SEPARATOR),
        *("rename", "retranscribe", "delete_session"),
    ),
    "help": ("help", "shortcut_list", SEPARATOR, "diagnostics", "about"),
}
"""The actions of the menu bar's menus, in order."""

MORE: tuple[str, ...] = (
    *("undo", "redo", SEPARATOR, "copy_times", "copy_markdown", "play", SEPARATOR),
    *("rename", "retranscribe", "delete_session", SEPARATOR),
    *("captions", "captions_through", "dictation", "compact", SEPARATOR),
    *("live_text", "service", "models", "settings", SEPARATOR, "help", "about"),
)
"""The actions of the menu at the top right, which a compact window has, too."""


@dataclass(frozen=True, slots=True)
class _Hint:
    widget: QWidget
    name: str
    text: str


class ActionTable(QObject):
    """Owns the actions. Their keys work wherever the focus is in the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._keys = shortcuts.current_keys(())
        self._actions: dict[str, QAction] = {}
        self._specs = action_specs()
        self._hints: list[_Hint] = []
        for name, spec in self._specs.items():
            action = QAction(spec.text, self)
            action.setObjectName(name)
            action.setCheckable(spec.is_checkable)
            action.setEnabled(spec.is_enabled)
            action.setMenuRole(spec.role)
            action.setShortcut(QKeySequence(self._keys.get(name, "")))
            window.addAction(action)
            self._actions[name] = action
        follow_theme(self._draw_icons)

    def __getitem__(self, name: str) -> QAction:
        """Return an action by its id.

        Raises:
            KeyError: There is no such action.
        """
        return self._actions[name]

    @property
    def names(self) -> tuple[str, ...]:
        """All ids."""
        return tuple(self._actions)

    def fill(self, menu: QMenu, names: Iterable[str]) -> None:
        """Add actions and separators to a menu."""
        for name in names:
            if name == SEPARATOR:
                menu.addSeparator()
            else:
                menu.addAction(self._actions[name])

    def bind(self, name: str, act: Callable[[], object]) -> None:
        """Call `act` when the action is triggered."""
        # Drop the `checked` argument of Qt.
        self._actions[name].triggered.connect(lambda _checked=False: act())

    def connect_button(self, button: QAbstractButton, name: str, tip: str = "") -> None:
        """Let a button trigger an action; with a tool tip, which shows the action's keys, too."""
        button.clicked.connect(lambda _checked=False: self._actions[name].trigger())
        if tip:
            self.hint(button, tip, name=name)

    def hint(self, widget: QWidget, text: str, *, name: str) -> None:
        """Show this text and the action's keys as the widget's tool tip."""
        self._hints.append(_Hint(widget, name, text))
        self._show(self._hints[-1])

    def keys(self, name: str) -> str:
        """Return an action's keys in the system's notation, "" for none."""
        return shortcuts.native_text(self._keys.get(name, ""))

    def set_custom_keys(self, chosen: Iterable[tuple[str, str]]) -> None:
        """Apply the user's keys."""
        self._keys = shortcuts.current_keys(chosen)
        # Clear all keys first: two actions that swap keys must not collide.
        for action in self._actions.values():
            action.setShortcut(QKeySequence())
        for name, action in self._actions.items():
            action.setShortcut(QKeySequence(self._keys.get(name, "")))
        for hint in self._hints:
            self._show(hint)

    def _draw_icons(self) -> None:
        size = current_theme().px(_ICON_PX)
        for name, spec in self._specs.items():
            if spec.icon:
                self._actions[name].setIcon(icon(spec.icon, current_theme().colors.soft, size))

    def _show(self, hint: _Hint) -> None:
        keys = self.keys(hint.name)
        hint.widget.setToolTip(f"{hint.text} ({keys})" if keys else hint.text)
