"""Fixtures that tests of the application share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from granite_live.library import Library


@pytest.fixture
def library() -> Iterator[Library]:
    """An empty library in the test's own home."""
    with Library.open(durable=False) as opened:
        yield opened
