"""One window a user: a second start hands over its files, and a crash leaves nothing in the way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from granite_live.gui.instance import Instance

_FIRST = """
import sys, pathlib
from PySide6.QtCore import QCoreApplication
from granite_live.gui.instance import Instance
app = QCoreApplication([])
instance = Instance(pathlib.Path(sys.argv[1]))
print(instance.is_first([]), flush=True)
instance.called.connect(lambda files: print([str(one) for one in files], flush=True))
app.exec()
"""


@pytest.fixture
def first(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that became the one."""
    process = subprocess.Popen(
        [sys.executable, "-c", _FIRST, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_second_hands_its_files_to_the_first(
    qapp: QApplication, first: subprocess.Popen[str], tmp_path: Path
) -> None:
    second = Instance(tmp_path)
    assert not second.is_first([Path("talk.mp3"), Path("/a/ä b.wav")])
    assert first.stdout is not None
    assert first.stdout.readline().strip() == str([str(Path("talk.mp3").absolute()), "/a/ä b.wav"])
    assert not second.is_first([])
    assert first.stdout.readline() == "[]\n"


def test_what_a_killed_one_leaves_is_taken_over(
    qapp: QApplication, first: subprocess.Popen[str], tmp_path: Path
) -> None:
    first.kill()
    first.wait()
    second = Instance(tmp_path)
    assert second.is_first([])
    assert not Instance(tmp_path).is_first([])
    second.close()


def test_other_data_is_another_one(
    qapp: QApplication, first: subprocess.Popen[str], tmp_path: Path
) -> None:
    other = Instance(tmp_path / "other")
    assert other.is_first([])
    other.close()


def test_what_is_no_list_of_files_is_passed_over(qtbot: QtBot, tmp_path: Path) -> None:
    one = Instance(tmp_path)
    assert one.is_first([])
    told: list[object] = []
    one.called.connect(told.append)
    from PySide6.QtNetwork import QLocalSocket

    for data in (b"", b"GET / HTTP/1.1", b"{}", b"7", b"[]"):
        socket = QLocalSocket()
        socket.connectToServer(one._name)
        assert socket.waitForConnected(1_000)
        socket.write(data)
        socket.waitForBytesWritten(1_000)
        socket.disconnectFromServer()
    qtbot.waitUntil(lambda: [] in told)
    assert all(isinstance(files, list) for files in told)
    one.close()
