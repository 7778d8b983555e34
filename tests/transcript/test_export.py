"""The writers: each format as its readers expect it."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest
from helpers.json_schemas import validator
from helpers.model_fakes import make_recording, make_transcript
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import ValidationError

from granite_live.messages import Message
from granite_live.messages.library import LibraryMessage
from granite_live.transcript.export import FORMATS, render
from granite_live.transcript.export.options import ExportOptions
from granite_live.transcript.export.text_formats import format_clock, format_timestamp
from granite_live.transcript.model import ModelInfo, Word

TALK = make_recording(
    make_transcript("Hello there.", 0.5, 2.0),
    make_transcript("", 2.0, 4.0),
    make_transcript("How are you?", 4.0, 6.5),
    duration_s=3_725.0,
)


def test_txt_is_one_utterance_a_line() -> None:
    assert render(TALK, "txt") == "Hello there.\nHow are you?\n"
    assert render(make_recording(make_transcript("a\nb  c", 0.0, 1.0)), "txt") == "a b c\n"


def test_srt() -> None:
    assert render(TALK, "srt") == (
        "1\n00:00:00,500 --> 00:00:02,000\nHello there.\n\n"
        "2\n00:00:04,000 --> 00:00:06,500\nHow are you?\n"
    )


def test_vtt() -> None:
    assert render(TALK, "vtt") == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nHello there.\n\n"
        "00:00:04.000 --> 00:00:06.500\nHow are you?\n"
    )


def test_markup_in_subtitles() -> None:
    talk = make_recording(make_transcript("a < b && c --> d <i>", 0.0, 3.0))
    body = render(talk, "vtt").splitlines()[-1]
    assert body == "a &lt; b &amp;&amp; c --&gt; d &lt;i&gt;"
    assert render(talk, "srt").count("-->") == 1


@pytest.mark.parametrize("arrow", ["-->", "--->", "------>", "<-->", "-->-->"])
def test_an_arrow_in_the_text_is_no_line_of_times(arrow: str) -> None:
    talk = make_recording(make_transcript(f"from a {arrow} b", 0.0, 3.0))
    srt, vtt = render(talk, "srt"), render(talk, "vtt")
    assert [line.count("-->") for line in srt.splitlines()] == [0, 1, 0]
    assert [line.count("-->") for line in vtt.splitlines()] == [0, 0, 1, 0]
    assert "->" in srt.splitlines()[-1]
    assert html.unescape(vtt.splitlines()[-1]) == f"from a {arrow} b"


def test_md() -> None:
    assert render(TALK, "md") == (
        "# talk.wav\n\n1:02:05 of sound, transcribed by Granite Live with granite (int8).\n\n"
        "**0:00** Hello there.\n\n**0:04** How are you?\n"
    )
    demo = make_recording(path="/x/my_talk_1.mp3", is_demo=True)
    page = render(demo, "md")
    assert page.startswith("# my\\_talk\\_1.mp3\n")
    assert "demo model" in page
    assert "not Granite" in page
    assert page.endswith("\nNothing was said.\n")


def test_json_has_the_agreed_keys_in_the_agreed_order() -> None:
    word = Word("Hëllo", 0.12345678, 0.5, 0.987654321, draft="hallo")
    same = Word("there", 0.5, 1.0, 1.0)
    talk = make_recording(make_transcript("Hëllo there", 0.0, 1.0, words=[word, same]))
    line = render(talk, "json")
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert "Hëllo" in line
    data = json.loads(line)
    assert list(data) == ["version", "audio", "bundle", "text", "utterances", "timing"]
    assert data["version"] == 1
    assert data["audio"] == {"path": "talk.wav", "duration_s": 1.0}
    assert list(data["bundle"]) == ["path", "tier", "providers", "ctc"]
    assert list(data["bundle"]["providers"]) == ["encoder", "embed_tokens", "editor"]
    assert data["bundle"]["ctc"] == {"blank": 0, "shift": 1}
    (utterance,) = data["utterances"]
    assert list(utterance) == [
        *("start_s", "end_s", "text", "draft_text", "token_ids", "draft_token_ids"),
        *("confidence", "words", "editor_skipped", "editing_passes", "track", "speaker"),
    ]
    assert (utterance["track"], utterance["speaker"]) == (0, None)
    assert utterance["words"][0] == {
        "text": "Hëllo",
        "start_s": 0.123,
        "end_s": 0.5,
        "confidence": 0.9877,
        "draft": "hallo",
        "replaced": None,
    }
    keys = ["text", "start_s", "end_s", "confidence", "draft", "replaced"]
    assert list(utterance["words"][0]) == keys
    assert utterance["words"][1]["draft"] is None
    assert data["timing"] == {
        "load_s": 0.5,
        "features_s": 0.01,
        "encoder_s": 0.02,
        "editor_s": 0.03,
        "total_s": 0.06,
        "real_time_factor": 0.06,
    }


def test_json_is_as_its_schema_says() -> None:
    word = Word("Hëllo", 0.1, 0.5, 0.9, draft="hallo")
    spoken = make_transcript("Hëllo there", 0.0, 1.0, words=[word, Word("there", 0.5, 1.0, 1.0)])
    unknown = replace(make_transcript("", 2.0, 3.0), editor_skipped=None)
    elsewhere = replace(make_recording(spoken), model=ModelInfo("", "", {}, 0, 0))
    recordings = (TALK, make_recording(), make_recording(spoken, unknown), elsewhere)
    schema = validator("transcript")
    for recording in recordings:
        data = json.loads(render(recording, "json"))
        schema.validate(data)
        for name in data:
            with pytest.raises(ValidationError):
                schema.validate({key: data[key] for key in data if key != name})
        with pytest.raises(ValidationError):
            schema.validate({**data, "more": 1})


@pytest.mark.parametrize("name", FORMATS)
def test_recording_without_speech(name: str) -> None:
    expected = {"txt": "", "srt": "", "vtt": "WEBVTT\n"}
    text = render(make_recording(duration_s=5.0), name)
    assert text == expected.get(name, text)


def test_unknown_format() -> None:
    with pytest.raises(KeyError):
        render(TALK, "pdf")


@given(st.integers(0, 400 * 3_600_000))
def test_timestamp_can_be_read_back(time_ms: int) -> None:
    found = re.fullmatch(r"(\d\d+):(\d\d):(\d\d),(\d\d\d)", format_timestamp(time_ms, ","))
    assert found
    hours, minutes, seconds, ms = map(int, found.groups())
    assert minutes < 60
    assert seconds < 60
    assert ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms == time_ms


def test_times_round_to_the_next_second_not_to_1000_ms() -> None:
    talk = make_recording(make_transcript("a", 0.9996, 59.99951), duration_s=60.0)
    assert "00:00:01,000 --> 00:00:08,000" in render(talk, "srt")
    with pytest.raises(ValueError, match="before the recording"):
        format_timestamp(-1, ".")


def test_clock() -> None:
    assert [format_clock(s) for s in (0.0, 59.99, 61.0, 3_600.0)] == [
        "0:00",
        "0:59",
        "1:01",
        "1:00:00",
    ]


def test_what_a_document_adds_is_translated_and_what_was_said_is_not() -> None:
    def shouted(message: str) -> str:
        return message.upper() if isinstance(message, Message) else message

    said = replace(make_transcript("hello", 0.0, 1.0), speaker=LibraryMessage.OTHERS())
    options = ExportOptions(translate=shouted)
    page = render(make_recording(said), "md", options)
    assert "0:01 OF SOUND, TRANSCRIBED BY GRANITE LIVE WITH GRANITE (INT8)." in page
    assert page.endswith("**0:00 OTHERS:** hello\n")
    assert render(make_recording(), "md", options).endswith("\nNOTHING WAS SAID.\n")
