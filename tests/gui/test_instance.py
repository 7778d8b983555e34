"""Single instance: a second start passes its files on; a crash leaves no obstacle."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from granite_live.gui.app import become_first
from granite_live.gui.single_instance import SingleInstance
from granite_live.messages import has_code
from granite_live.messages.control import SocketMessage
from granite_live.settings import Settings, save_settings
from granite_live.util import paths
from granite_live.util.errors import WindowError

_FIRST = """
import sys, pathlib
from PySide6.QtCore import QCoreApplication
from granite_live.gui.single_instance import SingleInstance
app = QCoreApplication([])
instance = SingleInstance(pathlib.Path(sys.argv[1]))
print(instance.is_first([]), flush=True)
instance.files_received.connect(lambda files: print([str(one) for one in files], flush=True))
app.exec()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path: pytest's folders exceed the limit of socket paths."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name) / "run"


@pytest.fixture
def first(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is the first instance."""
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
    second = SingleInstance(tmp_path)
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
    second = SingleInstance(tmp_path)
    assert second.is_first([])
    second.close()


def test_other_data_is_another_one(
    qapp: QApplication, first: subprocess.Popen[str], tmp_path: Path
) -> None:
    other = SingleInstance(tmp_path / "other")
    assert other.is_first([])
    other.close()


def test_what_is_no_list_of_files_is_passed_over(
    qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    one = SingleInstance(tmp_path, folder=folder)
    assert one.is_first([])
    told: list[object] = []
    one.files_received.connect(told.append)
    (path,) = (file for file in folder.iterdir() if file.is_socket())
    for data in (b"", b"GET / HTTP/1.1\n", b"{}\n", b"7\n", b"[3]\n", b"[]\n"):
        with socket.socket(socket.AF_UNIX) as knocks:
            knocks.connect(str(path))
            knocks.sendall(data)
    qtbot.waitUntil(lambda: [] in told)
    assert told == [[]]
    one.close()


def test_whoever_connects_and_says_nothing_is_let_go(
    qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    one = SingleInstance(tmp_path, folder=folder, answer_s=0.2)
    assert one.is_first([])
    (path,) = (file for file in folder.iterdir() if file.is_socket())
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(path))
        silent.setblocking(False)
        qtbot.waitUntil(lambda: ended(silent))
    one.close()


def ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False


def test_files_are_handed_over_only_if_that_is_answered(
    qapp: QApplication, tmp_path: Path, folder: Path
) -> None:
    """Another program listens and reads, but does not answer."""
    second = SingleInstance(tmp_path, folder=folder, answer_s=0.5)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place(second)))
        listening.listen()
        with pytest.raises(WindowError) as told:
            second.is_first([Path("/secret.wav")])
    assert has_code(str(told.value), SocketMessage.FILES_NOT_OPENED)


def test_a_start_without_a_terminal_shows_in_a_box_that_the_window_hangs(
    qapp: QApplication, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program listens, but does not answer; the box is closed as by the user."""
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setattr(sys, "stderr", None)
    save_settings(Settings(language="de"))
    path = place(SingleInstance(paths.data_dir()))
    shown: list[str] = []

    def close() -> None:
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        shown.append(box.text())
        box.accept()

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        QTimer.singleShot(0, close)
        with pytest.raises(WindowError) as told:
            become_first(qapp, [], answer_s=0.1)
    assert has_code(str(told.value), SocketMessage.NO_ANSWER)
    assert shown[0].startswith("Ein anderes Fenster von Granite Live")


def test_another_users_program_is_told_no_file(
    qapp: QApplication, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other user is simulated."""
    second = SingleInstance(tmp_path, folder=folder, answer_s=0.5)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place(second)))
        listening.listen()
        user = os.getuid() + 1
        monkeypatch.setattr(os, "getuid", lambda: user)
        with pytest.raises(WindowError, match="another user"):
            second.is_first([Path("/secret.wav")])
        connection, _address = listening.accept()
        with connection:
            assert connection.recv(1 << 10) == b""


def place(instance: SingleInstance) -> Path:
    """Return the path at which an instance listens, by letting it listen briefly."""
    assert instance.is_first([])
    (path,) = (file for file in instance.folder.iterdir() if file.is_socket())
    instance.close()
    return path


def test_the_socket_lies_where_no_other_user_can_put_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    for given in ("", "relative", str(shared), str(tmp_path / "missing")):
        monkeypatch.setenv("XDG_RUNTIME_DIR", given)
        assert paths.runtime_dir() == paths.data_dir() / "run"
    shared.chmod(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(shared))
    assert paths.runtime_dir() == shared / "granite-live"


def test_nobody_else_can_enter_the_folder(qapp: QApplication, tmp_path: Path, folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    SingleInstance(tmp_path, folder=folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_link_in_place_of_the_folder_is_refused(
    qapp: QApplication, tmp_path: Path, folder: Path
) -> None:
    folder.symlink_to(tmp_path)
    with pytest.raises(WindowError, match="is a link"):
        SingleInstance(tmp_path, folder=folder)


def test_a_long_temporary_folder_is_no_hindrance_either(tmp_path: Path) -> None:
    """Two real starts, both with long paths, find each other in /tmp."""
    long = tmp_path / ("t" * 150)
    long.mkdir(mode=0o700)
    environment = os.environ | {"TMPDIR": str(long), "XDG_RUNTIME_DIR": str(long)}
    start = [sys.executable, "-c", _FIRST, str(tmp_path)]
    with subprocess.Popen(start, stdout=subprocess.PIPE, text=True, env=environment) as first:
        try:
            assert first.stdout is not None
            assert first.stdout.readline() == "True\n"
            hand_over = _FIRST.replace("app.exec()", "")
            second = subprocess.run(
                [*start[:2], hand_over, *start[3:]],
                capture_output=True, text=True, env=environment, check=True,
            )  # fmt: skip
            assert second.stdout == "False\n"
            assert first.stdout.readline() == "[]\n"
        finally:
            first.kill()
    folder = Path("/tmp", f"granite-live-{os.getuid()}")
    assert folder.stat().st_mode & 0o777 == 0o700
    for left in folder.glob(f"{name_in(tmp_path)}*"):
        left.unlink()


def name_in(data_dir: Path) -> str:
    """Return the name of the socket for a data folder."""
    mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return f"granite-live-{mark}"


def test_a_long_folder_is_no_hindrance(qapp: QApplication, tmp_path: Path) -> None:
    one = SingleInstance(tmp_path, folder=tmp_path / ("long" * 30))
    assert one.folder.stat().st_mode & 0o777 == 0o700
    assert one.is_first([])
    one.close()
