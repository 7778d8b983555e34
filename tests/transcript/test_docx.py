"""The word processor's file, read back with a library that did not write it."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import docx
from helpers.model_fakes import make_recording, make_transcript
from hypothesis import given
from hypothesis import strategies as st

from granite_live.transcript.export import BINARY_FORMATS, FORMATS, render, render_file
from granite_live.transcript.export.docx import write_docx

TALK = make_recording(
    make_transcript("Hello <there> & you.", 0.5, 2.0),
    make_transcript("", 2.0, 4.0),
    make_transcript("How\nare  you?", 4.0, 6.5),
    duration_s=3_725.0,
)


def read(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def test_a_page_to_read() -> None:
    page = read(write_docx(TALK))
    assert [(one.style.name, one.text) for one in page.paragraphs] == [
        ("Title", "talk.wav"),
        ("Subtitle", "1:02:05 of sound, transcribed by Granite Live with granite (int8)."),
        ("Normal", "0:00  Hello <there> & you."),
        ("Normal", "0:04  How are you?"),
    ]
    time, text = page.paragraphs[2].runs
    assert (time.style.name, time.text) == ("Time", "0:00  ")
    assert text.text == "Hello <there> & you."
    assert round(page.sections[0].page_width.cm, 1) == 21.0


def test_it_is_the_same_file_each_time_and_says_nothing_else() -> None:
    assert write_docx(TALK) == write_docx(TALK)
    with zipfile.ZipFile(io.BytesIO(write_docx(TALK))) as archive:
        assert archive.testzip() is None
        assert {one.date_time[0] for one in archive.infolist()} == {1980}


def test_without_speech_and_with_the_demo() -> None:
    page = read(write_docx(make_recording(duration_s=5.0, is_demo=True)))
    assert page.paragraphs[-1].text == "Nothing was said."
    assert "not Granite" in page.paragraphs[1].text


def test_right_to_left_text_stands_on_the_right() -> None:
    page = make_recording(make_transcript("שלום world"), make_transcript("hello שלום", 2.0, 3.0))
    document = zipfile.ZipFile(io.BytesIO(write_docx(page))).read("word/document.xml").decode()
    assert document.count("<w:bidi/>") == 1


@given(st.text())
def test_any_text_makes_a_file_that_can_be_read(text: str) -> None:
    data = write_docx(make_recording(make_transcript(text), path=f"{text}.wav"))
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name in archive.namelist():
        ElementTree.fromstring(archive.read(name))
    assert read(data).paragraphs[0].style.name == "Title"


def test_files_of_every_format() -> None:
    assert not set(FORMATS) & set(BINARY_FORMATS)
    for name in FORMATS:
        assert render_file(TALK, name).decode("utf-8") == render(TALK, name)
    assert render_file(TALK, "docx") == write_docx(TALK)
    surrogate = make_recording(path="\udcff.wav", duration_s=1.0)
    assert b"\\udcff" in render_file(surrogate, "md")
