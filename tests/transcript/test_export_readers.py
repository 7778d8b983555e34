"""Independent readers open the exported subtitles, lyrics and tables."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
import webvtt
from helpers.model_fakes import make_recording, make_transcript
from hypothesis import given
from hypothesis import strategies as st
from pysubs2 import SSAFile

from granite_live.transcript.export import render
from granite_live.transcript.export.cues import split_into_cues
from granite_live.transcript.export.options import ExportOptions
from granite_live.transcript.model import Word

WORDS = (
    Word("Rain", 1.0, 1.4, 0.9),
    Word("fell", 1.5, 1.9, 0.9),
    Word("all", 1.9, 2.2, 0.9),
    Word("night;", 2.2, 3.0, 0.9),
    Word("we", 9.0, 9.2, 0.5),
    Word("slept.", 9.2, 10.0, 0.5),
)
TALK = make_recording(
    make_transcript("Rain fell all night;", 1.0, 3.0, words=WORDS[:4]),
    make_transcript("we slept.", 9.0, 10.0, words=WORDS[4:]),
    duration_s=12.0,
)
WORD_TIMES = ExportOptions(word_times=True)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("srt", ExportOptions()),
        ("vtt", ExportOptions()),
        ("ass", ExportOptions()),
        ("ass", WORD_TIMES),
    ],
)
def test_pysubs2_reads_the_subtitles(name: str, options: ExportOptions) -> None:
    file = SSAFile.from_string(render(TALK, name, options))
    assert file.format == name
    assert [(one.start, one.end, one.plaintext) for one in file] == [
        (1_000, 3_000, "Rain fell all night;"),
        (9_000, 10_000, "we slept."),
    ]


def test_names_of_speakers_are_in_the_subtitles() -> None:
    talk = make_recording(*(replace(one, speaker="Ann, B") for one in TALK.utterances))
    events = list(SSAFile.from_string(render(talk, "ass", WORD_TIMES)))
    assert [(one.name, one.plaintext) for one in events][1] == ("Ann B", "we slept.")
    captions = webvtt.from_buffer(io.StringIO(render(talk, "vtt", WORD_TIMES))).captions
    assert [one.voice for one in captions] == ["Ann, B"] * 2


def test_karaoke_times_are_those_of_the_words() -> None:
    first, second = SSAFile.from_string(render(TALK, "ass", WORD_TIMES))
    assert first.text == r"{\k40}Rain {\k10}{\k40}fell {\k30}all {\k80}night;"
    assert second.text == r"{\k20}we {\k80}slept."


def test_webvtt_reads_word_times() -> None:
    cues = webvtt.from_buffer(io.StringIO(render(TALK, "vtt", WORD_TIMES))).captions
    assert [(one.start, one.end, one.text) for one in cues] == [
        ("00:00:01.000", "00:00:03.000", "Rain fell all night;"),
        ("00:00:09.000", "00:00:10.000", "we slept."),
    ]
    assert re.findall(r"<([\d:.]+)>(\w+)", cues[0].raw_text) == [
        ("00:00:01.500", "fell"),
        ("00:00:01.900", "all"),
        ("00:00:02.200", "night"),
    ]


def test_lyrics_have_a_line_for_each_cue_and_an_empty_one_for_a_pause() -> None:
    assert render(TALK, "lrc").splitlines() == [
        "[ti:talk.wav]",
        "[re:Granite Live]",
        "[00:01.00]Rain fell all night;",
        "[00:03.00]",
        "[00:09.00]we slept.",
        "[00:10.00]",
    ]
    words = render(TALK, "lrc", WORD_TIMES).splitlines()
    assert words[4] == "[00:09.00]<00:09.00>we <00:09.20>slept."


def test_a_table_has_a_row_for_each_utterance() -> None:
    quoted = replace(make_transcript('He said, "no;\n never".', 4.0, 5.5), speaker="Ann, B")
    talk = make_recording(TALK.utterances[0], quoted, make_transcript("", 6.0, 7.0))
    assert list(csv.DictReader(io.StringIO(render(talk, "csv")))) == [
        {
            "start_s": "1.000",
            "end_s": "3.000",
            "speaker": "",
            "confidence": "0.9000",
            "text": TALK.text[:20],
        },
        {
            "start_s": "4.000",
            "end_s": "5.500",
            "speaker": "Ann, B",
            "confidence": "0.9000",
            "text": 'He said, "no; never".',
        },
    ]


TEXTS = st.lists(
    st.text(st.sampled_from("ab{}\\Nk<>[]:0&-é"), min_size=1, max_size=9), min_size=1, max_size=30
)


@given(TEXTS)
def test_no_text_is_taken_for_a_command(texts: list[str]) -> None:
    talk = make_recording(make_transcript(" ".join(texts), 0.0, 0.4 * len(texts)))
    cues = split_into_cues(talk)
    for options in (ExportOptions(), WORD_TIMES):
        events = list(SSAFile.from_string(render(talk, "ass", options)))
        swapped = str.maketrans("{}\\", "()/")
        assert [one.plaintext for one in events] == [
            "\n".join(cue.lines).translate(swapped) for cue in cues
        ]
        captions = webvtt.from_buffer(io.StringIO(render(talk, "vtt", options))).captions
        assert [(one.start_in_seconds, one.end_in_seconds) for one in captions] == [
            (cue.start_ms // 1_000, cue.end_ms // 1_000) for cue in cues
        ]
        lyrics = render(talk, "lrc", options).splitlines()[2:]
        assert all(re.fullmatch(r"\[\d\d:\d\d\.\d\d\][^\[\]]*", line) for line in lyrics)
