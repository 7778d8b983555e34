"""What tests of the engine share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from granite_live.library import Library


@pytest.fixture
def library() -> Iterator[Library]:
    """The library of the test's own home, empty."""
    with Library.open(durable=False) as opened:
        yield opened
