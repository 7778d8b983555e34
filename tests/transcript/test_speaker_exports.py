"""Every export says who speaks."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from helpers.json_schemas import validator
from helpers.messages import shows
from helpers.model_fakes import make_recording, make_transcript

from granite_live.messages.documents import SubtitleMessage
from granite_live.transcript.export import render, render_file
from granite_live.transcript.export.cues import split_into_cues
from granite_live.transcript.export.options import PRESETS, ExportOptions
from granite_live.transcript.model import RecordingTranscript, Track, Transcript
from granite_live.transcript.subtitle_files import find_problems, read_cues


def said(
    speaker: str, text: str, start_s: float, end_s: float, track: int = Track.MICROPHONE
) -> Transcript:
    return replace(make_transcript(text, start_s, end_s), speaker=speaker, track=track)


def talk(*utterances: Transcript) -> RecordingTranscript:
    return make_recording(*utterances, duration_s=60.0)


INTERVIEW = talk(
    said("Anna", "Hello there.", 1.0, 3.0),
    said("Anna", "How are you?", 3.5, 5.0),
    said("Ben <b>", "Fine & well.", 5.2, 7.0),
)


def test_vtt_names_the_voice_of_each_cue() -> None:
    cues = render(INTERVIEW, "vtt").split("\n\n")[1:]
    assert [cue.splitlines()[1] for cue in cues] == [
        "<v Anna>Hello there. How are you?",
        "<v Ben &lt;b&gt;>Fine &amp; well.",
    ]


def test_srt_names_a_speaker_where_another_one_begins() -> None:
    long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    found = render(
        talk(
            said("Anna", long, 0.0, 9.0), said("Anna", long, 12.0, 21.0), said("Ben", "No.", 22, 24)
        ),
        "srt",
    )
    assert found.count("Anna: ") == 1
    assert found.endswith("Ben: No.\n")
    texts = [line for line in found.splitlines() if "-->" not in line]
    assert max(map(len, texts)) <= 42
    assert " ".join(" ".join(texts).split()).count("fourteen") == 2


@pytest.mark.parametrize("name", PRESETS)
def test_srt_with_names_keeps_the_rules(name: str, tmp_path: Path) -> None:
    words = "we expected nobody at all to march over the frozen river before the next spring"
    turns = [said(("Anna", "Maximilian")[k % 2], words, k * 11.0, k * 11.0 + 6.5) for k in range(5)]
    path = tmp_path / "talk.srt"
    path.write_text(render(talk(*turns), "srt", ExportOptions(PRESETS[name])), encoding="utf-8")
    cues = read_cues(path)
    assert sum("Maximilian: we" in cue.lines[0] for cue in cues) == 2
    text_codes = SubtitleMessage.LINE_TOO_LONG, SubtitleMessage.TOO_MANY_LINES
    problems = find_problems(cues, PRESETS[name])
    assert not [one for one in problems for code in text_codes if shows(one, code)]


def test_no_cue_has_words_of_two_speakers() -> None:
    cues = split_into_cues(
        talk(
            said("Anna", "Yes.", 1.0, 1.4),
            said("Ben", "No.", 1.5, 1.8),
            said("Anna", "Yes.", 1.9, 2.3),
        )
    )
    assert [(cue.speaker, cue.lines) for cue in cues] == [
        *(("Anna", ("Yes.",)), ("Ben", ("No.",)), ("Anna", ("Yes.",)))
    ]


def test_words_of_both_sides_keep_their_times_while_both_speak() -> None:
    cues = split_into_cues(
        talk(
            said("Me", "a long story without an end", 0.0, 6.0),
            said("Others", "Hm.", 2.0, 3.0, Track.SYSTEM),
            said("Me", "The end.", 8.0, 9.0),
        )
    )
    assert [(cue.speaker, cue.start_ms) for cue in cues] == [
        *(("Me", 0), ("Others", 2_000), ("Me", 8_000))
    ]
    assert cues[1].end_ms - cues[1].start_ms >= 1_000


def test_txt_begins_each_line_with_the_speaker() -> None:
    mixed = talk(said("Anna", "Hello.", 1.0, 2.0), said("", "What?", 3.0, 4.0))
    assert render(mixed, "txt") == "Anna: Hello.\nWhat?\n"


def test_documents_have_a_paragraph_for_each_turn() -> None:
    page = render(INTERVIEW, "md").splitlines()
    assert page[4:] == [
        "**0:01 Anna:** Hello there. How are you?",
        "",
        "**0:05 Ben \\<b\\>:** Fine \\& well.",
    ]
    document = docx.Document(BytesIO(render_file(INTERVIEW, "docx")))
    assert [one.text for one in document.paragraphs[2:]] == [
        "0:01  Anna: Hello there. How are you?",
        "0:05  Ben <b>: Fine & well.",
    ]
    assert document.paragraphs[2].runs[1].bold


def test_json_has_speakers_and_tracks() -> None:
    found = talk(said("Anna", "Hello.", 1.0, 2.0), said("", "What?", 3.0, 4.0, Track.SYSTEM))
    data = json.loads(render(found, "json"))
    validator("transcript").validate(data)
    assert [(one["speaker"], one["track"]) for one in data["utterances"]] == [
        ("Anna", 0),
        (None, 1),
    ]
