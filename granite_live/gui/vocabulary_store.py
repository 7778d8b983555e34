"""The stored vocabulary for the window: read and changed off the GUI thread, in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from granite_live.gui.background import Background
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
