"""An aligned text becomes a session with the sound of its recording, or nothing is left of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.model_fakes import make_recording

from granite_live.app.alignment_tasks import AlignedSessionTask, drafts_dir, remove_drafts
from granite_live.app.library_sync import sync_library
from granite_live.app.subprocess_task import TaskStoppedError
from granite_live.audio.files import read_audio
from granite_live.audio.journal import Journal, find_unfinished, open_session_audio, sessions_dir
from granite_live.audio.journal.folders import PEAKS_NAME
from granite_live.library import Library, SessionState, SourceKind
from granite_live.transcript.model import RecordingTranscript, Transcript, Word
from granite_live.transcript.polish import Polish
from granite_live.util.errors import AudioError, HistoryError
from granite_live.util.paths import assets_dir
from granite_live.util.pcm import to_int16

SPEECH = assets_dir() / "samples" / "welcome.flac"
LINES = ("iPhone users first.", "it has rained")


def aligned(path: Path = SPEECH) -> RecordingTranscript:
    lines = [
        Transcript.of_words(
            [Word(text, 3.0 * k + at, 3.0 * k + at + 0.5, 0.9) for at, text in enumerate(words)]
        )
        for k, words in enumerate(line.split() for line in LINES)
    ]
    return make_recording(*lines, path=str(path))


def left_over() -> list[Path]:
    return [path for root in (sessions_dir(), drafts_dir()) for path in root.glob("*")]


def test_it_can_be_listed_searched_played_and_exported() -> None:
    shares: list[float] = []
    session_id = AlignedSessionTask(aligned()).run(shares.append)
    assert shares[-1] == 1.0
    sound = to_int16(read_audio(SPEECH, 16_000))
    with Library.open() as library:
        (session,) = library.sessions("rained")
        recording = library.recording(session_id)
    assert session.id == session_id
    assert (session.title, session.state) == ("welcome", SessionState.FINISHED)
    assert (session.source_kind, session.source) == (SourceKind.FILE, str(SPEECH))
    assert session.duration_s == pytest.approx(len(sound) / 16_000, abs=0.01)
    assert [one.text for one in recording.utterances] == list(LINES)
    assert recording.utterances[1].words[0] == Word("it", 3.0, 3.5, 0.9)
    with open_session_audio(sessions_dir() / session.journal, 0) as reader:
        assert np.array_equal(reader.read(0, reader.samples), sound)
    assert (sessions_dir() / session.journal / PEAKS_NAME).exists()
    assert not find_unfinished()
    assert not list(drafts_dir().iterdir())


def test_a_program_that_ended_before_the_list_was_written_has_the_words_of_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(AlignedSessionTask, "_store", lambda *_: 0)
    AlignedSessionTask(aligned()).run(lambda _share: None)
    with Library.open() as library:
        assert not library.sessions()
        assert sync_library(library, Polish(sentence_case=True)) == 1
        (session,) = library.sessions()
        assert session.state is SessionState.FINISHED
        assert [one.text for one in library.utterances(session.id)] == list(LINES)


def test_what_a_killed_program_left_is_never_listed_and_goes() -> None:
    killed, running = Journal.create(drafts_dir()), Journal.create(drafts_dir())
    killed.close()
    with Library.open() as library:
        assert sync_library(library) == 0
    assert not find_unfinished()
    remove_drafts()
    assert left_over() == [running.path]
    running.close()


def test_nothing_is_left_of_a_session_that_could_not_be_saved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(AudioError):
        AlignedSessionTask(aligned(tmp_path / "gone.mp3")).run(lambda _share: None)
    assert not left_over()
    task = AlignedSessionTask(aligned())
    with pytest.raises(TaskStoppedError):
        task.run(lambda _share: task.stop())
    assert not left_over()

    def refuse(*_: object) -> None:
        raise HistoryError("The list cannot be written.")

    monkeypatch.setattr(Library, "add_session", refuse)
    with pytest.raises(HistoryError):
        AlignedSessionTask(aligned()).run(lambda _share: None)
    assert not left_over()
