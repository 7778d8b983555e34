"""The German translation is complete and in use."""

from __future__ import annotations

import re
import runpy
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from helpers.translated_strings import all_said
from PySide6.QtCore import QCoreApplication, QDate, QLocale
from PySide6.QtWidgets import QApplication

from granite_live.gui import translations
from granite_live.gui.models import words
from granite_live.gui.sessions import session_list
from granite_live.gui.translations import LANGUAGES, SOURCE_LANGUAGE, SYSTEM, Translation
from granite_live.settings import Settings
from granite_live.util.paths import assets_dir

ROOT = Path(__file__).parents[2]
FOLDER = assets_dir() / "translations"
TRANSLATED = [one for one in LANGUAGES if one != SOURCE_LANGUAGE]
_PLACEHOLDER = re.compile(r"\{[^}]*\}|%n|&|\(\*\.[^)]*\)|\n")


@dataclass(frozen=True)
class Message:
    """An entry of a .ts file; `forms` are its translations, several for a plural."""

    context: str
    source: str
    kind: str | None
    is_plural: bool
    forms: tuple[str, ...]


def ts(language: str) -> Path:
    return FOLDER / f"granite-live_{language}.ts"


def messages(language: str) -> list[Message]:
    found = []
    for context in ElementTree.parse(ts(language)).iter("context"):
        for one in context.iter("message"):
            translation = one.find("translation")
            assert translation is not None
            forms = translation.findall("numerusform") or [translation]
            found.append(
                Message(
                    context.findtext("name") or "",
                    one.findtext("source") or "",
                    translation.get("type"),
                    one.get("numerus") == "yes",
                    tuple(form.text or "" for form in forms),
                )
            )
    return found


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tools" / "translations" / "update.py"))


def test_whatever_is_said_is_a_literal_that_the_tools_find() -> None:
    said = all_said()
    assert len(said) > 300
    for one in said:
        assert one.source, f"{one.place}: what is translated must stand there as it is"
        # lupdate recognizes a plural only in this form.
        if "%n" in one.source and one.is_tr:
            assert one.arguments == 3, f'{one.place}: write self.tr("…", "", count)'
        elif "%n" in one.source:
            assert one.place.startswith("file_queue/jobs.py"), (
                f"{one.place}: use self.tr for a count"
            )


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_that_is_said_is_translated_and_nothing_else(language: str) -> None:
    said = {(one.context, one.source) for one in all_said()}
    found = messages(language)
    # lupdate does not look into f-strings: translate first, then format.
    assert {(one.context, one.source) for one in found} == said
    for one in found:
        assert one.kind is None, f"{one.kind}: {one.source}"
        assert all(form.strip() for form in one.forms), one.source


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_filled_in_is_filled_in_everywhere(language: str) -> None:
    for one in messages(language):
        for form in one.forms:
            filled, wanted = (Counter(_PLACEHOLDER.findall(text)) for text in (form, one.source))
            assert filled == wanted, (one.source, form)
            for end in (slice(0, 1), slice(-1, None)):
                assert (form[end] == " ") == (one.source[end] == " "), (one.source, form)
            assert (form[-1] in "….:?") == (one.source[-1] in "….:?"), (one.source, form)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_files_are_what_the_tools_make_of_the_source(
    language: str, tool: dict[str, Any], tmp_path: Path
) -> None:
    copy = tmp_path / ts(language).name
    shutil.copyfile(ts(language), copy)
    tool["update"](copy)
    advice = "run `make translations`"
    assert copy.read_text(encoding="utf-8") == ts(language).read_text(encoding="utf-8"), advice
    compiled = tmp_path / "compiled.qm"
    tool["compile_"](ts(language), compiled)
    assert compiled.read_bytes() == ts(language).with_suffix(".qm").read_bytes(), advice


def test_every_language_can_be_set_and_is_there() -> None:
    for language in (SYSTEM, *LANGUAGES):
        assert Settings(language=language).language == language
    assert {one.name for one in FOLDER.glob("*.qm")} == {
        f"granite-live_{language}.qm" for language in TRANSLATED
    }


@pytest.mark.parametrize(
    ("system", "spoken"), [("de_AT", "de"), ("en_GB", "en"), ("pl_PL", "en"), ("C", "en")]
)
def test_the_system_decides_unless_the_user_does(system: str, spoken: str) -> None:
    locale = QLocale(system)
    assert translations.language_of(SYSTEM, locale) == spoken
    assert translations.language_of("de", locale) == "de"
    assert translations.language_of("en", locale) == "en"


def test_numbers_are_written_as_where_the_user_is() -> None:
    austrian = QLocale("de_AT")
    assert translations.locale_of("de", austrian) == austrian
    in_english = translations.locale_of("en", austrian)
    assert in_english.language() is QLocale.Language.English
    assert in_english.territory() is QLocale.Country.Austria
    assert translations.locale_of("de", QLocale("en_US")).language() is QLocale.Language.German
    # French month names must not appear between English words.
    assert translations.locale_of("en", QLocale("fr_FR")).language() is QLocale.Language.English
    assert translations.locale_of("en", QLocale("C")) == QLocale("C")


@pytest.fixture
def speak(qapp: QApplication) -> Iterator[Callable[[str], Translation]]:
    made: list[Translation] = []

    def make(language: str) -> Translation:
        made.append(Translation(qapp, language))
        return made[-1]

    yield make
    for one in made:
        one.remove()


def test_german_is_spoken_until_it_is_taken_away(qapp: QApplication) -> None:
    before = QLocale()
    translate = QCoreApplication.translate
    german = Translation(qapp, "de")
    assert translate("Words", "Ready") == "Bereit"
    assert translate("QPlatformTheme", "Cancel") == "Abbrechen"
    assert QLocale().toString(1234.5, "f", 1) == "1.234,5"
    german.remove()
    assert translate("Words", "Ready") == "Ready"
    assert translate("QPlatformTheme", "Cancel") == "Cancel"
    assert QLocale() == before


def test_sizes_days_and_languages_are_german(speak: Callable[[str], Translation]) -> None:
    speak("de")
    assert words.size(2_500_000_000) == "2,5 GB"
    assert session_list.day(QDate(2026, 5, 3).toPython()) == "3. Mai 2026"
    assert words.languages(("en", "fr", "de", "es", "pt")) == (
        "Englisch, Französisch, Deutsch, Spanisch und Portugiesisch"
    )


def test_where_a_file_is_missing_it_is_english_and_the_log_says_so(
    speak: Callable[[str], Translation],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(translations, "assets_dir", lambda: tmp_path)
    speak("de")
    assert QCoreApplication.translate("Words", "Ready") == "Ready"
    assert "granite-live_de" in caplog.text
