"""Session events become rows: in order, once each, removed when empty."""

from __future__ import annotations

import pytest
from helpers.scripted_engine import final, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from granite_live.gui.transcript.lines import LineState
from granite_live.gui.transcript.model import TranscriptModel
from granite_live.session import events


@pytest.fixture
def model(qtbot: QtBot) -> TranscriptModel:
    made = TranscriptModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning, made)
    return made


def shown(model: TranscriptModel) -> list[tuple[str, LineState]]:
    return [(line.text, line.state) for line in model.lines]


def draft(number: int, text: str, stable: int = 0) -> events.DraftText:
    return events.DraftText(1.0, number, number * 2.0, text, stable)


def test_an_utterance_from_draft_to_final_is_one_row(model: TranscriptModel, qtbot: QtBot) -> None:
    model.apply(draft(1, "we"))
    key = model.line(0).key
    model.apply(draft(1, "we went", 1))
    assert shown(model) == [("we went", LineState.OPEN)]
    text = "we went out"
    model.apply(events.ProvisionalText(2.0, 1, 2.0, 3.0, text, words(text, 2.0)))
    assert shown(model) == [(text, LineState.PROVISIONAL)]
    with qtbot.waitSignal(model.finalized) as settled:
        model.apply(final(1, 2.0, "we went out."))
    assert shown(model) == [("we went out.", LineState.FINAL)]
    assert model.line(0).key == settled.args[0].key == key


def test_a_final_that_comes_after_the_next_draft_stands_before_it(model: TranscriptModel) -> None:
    model.apply(draft(1, "one"))
    model.apply(draft(2, "two"))
    model.apply(final(1, 2.0, "One."))
    assert shown(model) == [("One.", LineState.FINAL), ("two", LineState.OPEN)]


def test_finals_out_of_order_stand_in_the_order_of_their_times(model: TranscriptModel) -> None:
    for number in (3, 1, 2):
        model.apply(final(number, number * 5.0, f"number {number}"))
    assert [text for text, _ in shown(model)] == ["number 1", "number 2", "number 3"]


def test_a_draft_that_was_taken_back_is_gone(model: TranscriptModel) -> None:
    model.apply(draft(1, "hm"))
    model.apply(draft(1, ""))
    assert model.rowCount() == 0


def test_an_utterance_without_words_leaves_no_row(model: TranscriptModel) -> None:
    model.apply(draft(1, "hm"))
    model.apply(final(1, 2.0, ""))
    assert model.rowCount() == 0


def test_a_draft_that_comes_late_changes_nothing(model: TranscriptModel) -> None:
    model.apply(final(1, 2.0, "Done."))
    model.apply(draft(1, "do"))
    assert shown(model) == [("Done.", LineState.FINAL)]


def test_a_failure_is_shown_with_its_reason(model: TranscriptModel) -> None:
    model.apply(draft(1, "we"))
    model.apply(events.TranscriptionFailed(9.0, 1, 2.0, 4.0, 3, "The recogniser died."))
    assert shown(model) == [("", LineState.FAILED)]
    assert "The recogniser died." in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_screen_reader_hears_the_time_and_what_is_not_final(model: TranscriptModel) -> None:
    model.apply(final(1, 65.0, "Said."))
    model.apply(events.DraftText(1.0, 2, 70.0, "being", 0))
    texts = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in (0, 1)]
    assert texts == ["1:05, Said.", "1:10, in progress, being"]


def test_only_settled_lines_can_be_edited(model: TranscriptModel) -> None:
    model.apply(final(1, 2.0, "Said."))
    model.apply(draft(2, "being"))
    editable = [bool(model.flags(model.index(r)) & Qt.ItemFlag.ItemIsEditable) for r in (0, 1)]
    assert editable == [True, False]


def test_rows_are_found_by_their_lines(model: TranscriptModel) -> None:
    for number in range(50):
        model.apply(final(number, number // 2 * 3.0, f"number {number}"))
    assert [model.row_of(line) for line in model.lines] == list(range(50))
