"""The stored vocabulary: files of all kinds, limits, sets, and the command."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from helpers.messages import shows

from granite_live.cli.main import run
from granite_live.messages.settings import VocabularyMessage
from granite_live.settings.vocabulary import (
    MAX_TERMS,
    Term,
    TermSet,
    Vocabulary,
    load_terms,
    parse_terms,
    read_terms,
    read_vocabulary,
    save_vocabulary,
    set_aside_damaged,
    vocabulary_path,
)
from granite_live.util.errors import SettingsError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRANITE_LIVE_HOME", str(tmp_path / "home"))
    return tmp_path


def test_a_line_has_a_term_and_what_sounds_like_it() -> None:
    term = Term.parse("  Lycophron  =  like  off run, likofron ,, ")
    assert term == Term("Lycophron", ("like off run", "likofron"))
    assert Term.parse(str(term)) == term


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("🙂🙂", "at least 2 letters"),
        ("x", "at least 2 letters"),
        ("this is a whole sentence that somebody would say", "6 words"),
        ("x" * 61, "60 characters"),
        ("a\0bc", "printed"),
        ("abc = d", "at least 2 letters"),
        ("abc = de, fg, hi, jk, lm", "at most 4"),
    ],
)
def test_a_line_without_a_usable_term_is_named_and_left_out(line: str, reason: str) -> None:
    terms, problems = parse_terms(f"# names\n\nLycophron\n{line}\n")
    assert [term.text for term in terms] == ["Lycophron"]
    assert len(problems) == 1
    assert "Line 4" in problems[0]
    assert reason in problems[0]


def test_terms_written_alike_are_one() -> None:
    terms, problems = parse_terms("lycophron\nLYCOPHRON\nMu\u0308ller\nM\u00fcller\nLycophron = li")
    assert [str(term) for term in terms] == ["Lycophron = li", "Müller"]
    assert not problems


def test_a_hundred_thousand_lines_are_refused_in_one_sentence(home: Path) -> None:
    path = home / "many.txt"
    path.write_text("".join(f"word{number}\n" for number in range(100_000)))
    with pytest.raises(SettingsError, match=f"more than {MAX_TERMS} terms"):
        read_terms(path)
    path.write_text("long word\n" * 200_000)
    with pytest.raises(SettingsError, match="larger than"):
        read_terms(path)


def test_files_without_terms_say_so(home: Path) -> None:
    path = home / "list.txt"
    with pytest.raises(SettingsError, match=r"list\.txt"):
        read_terms(path)
    path.write_text("")
    with pytest.raises(SettingsError, match="no term"):
        read_terms(path)
    path.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(SettingsError, match="no term"):
        read_terms(path)
    path.write_bytes("\ufeffZürich\r\nÅrhus\r\n".encode())
    assert [term.text for term in read_terms(path)[0]] == ["Zürich", "Århus"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(home / "pipe")
        with pytest.raises(SettingsError, match="not a file"):
            read_terms(home / "pipe")


def test_sets_are_switched_and_stored_privately() -> None:
    assert read_vocabulary() == Vocabulary()
    work, home = TermSet((Term("Kirkleatham"),)), TermSet((Term("Brion", ("brian",)),), False)
    vocabulary = Vocabulary({"work": work, "home": home})
    save_vocabulary(vocabulary)
    assert read_vocabulary() == vocabulary
    assert [term.text for term in load_terms()] == ["Kirkleatham"]
    if os.name == "posix":
        assert vocabulary_path().stat().st_mode & 0o077 == 0


def test_a_damaged_file_is_named_and_never_stops_a_session() -> None:
    vocabulary_path().parent.mkdir(parents=True)
    for content in ("{", "[]", '{"sets": {"a": {"terms": [{"text": "x"}]}}}', '{"sets": 3}'):
        vocabulary_path().write_text(content)
        with pytest.raises(SettingsError, match=r"vocabulary\.json"):
            read_vocabulary()
        assert load_terms() == ()


def test_a_damaged_file_is_set_aside_once_and_kept(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_aside_damaged() == ""
    vocabulary_path().parent.mkdir(parents=True)
    vocabulary_path().write_text('{"sets": 3}')
    message = set_aside_damaged()
    assert shows(message, VocabularyMessage.SET_ASIDE)
    assert set_aside_damaged() == ""
    (aside,) = vocabulary_path().parent.glob("vocabulary.damaged-*.json")
    assert str(aside) in message
    assert aside.read_text() == '{"sets": 3}'
    vocabulary_path().write_text("{")
    assert run(["vocabulary", "add", "Lycophron"]) == 0
    assert shows(capsys.readouterr().err, VocabularyMessage.SET_ASIDE)
    assert [term.text for term in load_terms()] == ["Lycophron"]
    assert len(list(vocabulary_path().parent.glob("vocabulary.damaged-*.json"))) == 2


def test_each_front_end_says_that_the_vocabulary_is_not_in_use(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vocabulary_path().parent.mkdir(parents=True)
    vocabulary_path().write_text("{")
    assert run(["settings", "keep"]) == 0
    assert shows(capsys.readouterr().err, VocabularyMessage.SET_ASIDE)
    vocabulary_path().mkdir()
    told = set_aside_damaged()
    assert shows(told, VocabularyMessage.NOT_IN_USE)
    assert vocabulary_path().is_dir()


def test_too_many_terms_are_refused() -> None:
    terms = TermSet(tuple(Term(f"word{number}") for number in range(MAX_TERMS)))
    Vocabulary({"a": terms})
    with pytest.raises(SettingsError, match="at most 1000"):
        Vocabulary({"a": terms, "b": TermSet((Term("one more"),))})


def test_the_command_adds_lists_exports_imports_and_removes(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["vocabulary", "add", "Lycophron", "--sounds-like", "like off run"]) == 0
    assert run(["vocabulary", "add", "Kirkleatham", "Brion", "--set", "work"]) == 0
    assert run(["vocabulary", "list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed == ["# general", "Lycophron = like off run", "# work", "Kirkleatham", "Brion"]
    assert run(["vocabulary", "export", str(home / "out.txt")]) == 0
    assert run(["vocabulary", "export", str(home / "out.txt")]) != 0
    assert "out.txt" in capsys.readouterr().err
    assert run(["vocabulary", "remove", "LYCOPHRON", "brion"]) == 0
    assert [term.text for term in load_terms()] == ["Kirkleatham"]
    assert run(["vocabulary", "import", str(home / "out.txt"), "--set", "all"]) == 0
    assert {term.text for term in load_terms()} == {"Kirkleatham", "Lycophron", "Brion"}
    assert run(["vocabulary", "off"]) == 0
    assert load_terms() == ()
    assert run(["vocabulary", "on"]) == 0
    assert run(["vocabulary", "off", "--set", "all"]) == 0
    assert [term.text for term in load_terms()] == ["Kirkleatham"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "🙂"], "'🙂' cannot be a term: a term needs at least 2 letters or digits."),
        (["remove", "nothing"], "There is no term 'nothing' in your vocabulary."),
        (["list", "--set", "x"], "There is no set 'x' in your vocabulary; there is: none."),
        (["import", "/nowhere/list.txt"], "/nowhere/list.txt"),
    ],
)
def test_the_command_refuses_in_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["vocabulary", *arguments]) != 0
    error = capsys.readouterr().err
    assert sentence in error
    assert "Traceback" not in error


def test_an_export_that_fails_leaves_the_file_as_it_was(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["vocabulary", "add", "Kirkleatham"]) == 0
    out = home / "out.txt"
    out.write_text("before\n", "utf-8")
    assert run(["vocabulary", "export", str(out)]) == 2
    assert "--overwrite" in capsys.readouterr().err

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert run(["vocabulary", "export", str(out), "--overwrite"]) == 2
    assert out.read_text("utf-8") == "before\n"
    assert run(["vocabulary", "export", str(out), "--overwrite"]) == 0
    assert out.read_text("utf-8") == "Kirkleatham\n"


def test_an_import_with_a_bad_line_takes_the_others_and_says_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "list.txt").write_text("Lycophron\n🙂\nKirkleatham\n", "utf-8")
    assert run(["vocabulary", "import", str(home / "list.txt")]) == 1
    assert "Line 2" in capsys.readouterr().err
    assert [term.text for term in load_terms()] == ["Lycophron", "Kirkleatham"]
