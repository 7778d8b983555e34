"""A result is written whole, or the folder looks as it did before."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest
from helpers.messages import sentence

from granite_live.messages.settings import OutputMessage
from granite_live.util.errors import OutputError
from granite_live.util.files import write_output


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_utf8_with_line_feeds_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_output(tmp_path / "a.txt", "naïve\nword \udcff\n")
    assert (tmp_path / "a.txt").read_bytes() == "naïve\nword \\udcff\n".encode()
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_replaced_file_keeps_its_permissions_and_a_link_stays(tmp_path: Path) -> None:
    target = tmp_path / "target.txt"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    write_output(link, "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_reasons_in_words(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for path, reason in (
        (tmp_path / "none" / "a.txt", sentence(OutputMessage.FOLDER_MISSING)),
        (tmp_path / "folder", sentence(OutputMessage.FOLDER_IN_PLACE)),
        (tmp_path / "file" / "a.txt", sentence(OutputMessage.NOT_A_FOLDER)),
        (tmp_path / ("x" * 300), sentence(OutputMessage.NAME_TOO_LONG)),
        (tmp_path / "nul\0byte", re.compile("null (byte|character)")),  # in the words of Python
    ):
        with pytest.raises(OutputError, match=reason):
            write_output(path, "text")
    assert names(tmp_path) == ["file", "folder"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (errno.ENOSPC, sentence(OutputMessage.DISK_FULL)),
        (errno.EACCES, sentence(OutputMessage.FOLDER_NOT_WRITABLE)),
        (errno.EROFS, sentence(OutputMessage.READ_ONLY_DISK)),
        (errno.EIO, re.compile("input/output error")),
    ],
)
def test_failure_while_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, reason: re.Pattern[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def fail(_fd: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match=reason):
        write_output(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["a.txt"]


def test_interrupt_while_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_fd: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_output(tmp_path / "a.txt", "text")
    assert names(tmp_path) == []
