"""The small files that other programs fail on, through the whole of `transcribe`, if present."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from helpers.json_schemas import validator
from helpers.messages import sentence, shows
from helpers.real_session import demo_model
from helpers.word_errors import normalize_words

from granite_live.messages.recording import RecordingMessage
from granite_live.util.paths import assets_dir

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
SAID = normalize_words((assets_dir() / "samples" / "welcome.txt").read_text(encoding="utf-8"))
FIRST = SAID[:12]
"""Words of the first nine seconds of the sample."""

# What is read of these files is tested in audio/test_shared_cases.py.
pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not CASES.is_dir(), reason=f"the folder of cases is not here: {CASES}"),
]


@cache
def transcribe(name: str) -> tuple[Any, str]:
    """Return the transcript as JSON and the notes; each file is transcribed once."""
    demo_model()
    command = [sys.executable, "-m", "granite_live", "transcribe", str(CASES / name)]
    done = subprocess.run(
        [*command, "--format", "json"], capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    validator("transcript").validate(data)
    return data, done.stderr.decode()


def heard(data: Any) -> float:
    """Return the share of the sample's first words that the text has."""
    text = normalize_words(data["text"])
    return sum(word in text for word in FIRST) / len(FIRST)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "opposite-phase.flac",
            sentence(
                RecordingMessage.CHANNEL_USED,
                channel=RecordingMessage.CHANNEL(channel=RecordingMessage.LEFT()),
            ),
        ),
        ("default-track.mkv", sentence(RecordingMessage.TRACK_TAKEN, track="2 (default)", count=2)),
        ("clock-at-10s.ogg", ""),
        ("size-off-by-44.wav", ""),
        ("stale-size.wav", sentence(RecordingMessage.HEADER_TOO_SHORT, header="0:03.0")),
        ("two-recordings-in-one.wav", ""),
    ],
)
def test_all_speech_becomes_text(name: str, told: str | re.Pattern[str]) -> None:
    data, err = transcribe(name)
    assert heard(data) >= 0.6
    assert re.search(told, err)
    assert not shows(err, RecordingMessage.CUT_OFF)


def test_both_recordings_of_one_file_become_text() -> None:
    data, _err = transcribe("two-recordings-in-one.wav")
    begins = [one["start_s"] < 9 for one in data["utterances"]]
    assert begins.count(True) == begins.count(False) > 0
    assert data["utterances"][-1]["end_s"] > 9


def test_the_json_tells_the_track_and_the_channels() -> None:
    data, _err = transcribe("default-track.mkv")
    assert data["audio"]["track"]["number"] == 2
    assert data["audio"]["track"]["count"] == 2
    data, _err = transcribe("opposite-phase.flac")
    (use,) = data["audio"]["channels"]
    assert len(use["used"]) == 1


def test_a_track_that_cannot_be_decoded_gives_way() -> None:
    data, err = transcribe("undecodable-first-track.mov")
    assert data["text"]
    assert data["audio"]["track"]["number"] == 2
    assert shows(err, RecordingMessage.TRACK_UNDECODABLE)


def test_times_follow_the_clock_of_the_container() -> None:
    data, _err = transcribe("clock-faster.mkv")
    assert data["utterances"]
    assert data["utterances"][-1]["end_s"] <= 113.367 + 0.04


def test_listen_takes_the_track_that_is_asked_for_and_tells_it(tmp_path: Path) -> None:
    demo_model()
    file = str(CASES / "default-track.mkv")
    command = [sys.executable, "-m", "granite_live", "listen", "--source", file]
    command += ["--save", str(tmp_path)]
    texts = []
    for more in ([], ["--audio-track", "1"]):
        done = subprocess.run([*command, *more], capture_output=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        texts.append((done.stdout.decode(), done.stderr.decode()))
    (usual, told), (silent, _told) = texts
    assert normalize_words(usual)
    assert not normalize_words(silent)
    assert shows(told, RecordingMessage.TRACK_TAKEN, track="2 (default)", count="2")
    done = subprocess.run([*command, "--audio-track", "7"], capture_output=True, check=False)
    assert done.returncode == 2
