"""The events that results cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from granite_live.session import events
from granite_live.session.reporter import EventReporter
from granite_live.session.scheduler import Job
from granite_live.transcript.model import Transcript, Word

RATE = 1000
SPECULATIVE_FINAL = Job("speculative_final", 1, 4000, 6000)
WORDS = (Word("good", 0.2, 0.6, 0.9), Word("morning", 0.7, 1.4, 0.8))
HEARD = Transcript(0.0, 2.0, "good morning", (1, 2), WORDS, 0.85, "good mourning", (1, 3))


class Kept:
    """A journal that stores the records."""

    def __init__(self) -> None:
        self.records: list[Mapping[str, Any]] = []

    def append_record(self, record: Mapping[str, Any]) -> None:
        self.records.append(record)


def reporter() -> tuple[EventReporter, list[events.SessionEvent], Kept]:
    told: list[events.SessionEvent] = []
    kept = Kept()
    it = EventReporter(told.append, kept, lambda: (0, 0.0), RATE)
    it.opened(1, 4000)
    return it, told, kept


def test_what_a_pause_gave_is_shown_as_a_draft() -> None:
    it, told, kept = reporter()
    it.result(SPECULATIVE_FINAL, 0.0, HEARD, last=False)
    (draft,) = told
    assert isinstance(draft, events.DraftText)
    assert (draft.utterance, draft.start_s, draft.text) == (1, 4.0, "good morning")
    assert [record["event"] for record in kept.records] == ["utterance_opened"]


def test_what_a_pause_gave_is_final_if_it_was_the_end() -> None:
    it, told, kept = reporter()
    it.result(SPECULATIVE_FINAL, 0.0, HEARD, last=True)
    (final,) = told
    assert isinstance(final, events.FinalText)
    assert (final.start_s, final.end_s, final.text) == (4.0, 6.0, "good morning")
    assert final.words[0].start_s == 4.2
    assert [record["event"] for record in kept.records] == ["utterance_opened", "final"]


def test_a_final_says_whether_its_editor_was_skipped() -> None:
    for skipped in (False, True):
        it, told, kept = reporter()
        it.result(SPECULATIVE_FINAL, 0.0, replace(HEARD, editor_skipped=skipped), last=True)
        assert [event.editor_skipped for event in told if isinstance(event, events.FinalText)] == [
            skipped
        ]
        assert kept.records[-1]["editor_skipped"] is skipped
