"""A text is aligned with its recording by the demo model, as the command does it."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pysubs2
import pytest
from helpers.messages import shows

from granite_live.app.text_alignment import read_text
from granite_live.cli.main import run
from granite_live.messages.documents import SubtitleMessage
from granite_live.util.errors import SubtitleError
from granite_live.util.paths import assets_dir, demo_bundle_dir

SPEECH = assets_dir() / "samples" / "welcome.flac"
TEXT = (assets_dir() / "samples" / "welcome.txt").read_text("utf-8")
OPTIONS = ["--bundle", str(demo_bundle_dir()), "--threads", "1", "--quiet"]


def align(speech: Path, text: str, folder: Path, name: str, *options: str) -> tuple[int, Path]:
    source, output = folder / "text.txt", folder / name
    source.write_text(text, encoding="utf-8")
    arguments = ["align", str(speech), str(source), "-o", str(output), *OPTIONS, *options]
    return run(arguments), output


def test_the_words_are_those_of_the_text_and_each_has_a_time(
    tmp_path: Path, two_sentences: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n".join(TEXT.splitlines()[:2])
    told = tmp_path / "told.txt"
    write = f"import sys; open({str(told)!r}, 'w').write(sys.stdin.read())"
    hook = shlex.join([sys.executable, "-c", write])
    code, output = align(two_sentences, text, tmp_path, "talk.json", "--hook", hook)
    errors = capsys.readouterr().err
    assert (code, errors) == (0, "")
    assert told.read_text("utf-8").split() == text.split()
    data = json.loads(output.read_text("utf-8"))
    assert [one["text"] for one in data["utterances"]] == text.splitlines()
    words = [word for one in data["utterances"] for word in one["words"]]
    edges = [edge for word in words for edge in (word["start_s"], word["end_s"])]
    assert edges == sorted(edges)
    times = {word["text"]: word["start_s"] for word in words}
    # The pause before it ends there, as seen in the waveform.
    assert times["After"] == pytest.approx(4.97, abs=0.12)


def test_what_is_not_said_and_what_is_not_written_is_named_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, _third, fourth = TEXT.splitlines()
    foreign = "The committee postponed every discussion about municipal elephants."
    text = "\n".join([first, foreign, second, fourth])
    code, output = align(SPEECH, text, tmp_path, "talk.srt")
    assert code == 1
    errors = capsys.readouterr().err.splitlines()
    unwritten = next(line for line in errors if "Not in the text" in line)
    unspoken = next(line for line in errors if "Not said" in line)
    assert len(errors) == 2
    assert "air was cool" in unwritten.lower()
    assert foreign[:20] in unspoken
    cues = pysubs2.load(str(output))
    text = " ".join(one.plaintext.replace("\n", " ") for one in cues)
    assert text == " ".join([first, second, fourth])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, SubtitleMessage.UNREADABLE),
        (b"\xff\xff", SubtitleMessage.NOT_UTF8),
        (b" .\n", SubtitleMessage.NO_WORDS),
    ],
)
def test_a_text_that_cannot_be_used_is_refused(
    content: bytes | None, message: SubtitleMessage, tmp_path: Path
) -> None:
    path = tmp_path / "text.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SubtitleError) as refused:
        read_text(path)
    assert shows(refused.value, message, path=path)


def test_the_text_may_be_subtitles(tmp_path: Path) -> None:
    path = tmp_path / "old.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nRain on\nthe roof.\n", encoding="utf-8")
    assert read_text(path) == "Rain on the roof."
