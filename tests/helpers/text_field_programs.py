"""Other programs with a text field, as targets of dictation, and a clipboard owner."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.waiting import WAIT_S, changes_in, until
from helpers.x11_desktop import X11Desktop, with_me

SYSTEM_PYTHON = "/usr/bin/python3"
"""GTK is installed for the system's Python only."""
FIELDS_NEED = "needs Linux and (on Debian): xterm python3-gi gir1.2-gtk-3.0"
_GI = "/usr/lib/python3/dist-packages/gi"

_QT = """
import sys
from PySide6.QtWidgets import QApplication, QPlainTextEdit
app = QApplication([])
field = QPlainTextEdit()
field.setWindowTitle(sys.argv[2])
field.resize(500, 300)
def keep():
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(field.toPlainText())
field.textChanged.connect(keep)
field.show()
app.exec()
"""
_GTK = """
import sys, gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gtk
window = Gtk.Window(title=sys.argv[2], default_width=500, default_height=300)
field = Gtk.TextView()
window.add(field)
def keep(text):
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(text.get_text(text.get_start_iter(), text.get_end_iter(), True))
field.get_buffer().connect("changed", keep)
window.show_all()
Gtk.main()
"""
# A window without a text field.
_DEAF = """
import sys, gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gtk
Gtk.Window(title=sys.argv[2], default_width=500, default_height=300).show_all()
Gtk.main()
"""
_OWNER = """
import sys
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QGuiApplication, QImage
app = QGuiApplication([])
data = QMimeData()
if sys.argv[1] == "text":
    data.setText("was there before: äöü 😀")
    data.setHtml("<b>was there before</b>")
    data.setData("application/x-of-its-own", bytes(range(256)))
elif sys.argv[1] == "image":
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor(12, 34, 56))
    data.setImageData(image)
if sys.argv[1] == "nothing":
    app.clipboard().clear()
else:
    app.clipboard().setMimeData(data)
app.processEvents()
print("owns", flush=True)
app.exec()
"""
# Four names belong to the protocol; the fifth is an additional name of images in Qt programs, which
# also find the image by its other names.
_READER = """
import hashlib, json, gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk
LEFT_OUT = ("MULTIPLE", "SAVE_TARGETS", "TARGETS", "TIMESTAMP", "application/x-qt-image")
clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
there, targets = clipboard.wait_for_targets()
found = {}
for target in targets if there else ():
    if target.name() not in LEFT_OUT:
        data = clipboard.wait_for_contents(target)
        found[target.name()] = hashlib.sha256(data.get_data()).hexdigest() if data else None
print(json.dumps(found))
"""
# Fetches everything that is copied, like programs with a clipboard history.
_MANAGER = """
import gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk
clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
def fetch(*_):
    clipboard.request_text(lambda _clipboard, text: print(repr(text), flush=True))
clipboard.connect("owner-change", fetch)
fetch()
Gtk.main()
"""


def can_run_fields() -> bool:
    """Return whether these programs can be run here."""
    return sys.platform == "linux" and Path(_GI).is_dir() and shutil.which("xterm") is not None


class TextField:
    """A window with a text field that has the focus."""

    def __init__(self, desktop: X11Desktop, process: subprocess.Popen[bytes], kept: Path) -> None:
        self.desktop, self.process, self._kept = desktop, process, kept
        self.window = ""

    def text(self) -> str:
        """Return the text in the field."""
        return self._kept.read_text(encoding="utf-8") if self._kept.exists() else ""

    def enter(self, title: str) -> None:
        """Wait for the window, and focus it."""
        search = ("search", "--sync", "--onlyvisible", "--pid", str(self.process.pid))
        while not self.window:
            try:
                self.window = self.desktop.do(*search, "--name", f"^{title}$").split("\n")[-1]
            except AssertionError as error:
                # xdotool searches all windows, and others may close meanwhile.
                if "BadWindow" not in str(error):
                    raise
        self.desktop.do("windowactivate", "--sync", self.window)

    def has_focus(self) -> bool:
        return self.desktop.do("getactivewindow") == self.window

    def wait_for(self, text: str) -> None:
        """Wait until the field contains exactly this text."""
        with changes_in(self._kept.parent) as news:
            try:
                until(lambda: self.text() == text, "the text", news, process=self.process.pid)
            except AssertionError as error:
                raise AssertionError(f"{self.text()!r} is not {text!r}") from error


def commands(kept: Path, title: str) -> dict[str, list[str]]:
    """Return the command of each program."""
    reading = f"stty -echo -icanon min 1; echo begun > '{kept}.begun'; cat > '{kept}'"
    return {
        "qt": [sys.executable, "-c", _QT, str(kept), title],
        "gtk": [SYSTEM_PYTHON, "-c", _GTK, str(kept), title],
        "deaf": [SYSTEM_PYTHON, "-c", _DEAF, str(kept), title],
        "xterm": ["xterm", "-u8", "-fa", "monospace", "-T", title, "-e", "sh", "-c", reading],
    }


@contextmanager
def running_field(
    kind: str, desktop: X11Desktop, folder: Path, title: str = "A field"
) -> Iterator[TextField]:
    """Start a program (qt, gtk, xterm, or deaf: without a field), and focus it."""
    folder.mkdir(exist_ok=True)
    kept = folder / f"{kind}.txt"
    environment = os.environ | desktop.environment | {"LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1"}
    with subprocess.Popen(with_me(*commands(kept, title)[kind]), env=environment) as process:
        try:
            field = TextField(desktop, process, kept)
            if kind == "xterm":
                begun = Path(f"{kept}.begun")
                with changes_in(folder) as news:
                    until(begun.exists, "the terminal", news, process=process.pid)
            field.enter(title)
            yield field
        finally:
            process.kill()


@contextmanager
def owned_clipboard(desktop: X11Desktop, kind: str) -> Iterator[None]:
    """Let another program own the clipboard, with text in three formats, an image, or nothing."""
    command = with_me(sys.executable, "-c", _OWNER, kind)
    environment = os.environ | desktop.environment
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"owns\n"
            yield
        finally:
            process.kill()


@contextmanager
def running_manager(desktop: X11Desktop) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program that fetches and prints everything that is copied."""
    command = with_me(SYSTEM_PYTHON, "-u", "-c", _MANAGER)
    environment = os.environ | desktop.environment | {"NO_AT_BRIDGE": "1", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
        finally:
            process.kill()


def clipboard_holds(desktop: X11Desktop) -> dict[str, str]:
    """Return the checksum of each format of the clipboard, as read by another toolkit."""
    done = subprocess.run(
        with_me(SYSTEM_PYTHON, "-c", _READER),
        env=os.environ | desktop.environment | {"NO_AT_BRIDGE": "1"},
        capture_output=True,
        timeout=WAIT_S,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found
