"""Messages of the packages without Qt are shown in the window's language."""

from __future__ import annotations

import errno
import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.scripted_engine import INFO
from PySide6.QtWidgets import QApplication

from granite_live.audio.channels import ChannelUse, channels_sentence
from granite_live.audio.tracks import Track, choice_sentence
from granite_live.gui.messages import status, translate_message
from granite_live.gui.translations import Translation
from granite_live.messages import as_clause, decoded, encoded, joined
from granite_live.messages.audio import AudioMessage
from granite_live.messages.download import DownloadMessage
from granite_live.messages.models import ModelMessage, ProviderMessage
from granite_live.messages.recording import RecordingMessage
from granite_live.messages.session import SessionMessage, WorkerMessage
from granite_live.messages.store import StoreMessage
from granite_live.session import events
from granite_live.util.files import write_error


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    made = Translation(qapp, "de")
    yield
    made.remove()


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (
            AudioMessage.WAITING_FOR_ANY_MICROPHONE(),
            "kein Mikrofon ist angeschlossen; die Aufnahme beginnt, sobald eines angeschlossen ist",
        ),
        (
            joined(
                [
                    AudioMessage.NO_LONGER_CONNECTED(name="USB mic"),
                    AudioMessage.CHANGING_DEVICE(name="Built-in"),
                ],
                "; ",
            ),
            "USB mic ist nicht mehr angeschlossen; Wechsel zu Built-in",
        ),
        (
            SessionMessage.RECORDED_ALL_THE_SAME(
                reason=SessionMessage.RECOGNIZER_UNSTARTABLE(reason=WorkerMessage.EXIT_CODE(code=3))
            ),
            "Die Spracherkennung lässt sich nicht starten: sie endete mit dem Code 3. "
            "Der Ton wird weiterhin aufgenommen.",
        ),
        (
            DownloadMessage.RETRYING(
                reason=ModelMessage.WITH_REASON(
                    subject=DownloadMessage.SERVER_OVERLOADED(), reason=503
                ),
                wait_s=4.2,
            ),
            "der Server ist überlastet (503); neuer Versuch in 4 s.",
        ),
        (
            str(write_error(Path("/a/{b}.txt"), FileNotFoundError(errno.ENOENT, "no"))),
            "„/a/{b}.txt“ lässt sich nicht schreiben: den Ordner „/a“ gibt es nicht; legen Sie "
            "ihn an, oder wählen Sie einen anderen.",
        ),
        (
            StoreMessage.NOTES_DAMAGED(
                path="/data/threads.json",
                loss=StoreMessage.MEASURED_AGAIN(),
                aside="/data/threads.damaged-1.json",
            ),
            "„/data/threads.json“ war beschädigt. Bei Bedarf wird neu gemessen. Die alte Datei "
            "heißt jetzt „/data/threads.damaged-1.json“.",
        ),
        ("Nobody ever wrote this; not at all (2).", "Nobody ever wrote this; not at all (2)."),
        ("", ""),
    ],
)
def test_messages_and_what_is_in_them_are_german(german: None, message: str, wanted: str) -> None:
    assert translate_message(message) == wanted
    # A German sentence stays as it is: messages may be translated twice.
    assert translate_message(wanted) == wanted
    # Nothing is lost on the way to another process, or in a file.
    assert translate_message(decoded(json.loads(json.dumps(encoded(message))))) == wanted
    assert translate_message(pickle.loads(pickle.dumps(message))) == wanted


def test_several_sentences_stand_within_another_one_without_their_period(german: None) -> None:
    several = joined([SessionMessage.FINISHING(), SessionMessage.FINISHING()])
    assert not translate_message(as_clause(several)).endswith(".")


def test_notes_on_a_recording_are_german_one_by_one(german: None) -> None:
    tracks = (Track(1, 0, "aac"), Track(2, 1, "aac", "eng", is_default=True))
    note = choice_sentence("'a. b.mkv'", tracks, tracks[1], silent={1})
    assert (
        note == "'a. b.mkv': audio track 2 (eng, default) of 2 is transcribed; track 1 is silent."
    )
    jump = RecordingMessage.CLOCK_JUMPS(
        name="'a. b.mkv'", times=RecordingMessage.TIMES(count=2), first="0:05.0"
    )
    assert translate_message(joined([note, jump])) == (
        "'a. b.mkv': Tonspur 2 (eng, Standard) von 2 wird transkribiert; Spur 1 ist stumm. "
        "'a. b.mkv': Die Zeitangaben springen 2-mal, zuerst bei 0:05.0, wahrscheinlich weil "
        "Aufnahmen verbunden wurden. Die Zeiten im Text laufen ohne Lücke weiter."
    )


def test_in_english_everything_stays_as_it_is(qapp: QApplication) -> None:
    message = AudioMessage.CHANGING_DEVICE(name="Built-in")
    assert (
        translate_message(message)
        == message
        == AudioMessage.CHANGING_DEVICE.value.format(name="Built-in")
    )


def test_what_a_session_tells_is_german(german: None) -> None:
    told = events.StateChanged(
        1.0, "waiting", SessionMessage.WAITING_FOR(source=AudioMessage.THE_MICROPHONE())
    )
    assert status.state(told, is_loaded=True) == "Wartet auf das Mikrofon."
    lost = events.DeviceLost(1.0, "Mic", AudioMessage.NO_MORE_SOUND(name="Mic"))
    assert (
        status.problem(lost)
        == "Mic liefert keinen Ton mehr; prüfen Sie, ob das Gerät noch angeschlossen ist"
    )
    notes = (ProviderMessage.TOOK_NO_PART(provider="CUDA", graph="encoder"), "The Tower of Babel.")
    ready = events.ModelReady(1.0, INFO, 2, notes, 1.0)
    assert status.problem(ready) == (
        "CUDA hat von encoder nichts übernommen, darum rechnet der Prozessor. The Tower of Babel."
    )


SILENT = RecordingMessage.OTHER_CHANNELS_SILENT()


@pytest.mark.parametrize(
    ("uses", "english", "wanted"),
    [
        (
            [ChannelUse(0.0, ("FL", "FR"), ("FL", "FR", "FC"), SILENT)],
            "a: the left + right channels are used instead of the mix: the other channels are "
            "silent.",
            "a: statt der Mischung aller Kanäle werden verwendet: Kanäle links + rechts; die "
            "anderen Kanäle sind stumm.",
        ),
        (
            [ChannelUse(5.0, ("BL", "SR"), ("FL", "BL", "SR"), SILENT)],
            "a: from 0:05.0 on, the back left + side right channels are used instead of the mix: "
            "the other channels are silent.",
            "a: statt der Mischung aller Kanäle werden ab 0:05.0 verwendet: Kanäle hinten links + "
            "seitlich rechts; die anderen Kanäle sind stumm.",
        ),
        (
            [ChannelUse(0.0, ("3",), ("1", "2", "3"), SILENT)],
            "a: channel 3 is used instead of the mix: the other channels are silent.",
            "a: statt der Mischung aller Kanäle wird verwendet: Kanal 3; die anderen Kanäle sind "
            "stumm.",
        ),
        (
            [
                ChannelUse(0.0, ("BC",), ("BC", "FL"), SILENT),
                ChannelUse(5.1, ("BC", "FL"), ("BC", "FL")),
            ],
            "a: the mix of the channels is not used all the time: the back center channel from "
            "0:00.0; the mix from 0:05.1.",
            "a: Die Mischung der Kanäle wird nicht durchgehend verwendet: ab 0:00.0 Kanal hinten "
            "Mitte; ab 0:05.1 Mischung.",
        ),
    ],
)
def test_the_channels_of_a_recording(
    german: None, uses: list[ChannelUse], english: str, wanted: str
) -> None:
    message = channels_sentence("a", uses)
    assert message == english
    assert translate_message(message) == wanted


def test_the_default_track(german: None) -> None:
    track = Track(1, 0, "aac", "fra", "Film", is_default=True, is_secondary=False)
    assert translate_message(str(track)) == '1 (fra, "Film", Standard)'
