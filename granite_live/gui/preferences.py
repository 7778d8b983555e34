"""The settings and the vocabulary in the window: applied at once, saved in the background."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from granite_live.gui.background import Background
from granite_live.gui.high_contrast import SystemAppearance, make_theme
from granite_live.gui.theme import Appearance, Theme
from granite_live.settings import Settings, save_settings
from granite_live.settings.vocabulary import Vocabulary, read_vocabulary, save_vocabulary

VocabularyChange = Callable[[Vocabulary], Vocabulary]


class VocabularyStore(QObject):
    """Emits `changed` with the vocabulary, and `failed` with a sentence.

    Every change starts from the file, because commands change it, too.
    """

    changed = Signal(object)
    failed = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._pending: deque[VocabularyChange] = deque()
        self._writing = threading.Lock()

    def reload(self) -> None:
        """Read the file; `changed` follows."""
        self.change(lambda vocabulary: vocabulary)

    def change(self, change: VocabularyChange, done: Callable[[], None] | None = None) -> None:
        """Store what `change` makes of the vocabulary; then `changed` follows, and `done`."""

        def show(vocabulary: Vocabulary) -> None:
            self.changed.emit(vocabulary)
            if done is not None:
                done()

        self._pending.append(change)
        self._background.run(self._apply, show, self.failed.emit)

    def _apply(self) -> Vocabulary:
        # Each job takes the oldest change, whichever thread is the first.
        with self._writing:
            change = self._pending.popleft()
            before = read_vocabulary()
            after = change(before)
            if after != before:
                save_vocabulary(after)
        return after


DEFAULT_SIZE_PT = 14
"""The text size, in points, for which the sizes in the theme are designed."""
_MIN_SCALE, _MAX_SCALE = 0.75, 2.0


class Preferences(QObject):
    """Emits `changed` with the new settings; `failed` if they could not be saved.

    `model_saved` follows when another model was chosen and is in the settings file.
    """

    changed = Signal(object)
    model_saved = Signal()
    failed = Signal(str)

    def __init__(
        self,
        settings: Settings,
        background: Background,
        parent: QObject | None = None,
        system: SystemAppearance | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self._background = background
        self._saving = threading.Lock()
        self.vocabulary = VocabularyStore(background, self)
        self._system = system or SystemAppearance(self)
        self._system.changed.connect(self._scheme_changed)

    def change(self, **values: Any) -> None:
        """Set values by their names.

        Raises:
            SettingsError: A value is invalid.
        """
        settings = replace(self.settings, **values)
        if settings == self.settings:
            return
        old, self.settings = self.settings, settings
        is_other_model = _model(old) != _model(settings)

        def saved(_done: None) -> None:
            if is_other_model:
                self.model_saved.emit()

        self._background.run(self._save, saved, self.failed.emit)
        self.changed.emit(settings)

    def theme(self) -> Theme:
        """Return the theme for the settings."""
        settings = self.settings
        scale = min(_MAX_SCALE, max(_MIN_SCALE, settings.font_size_pt / DEFAULT_SIZE_PT))
        return make_theme(
            Appearance(settings.appearance),
            scale=scale,
            family=settings.font_family,
            line_spacing=settings.line_spacing,
            has_motion=_has_motion(),
            system=self._system,
        )

    def _save(self) -> None:
        # Save the newest settings, whichever change requested it.
        with self._saving:
            save_settings(self.settings)

    def _scheme_changed(self) -> None:
        if self.settings.appearance == Appearance.SYSTEM.value:
            self.changed.emit(self.settings)


def _model(settings: Settings) -> tuple[str, str, str]:
    return settings.model_path, settings.tier, settings.provider


def _has_motion() -> bool:
    """Return whether the system allows animations."""
    styles = QGuiApplication.styleHints()
    hints = styles.accessibility()
    # Qt has this hint since 6.11.
    preference = getattr(hints, "motionPreference", lambda: "")
    return "Reduced" not in str(preference())
