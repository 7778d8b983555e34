"""The right one of several audio tracks is read, and reported."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from helpers.messages import sentence, shows
from helpers.sine_recordings import sine
from numpy.typing import NDArray

from granite_live.app.engine import Engine
from granite_live.app.file_transcription import FileTracks
from granite_live.app.sessions import SessionRequest
from granite_live.audio.files import open_audio
from granite_live.audio.tracks import Track, choose_track, language_code, parse_track_choice
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError

RATE_HZ = 48_000
SECONDS = 4.0


def film(path: Path, *tracks: tuple[float, dict[str, str], int | None]) -> Path:
    """Write a file with tracks (amplitude of its sine, tags, flags)."""
    with av.open(path, "w") as container:
        streams = []
        for _, tags, flags in tracks:
            stream = container.add_stream("aac", rate=RATE_HZ, layout="mono")
            stream.metadata.update(tags)
            if flags is not None:
                stream.disposition = flags
            streams.append(stream)
        for stream, (amplitude, _, _) in zip(streams, tracks, strict=True):
            samples = sine(SECONDS, RATE_HZ) * np.float32(2 * amplitude)
            for start in range(0, len(samples), 1024):
                piece = np.ascontiguousarray(samples[start : start + 1024][np.newaxis])
                frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
                frame.sample_rate, frame.pts = RATE_HZ, start
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def loudness(path: Path, wish: int | str | None = None) -> tuple[float, tuple[str, ...]]:
    with open_audio(path, audio_track=wish) as audio:
        sound: NDArray[np.float32] = np.concatenate(list(audio.blocks(16_000)))
        assert audio.warnings == ()
        # AAC's own errors have higher peaks than a sine.
        return float(np.sqrt(2 * np.mean(sound[8_000:-8_000] ** 2))), audio.notes


NONE, DEFAULT, COMMENT = 0, 1, 8


@pytest.mark.parametrize("ending", ["mkv", "mp4"])
def test_the_default_track_is_taken(tmp_path: Path, ending: str) -> None:
    path = film(tmp_path / f"a.{ending}", (0.1, {}, NONE), (0.4, {"language": "deu"}, DEFAULT))
    loud, notes = loudness(path)
    assert loud == pytest.approx(0.4, rel=0.1)
    assert len(notes) == 1
    assert shows(notes[0], RecordingMessage.TRACK_TAKEN, track="2 (deu, default)", count="2")
    assert shows(notes[0], RecordingMessage.TRACK_HAS_SOUND, track="track 1")


def test_a_commentary_is_not_taken_though_it_stands_first(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", (0.1, {}, COMMENT), (0.4, {}, NONE))
    assert loudness(path)[0] == pytest.approx(0.4, rel=0.1)
    path = film(tmp_path / "b.mkv", (0.1, {"title": "Commentary"}, DEFAULT), (0.4, {}, DEFAULT))
    assert loudness(path)[0] == pytest.approx(0.4, rel=0.1)


def test_a_silent_default_gives_way_to_a_track_with_sound(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", (0.0, {}, DEFAULT), (0.4, {}, NONE), (0.0, {}, NONE))
    loud, notes = loudness(path)
    assert loud == pytest.approx(0.4, rel=0.1)
    assert shows(notes[0], RecordingMessage.TRACKS_SILENT, tracks="tracks 1 (default), 3")
    # If all are silent the default is kept.
    path = film(tmp_path / "b.mkv", (0.0, {}, NONE), (0.0, {}, DEFAULT))
    with open_audio(path) as audio:
        assert audio.track.number == 2


@pytest.mark.parametrize("wish", [1, "en", "eng", "EN-us"])
def test_a_track_can_be_asked_for(tmp_path: Path, wish: int | str) -> None:
    path = film(
        tmp_path / "a.mkv",
        (0.1, {"language": "eng"}, NONE),
        (0.4, {"language": "ger"}, DEFAULT),
    )
    assert loudness(path, wish)[0] == pytest.approx(0.1, rel=0.1)
    assert loudness(path, "de")[0] == pytest.approx(0.4, rel=0.1)


@pytest.mark.parametrize(("wish", "words"), [(3, "track number 3"), ("fr", "in the language 'fr'")])
def test_a_track_that_is_not_there_is_refused_with_those_that_are(
    tmp_path: Path, wish: int | str, words: str
) -> None:
    path = film(tmp_path / "a.mkv", (0.1, {"language": "eng"}, NONE), (0.4, {}, DEFAULT))
    with pytest.raises(AudioError, match=words) as error:
        open_audio(path, audio_track=wish)
    assert "1 (eng), 2 (default)" in str(error.value)


def test_one_track_needs_no_word(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", (0.4, {"language": "eng"}, DEFAULT))
    assert loudness(path)[1] == ()
    assert loudness(path, 1)[1] == ()


def test_a_track_without_decoder_is_passed_over() -> None:
    tracks = (Track(1, 0, is_default=True), Track(2, 1, codec="aac"))
    assert choose_track("'a'", tracks).number == 2
    with pytest.raises(
        AudioError, match=sentence(RecordingMessage.CODEC_OF_TRACK_UNKNOWN, track="1 (default)")
    ):
        choose_track("'a'", tracks, 1)
    with pytest.raises(AudioError, match=sentence(RecordingMessage.CODEC_UNKNOWN)):
        choose_track("'a'", tracks[:1])


def test_wishes() -> None:
    assert parse_track_choice(" 2 ") == 2
    assert parse_track_choice("pt-BR") == "pt-BR"
    for wrong in ("0", "-1", "", "1.5", "und", "a b", "²"):
        with pytest.raises(ValueError, match="neither"):
            parse_track_choice(wrong)


@pytest.mark.parametrize(
    ("tag", "code"),
    [("ger", "de"), ("deu", "de"), ("de_AT", "de"), ("und", ""), ("", ""), ("gsw", "gsw")],
)
def test_languages_have_several_names(tag: str, code: str) -> None:
    assert language_code(tag) == code


@pytest.mark.parametrize(
    ("amplitudes", "asked", "expected"),
    [
        ((0.5, 0.5), None, FileTracks("1", {2: "2"})),
        ((0.5, 0.5), 2, FileTracks("2", {1: "1"})),
        ((0.0, 0.5), None, None),
        ((0.5,), None, None),
    ],
)
def test_the_window_hears_of_other_tracks_with_sound_only(
    tmp_path: Path, amplitudes: tuple[float, ...], asked: int | None, expected: FileTracks | None
) -> None:
    path = film(tmp_path / "film.mkv", *((one, {}, 0) for one in amplitudes))
    assert Engine().tracks(SessionRequest(file=path, audio_track=asked)) == expected
