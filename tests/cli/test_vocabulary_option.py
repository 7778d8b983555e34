"""`--vocabulary`, and the stored vocabulary in commands and in the window's sessions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from granite_live.app.models import stored_model
from granite_live.cli.main import run
from granite_live.settings.vocabulary import Term, TermSet, Vocabulary, save_vocabulary
from granite_live.util.paths import assets_dir, demo_bundle_dir

SPEECH = str(assets_dir() / "samples" / "welcome.flac")
DEMO = ["--bundle", str(demo_bundle_dir())]


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    file = tmp_path / "terms.txt"
    file.write_text("Wyndow = window\nKirkleatham\nx\n")
    return file


def test_transcribe_writes_the_terms_of_a_file_and_marks_them(
    terms: Path, first_sentence: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [
        "transcribe",
        str(first_sentence),
        *DEMO,
        "--format",
        "json",
        "--vocabulary",
        str(terms),
    ]
    assert run(command) == 0
    told = capsys.readouterr()
    assert "Line 3, 'x', is left out" in told.err
    words = [word for one in json.loads(told.out)["utterances"] for word in one["words"]]
    assert [(w["text"], w["replaced"]) for w in words if w["replaced"] is not None] == [
        ("Wyndow", "window")
    ]


def test_listen_uses_the_stored_vocabulary(
    tmp_path: Path, first_sentence: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_vocabulary(Vocabulary({"general": TermSet((Term("Wyndow", ("window",)),))}))
    assert stored_model().spec.vocabulary == ("Wyndow = window",)
    listen = ["listen", "--source", str(first_sentence), "--json", *DEMO]
    assert run([*listen, "--save", str(tmp_path)]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    finals = [one for one in told if one["event"] == "final"]
    assert any("Wyndow" in one["text"] for one in finals)
    marked = [word for one in finals for word in one["words"] if word["replaced"] is not None]
    assert [word["text"] for word in marked] == ["Wyndow"]


@pytest.mark.parametrize("command", ["transcribe", "listen"])
def test_a_file_without_terms_is_refused_before_anything_is_computed(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none.txt").write_text("# nothing\n")
    source = [SPEECH] if command == "transcribe" else ["--source", SPEECH]
    assert run([command, *source, *DEMO, "--vocabulary", str(tmp_path / "none.txt")]) != 0
    error = capsys.readouterr().err
    assert "There is no term in" in error
    assert "Traceback" not in error
