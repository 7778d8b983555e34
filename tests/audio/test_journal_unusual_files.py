"""Special files in place of a session's are not opened, waited for or followed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import sentence

from granite_live.audio.journal import Journal, find_unfinished, open_for_recovery
from granite_live.audio.journal.filesystem import open_file
from granite_live.audio.journal.folders import FLAC_NAME
from granite_live.audio.journal.sound import open_session_audio
from granite_live.messages.journal import JournalMessage
from granite_live.util.errors import AudioError, GraniteError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")

FILES = ("sound.pcm", "events.jsonl", "lock")
MINE = b"what somebody keeps elsewhere"


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    target = path.parents[2] / "elsewhere"
    target.write_bytes(MINE)
    path.symlink_to(target)


def dangling_link(path: Path) -> None:
    path.symlink_to(path.parents[2] / "missing")


def link_to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def listening_socket(path: Path) -> None:
    inside = os.open(path.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as one:  # a name that is short enough
            one.bind(f"/proc/self/fd/{inside}/{path.name}")
    finally:
        os.close(inside)


KINDS = (pipe, folder, link, dangling_link, link_to_device)
if sys.platform == "linux":
    KINDS += (listening_socket,)


def session(root: Path) -> Path:
    """Leave a session of a second unfinished, as after a crash; return its folder."""
    journal = Journal.create(root)
    journal.append(np.zeros(16_000, np.int16))
    journal.close()
    return journal.path


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("name", FILES)
def test_it_is_named_and_the_others_are_found(
    tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    root = tmp_path / "sessions"
    bad, good = session(root), session(root)
    (bad / name).unlink()
    make(bad / name)
    found = {one.path: one for one in find_unfinished(root)}
    assert set(found) == {bad, good}
    assert "not a file" in found[bad].warning
    assert found[good].warning == ""
    with pytest.raises(AudioError, match="not a file"):
        open_for_recovery(bad)
    elsewhere = tmp_path / "elsewhere"
    assert not elsewhere.exists() or elsewhere.read_bytes() == MINE
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_packed_sound_is_not_opened_either(tmp_path: Path, make: Callable[[Path], None]) -> None:
    root = tmp_path / "sessions"
    path = session(root)
    (path / "sound.pcm").unlink()
    make(path / FLAC_NAME)
    with pytest.raises(AudioError, match="not a file"):
        open_session_audio(path)


def test_recover_goes_past_a_pipe(tmp_path: Path, bundle_dir: Path) -> None:
    root = tmp_path / "sessions"
    paths = [session(root) for _ in range(len(FILES) + 1)]
    for path, name in zip(paths, FILES, strict=False):
        (path / name).unlink()
        os.mkfifo(path / name)
    done = subprocess.run(
        [sys.executable, "-m", "granite_live", "recover", "--save", str(root),
         "--bundle", str(bundle_dir), "--tier", "int8"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    for path in paths[:-1]:
        assert f"'{path}' cannot be opened (it is a pipe, not a file)" in done.stderr
    assert f"{paths[-1]}: finished" in done.stderr


def test_a_file_of_another_user_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other user is simulated, because there is only one here."""
    path = session(tmp_path / "sessions")
    user = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: user)
    with pytest.raises(GraniteError, match=sentence(JournalMessage.OTHER_USER)):
        open_for_recovery(path)


def test_what_is_refused_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(MINE)
    mine.chmod(0o640)
    user = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: user)
    with pytest.raises(OSError, match=sentence(JournalMessage.OTHER_USER)):
        open_file(mine, create=True)
    assert mine.read_bytes() == MINE
    assert mine.stat().st_mode & 0o777 == 0o640
