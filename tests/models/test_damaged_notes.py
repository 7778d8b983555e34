"""What can be found out again is found out again where its file is damaged, in whatever way."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import pytest

from granite_live.models.disk import read_cache_file, write_cache_file


def understand(said: Any) -> dict[str, float]:
    return {key: float(value) for key, value in said.items()}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"one": 1.',
        b"\xef\xbb\xbf{}",
        os.urandom(300),
        b"[]",
        b'{"one": "two"}',
        b'{"one": {}}',
        b"[" * 100_000,
    ],
    ids=["empty", "cut", "mark", "random", "list", "word", "object", "deep"],
)
def test_a_damaged_note_is_as_if_it_were_not_there(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "notes.json"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert read_cache_file(path, understand, {"nothing": 0.0}) == {"nothing": 0.0}
    assert f"{path} is not used" in caplog.text
    write_cache_file(path, {"one": 1.0})
    assert read_cache_file(path, understand, {}) == {"one": 1.0}
