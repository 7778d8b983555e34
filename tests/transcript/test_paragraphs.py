"""Documents have paragraphs by pause, speaker and length, with times or without."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
from helpers.model_fakes import make_recording, make_transcript

from granite_live.transcript.export import render, render_file
from granite_live.transcript.export.options import ExportOptions
from granite_live.transcript.export.text_formats import Paragraph, paragraphs_of

FIRST = make_transcript("It  rained.", 1.0, 2.0)
SECOND = make_transcript("We stayed.", 3.5, 5.0)
LATE = make_transcript("Then the sun came.", 7.0, 9.0)


def test_a_paragraph_ends_at_a_pause() -> None:
    empty = make_transcript(" ", 5.0, 6.0)
    assert list(paragraphs_of(make_recording(FIRST, SECOND, empty, LATE))) == [
        Paragraph(1.0, "", "It rained. We stayed."),
        Paragraph(7.0, "", "Then the sun came."),
    ]


def test_a_paragraph_ends_before_another_speaker() -> None:
    talk = make_recording(replace(FIRST, speaker="Ann"), replace(SECOND, speaker="Ben"))
    assert [(one.speaker, one.text) for one in paragraphs_of(talk)] == [
        ("Ann", "It rained."),
        ("Ben", "We stayed."),
    ]


def test_a_long_paragraph_ends_with_its_utterance() -> None:
    lines = [make_transcript("word " * 40, k * 10.0, k * 10.0 + 9.5) for k in range(12)]
    lengths = [len(one.text) for one in paragraphs_of(make_recording(*lines))]
    assert len(lengths) == 3
    assert max(lengths) < 1_000


def test_times_can_be_left_out() -> None:
    talk = make_recording(replace(FIRST, speaker="Ann"), LATE)
    plain = ExportOptions(times=False)
    assert render(talk, "md").splitlines()[4:] == [
        *("**0:01 Ann:** It rained.", "", "**0:07** Then the sun came."),
    ]
    assert render(talk, "md", plain).splitlines()[4:] == [
        *("**Ann:** It rained.", "", "Then the sun came."),
    ]
    document = docx.Document(io.BytesIO(render_file(talk, "docx", plain)))
    assert [one.text for one in document.paragraphs][2:] == [
        *("Ann: It rained.", "Then the sun came."),
    ]
