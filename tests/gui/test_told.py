"""Messages of other packages are translated, and the list of them is complete."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from scripted_engine import INFO

from granite_live.gui.messages import SENTENCES, each_in_words, in_words, status
from granite_live.gui.translations import Translation
from granite_live.session import events

PACKAGE = Path(__file__).parents[2] / "granite_live"
_GAP = re.compile(r"\{\w*\}")


def told_anywhere() -> set[str]:
    """Return every literal outside of the window, with {} for its arguments."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if "gui" in path.relative_to(PACKAGE).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(_GAP.sub("{}", node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = (
                    str(part.value) if isinstance(part, ast.Constant) else "{}"
                    for part in node.values
                )
                found.add("".join(parts))
    return found


def test_every_sentence_is_still_told_by_somebody() -> None:
    told = told_anywhere()
    for source in SENTENCES:
        assert _GAP.sub("{}", source) in told, source
    assert len(set(SENTENCES)) == len(SENTENCES)


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    made = Translation(qapp, "de")
    yield
    made.remove()


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        (
            "no microphone is connected; listening begins once there is one",
            "kein Mikrofon ist angeschlossen; sobald eines da ist, geht es los",
        ),
        (
            "USB mic is no longer connected; changing to Built-in",
            "USB mic ist nicht mehr angeschlossen; es geht weiter mit Built-in",
        ),
        (
            "The recogniser cannot be started: it ended with exit code 3. "
            "The sound is recorded all the same.",
            "Die Spracherkennung lässt sich nicht starten: sie endete mit dem Code 3. "
            "Der Ton wird trotzdem aufgenommen.",
        ),
        (
            "the server is overloaded (503); trying again in 4 s.",
            "der Server ist überlastet (503); neuer Versuch in 4 s.",
        ),
        (
            "'/a/{b}.txt' cannot be written: the folder '/a' does not exist; create it or "
            "choose another.",
            "„/a/{b}.txt“ lässt sich nicht schreiben: den Ordner „/a“ gibt es nicht; legen Sie "
            "ihn an, oder wählen Sie einen anderen.",
        ),
        (
            "'/data/threads.json' was damaged. It is measured again when it is needed. The old "
            "file is '/data/threads.damaged-1.json'.",
            "„/data/threads.json“ war beschädigt. Bei Bedarf wird neu gemessen. Die alte Datei "
            "heißt jetzt „/data/threads.damaged-1.json“.",
        ),
        (
            "'talk.mp3' is no longer there, so that the text ends at 1:02.0.",
            "„talk.mp3“ ist nicht mehr da, deshalb endet der Text bei 1:02.0.",
        ),
        ("Nobody ever wrote this; not at all (2).", "Nobody ever wrote this; not at all (2)."),
        ("", ""),
    ],
)
def test_sentences_and_what_is_in_them_are_german(german: None, sentence: str, wanted: str) -> None:
    assert in_words(sentence) == wanted
    # A German sentence stays as it is: messages may be translated twice.
    assert in_words(wanted) == wanted


def test_notes_on_a_recording_are_german_one_by_one(german: None) -> None:
    notes = (
        "'a. b.mkv': audio track 2 (eng) of 3 is transcribed; track 1 is silent; "
        "track 3 has sound, too.",
        "'a. b.mkv': the left channel is used from 0:10.0 on, not the mix: the other channels "
        "are noisier.",
        "'a. b.mkv': its clock jumps 2 times, first at 0:05.0, as where recordings were joined; "
        "the times go on without a break.",
    )
    wanted = (
        "'a. b.mkv': Tonspur 2 (eng) von 3 wird transkribiert; Spur 1 ist stumm; "
        "Spur 3 hat auch Ton.",
        "'a. b.mkv': statt der Mischung aller Kanäle wird ab 0:10.0 verwendet: Kanal links; "
        "die anderen Kanäle rauschen stärker.",
        "'a. b.mkv': die Zeitangaben springen 2-mal, zuerst bei 0:05.0, wie dort, wo Aufnahmen "
        "verbunden wurden; die Zeiten laufen ohne Lücke weiter.",
    )
    for count in range(1, len(notes) + 1):
        assert each_in_words(" ".join(notes[:count])) == " ".join(wanted[:count])
    assert each_in_words("The Tower of Babel. It fell.") == "The Tower of Babel. It fell."
    assert each_in_words("") == ""


def test_in_english_everything_stays_as_it_was_told(qapp: QApplication) -> None:
    for source in SENTENCES:
        assert in_words(source) == source


def test_what_a_session_tells_is_german(german: None) -> None:
    told = events.State(1.0, "waiting", "Waiting for the microphone.")
    assert status.state(told, is_loaded=True) == "Wartet auf das Mikrofon."
    lost = events.DeviceLost(
        1.0, "Mic", "no sound arrives from Mic any more; is it still connected?"
    )
    assert status.trouble(lost) == "von Mic kommt kein Ton mehr; ist es noch angeschlossen?"
    notes = ("CUDA took no part of encoder, so it runs on the processor.", "The Tower of Babel.")
    ready = events.ModelReady(1.0, INFO, 2, notes, 1.0)
    assert status.trouble(ready) == (
        "CUDA hat von encoder nichts übernommen, darum rechnet der Prozessor. The Tower of Babel."
    )
