"""`check` and `retime`: lines, times and exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.messages import sentence, shows
from pysubs2 import SSAFile

from granite_live.cli.main import run
from granite_live.messages.documents import SubtitleMessage
from granite_live.settings import Settings, save_settings

SRT = """1
00:00:01,000 --> 00:00:03,500
It rained <i>all</i> night.

2
00:00:04,000 --> 00:00:05,250
We slept.
"""
VTT = """WEBVTT - a talk

NOTE at 00:00:01.000 nothing is said

STYLE
::cue { color: lime }

one
00:01.000 --> 00:03.500 align:start
<v Ann>It rained <00:00:02.000>all night &amp; day.

00:00:04.000 --> 01:00:05.250
We slept.
"""
LONG = f"1\n00:00:01,000 --> 00:00:01,500\n{'x' * 50}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("talk.srt", SRT), ("talk.vtt", VTT), ("long.srt", LONG)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_file_that_keeps_the_rules_is_exit_code_0(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(folder / "talk.srt")]) == 0
    output = capsys.readouterr()
    assert output.out == ""
    assert "2 cues" in output.err


def test_each_broken_rule_is_a_line_and_exit_code_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(folder / "long.srt"), "--preset", "bbc", "--quiet"]) == 1
    output = capsys.readouterr()
    assert output.err == ""
    first, second = output.out.splitlines()
    cue = {"number": 1, "time": "00:00:01.000"}
    assert shows(
        first,
        SubtitleMessage.PROBLEM,
        problem=sentence(SubtitleMessage.LINE_TOO_LONG, line=1, chars=50, limit=37),
        **cue,
    )
    too_short = sentence(SubtitleMessage.TOO_SHORT, seconds=0.5, limit=1.0)
    assert shows(second, SubtitleMessage.PROBLEM, problem=too_short, **cue)


def test_the_rules_of_the_settings_apply_unless_others_are_given(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_settings(Settings(subtitle_rules="phone"))
    assert run(["check", str(folder / "long.srt")]) == 1
    limit = sentence(SubtitleMessage.LINE_TOO_LONG, line=1, chars=50, limit=25)
    assert limit.search(capsys.readouterr().out)
    assert run(["check", str(folder / "long.srt"), "--preset", "bbc"]) == 1
    limit = sentence(SubtitleMessage.LINE_TOO_LONG, line=1, chars=50, limit=37)
    assert limit.search(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.srt", None, SubtitleMessage.UNREADABLE),
        ("talk.srt", b"\xff\xfe\x00", SubtitleMessage.NOT_UTF8),
        ("talk.srt", b"", SubtitleMessage.NO_SUBTITLES),
        ("talk.srt", b"hello", SubtitleMessage.NO_SUBTITLES),
        ("talk.vtt", b"WEBVTT\n", SubtitleMessage.NO_SUBTITLES),
        ("talk.ass", b"[Script Info]\n[V4+ Styles]\n[Events]\n", SubtitleMessage.NO_SUBTITLES),
        (
            "talk.ass",
            b"[Script Info]\n[V4+ Styles]\n[Events]\nFormat: Start\nDialogue: 0,xx\n",
            SubtitleMessage.NO_SUBTITLES,
        ),
    ],
)
@pytest.mark.parametrize("command", ["check", "retime"])
def test_a_file_without_subtitles_is_exit_code_2(
    *,
    command: str,
    name: str,
    content: bytes | None,
    message: SubtitleMessage,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert run([command, str(path)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert shows(output.err, message, path=path)
    assert output.err.count("\n") == 1


def test_times_are_stretched_and_then_shifted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["retime", str(folder / "talk.srt"), "--stretch", "25/24", "--shift", "-0.5"]
    assert run(command) == 0
    moved = capsys.readouterr().out
    assert moved == SRT.replace(
        "00:00:01,000 --> 00:00:03,500", "00:00:00,542 --> 00:00:03,146"
    ).replace("00:00:04,000 --> 00:00:05,250", "00:00:03,667 --> 00:00:04,969")


def test_all_but_the_times_of_a_webvtt_file_stays(folder: Path) -> None:
    output = folder / "later.vtt"
    assert run(["retime", str(folder / "talk.vtt"), "--shift", "3600", "-o", str(output)]) == 0
    assert output.read_text("utf-8") == VTT.replace(
        "00:01.000 --> 00:03.500", "01:00:01.000 --> 01:00:03.500"
    ).replace("<00:00:02.000>", "<01:00:02.000>").replace(
        "00:00:04.000 --> 01:00:05.250", "01:00:04.000 --> 02:00:05.250"
    )
    assert run(["retime", str(folder / "talk.vtt"), "-o", str(output)]) == 2  # it exists


def test_styles_of_substation_stay(folder: Path) -> None:
    file = SSAFile.from_string(SRT)
    file.styles["Default"].fontname = "Lato"
    file[0].text = r"{\k25}It {\k50}rained\Nall night."
    path, output = folder / "talk.ass", folder / "later.ass"
    file.save(str(path))
    assert run(["retime", str(path), "--shift", "2.25", "-o", str(output)]) == 0
    moved = SSAFile.load(str(output))
    assert [(one.start, one.end) for one in moved] == [(3_250, 5_750), (6_250, 7_500)]
    assert moved[0].text == file[0].text
    assert moved.styles["Default"].fontname == "Lato"


def test_a_cue_before_the_recording_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "talk.srt"
    assert run(["retime", str(path), "--shift", "-1.25"]) == 2
    assert shows(
        capsys.readouterr().err,
        SubtitleMessage.BEFORE_THE_RECORDING,
        number=1,
        seconds=0.25,
        path=path,
    )


@pytest.mark.parametrize("factor", ["0", "nan", "1/0", "11", "fast", "-1"])
def test_a_wrong_factor_is_refused(
    folder: Path, factor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["retime", str(folder / "talk.srt"), f"--stretch={factor}"]) == 2
    assert repr(factor) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "option"),
    [
        (["--subtitles", "bbc"], "--subtitles"),
        (["--word-times", "--format", "srt"], "--word-times"),
    ],
)
def test_an_option_that_the_format_does_not_have_is_refused(
    options: list[str], option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["transcribe", "talk.wav", *options]) == 2
    assert option in capsys.readouterr().err
