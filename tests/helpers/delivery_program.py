"""A program with only text delivery and a global hotkey, controlled line by line."""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtGui import QGuiApplication

from granite_live.desktop.platform import (
    DeliveryMethod,
    FocusedWindow,
    HotkeyError,
    open_global_hotkeys,
    open_text_input,
)
from granite_live.gui.dictation.delivery_worker import DeliveryWorker


class DeliveryDriver(QObject):
    """Reads commands from standard input, and prints the results."""

    key_moved = Signal(str)

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__()
        self._app = app
        self._rest = b""
        self._text_input = open_text_input()
        self._aim: FocusedWindow | None = None
        self._worker = DeliveryWorker(self._text_input, self)
        self._worker.delivered.connect(lambda number, words: say("delivered", number, words))
        self._worker.failed.connect(lambda number, words: say("failed", number, words))
        self._keys = open_global_hotkeys()
        self.key_moved.connect(lambda what: say(what))
        self._input = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._input.activated.connect(self._read)
        say("ready")

    def _read(self) -> None:
        found = os.read(sys.stdin.fileno(), 1 << 16)
        *lines, self._rest = (self._rest + found).split(b"\n")
        for line in lines if found else [b'["end"]']:
            self._obey(json.loads(line))

    def _obey(self, order: list[object]) -> None:
        match order:
            case ["send", way, number, text]:
                self._worker.way = DeliveryMethod(way)
                self._worker.send(number, text, self._aim)
            case ["erase", number, characters]:
                self._worker.erase(number, characters)
            case ["aim"]:
                self._aim = self._text_input.focused_window()
                say("aimed")
            case ["watch", keys]:
                self._watch(keys)
            case ["end"]:
                self._input.setEnabled(False)
                self._keys.close()
                say("ended", self._worker.close(30.0))
                self._app.quit()

    def _watch(self, keys: str) -> None:
        try:
            self._keys.watch(
                keys,
                lambda: self.key_moved.emit("pressed"),
                lambda: self.key_moved.emit("released"),
                lambda: self.key_moved.emit("canceled"),
            )
        except HotkeyError as error:
            say("refused", str(error))
        else:
            say("watches")


def say(*words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    app = QGuiApplication([])
    app.setQuitOnLastWindowClosed(False)
    driver = DeliveryDriver(app)
    app.exec()
    driver.deleteLater()


if __name__ == "__main__":
    main()
