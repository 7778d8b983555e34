"""The snippet of a search hit shows its match, however narrow the list is."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from granite_live.gui.sessions.session_delegate import visible_snippet
from granite_live.library import SearchHit

TEXT = "and then we took a slow walk along the river while the birds were singing in the trees"


@pytest.mark.parametrize("word", ["and", "river", "birds", "trees"])
@pytest.mark.parametrize("letters", [12, 20, 40])
def test_the_match_is_visible(qapp: QApplication, word: str, letters: int) -> None:
    metrics = QFontMetrics(qapp.font())
    width_px = metrics.horizontalAdvance("n" * letters)
    start = TEXT.index(word)
    hit = SearchHit(1, 1, 0.0, TEXT, ((start, start + len(word)),))
    found = visible_snippet(hit, metrics, width_px)
    before = found[: found.index(word) + len(word)]
    assert metrics.horizontalAdvance(before) <= width_px
    assert found.startswith("…") == (not TEXT.startswith(found))
    assert TEXT.endswith(found.removeprefix("…"))


def test_a_snippet_that_fits_is_whole(qapp: QApplication) -> None:
    hit = SearchHit(1, 1, 0.0, TEXT, ((0, 3),))
    assert visible_snippet(hit, QFontMetrics(qapp.font()), 100_000) == TEXT
