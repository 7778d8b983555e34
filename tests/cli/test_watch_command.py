"""`watch` writes a result beside each recording, and nothing twice."""

from __future__ import annotations

import io
import shlex
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.model_fakes import FakeRecognizer, all_speech
from helpers.transcribe_runs import recording

from granite_live.cli.main import run
from granite_live.cli.signals import StopRequest
from granite_live.cli.stored_settings import TranscribeRequest
from granite_live.cli.watch_run import watch_folder
from granite_live.messages.recording import FolderMessage

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="events of Linux")
TIMEOUT_S = 30.0


class NoteStream(io.StringIO):
    """Standard error, on which a test waits for a note."""

    def __init__(self) -> None:
        super().__init__()
        self._news = threading.Condition()

    def write(self, text: str) -> int:
        with self._news:
            self._news.notify_all()
            return super().write(text)

    def wait_for(self, text: str) -> None:
        with self._news:
            assert self._news.wait_for(lambda: text in self.getvalue(), TIMEOUT_S), self.getvalue()


class Watch:
    """A watch in a thread, with a fake model."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.err, self.stop, self.loads = NoteStream(), StopRequest(), 0
        self._request = replace(TranscribeRequest(files=(folder,)), **options)  # type: ignore[arg-type]
        self._thread = threading.Thread(target=self._run)
        self.code: int | None = None
        self._thread.start()
        self.err.wait_for("Watching")

    def _run(self) -> None:
        self.code = watch_folder(self._request, self._load, all_speech, self.err, self.stop)

    def _load(self, _request: TranscribeRequest, _notes: object) -> FakeRecognizer:
        self.loads += 1
        return FakeRecognizer()

    def end(self) -> int | None:
        self.stop.request(2)
        self._thread.join(TIMEOUT_S)
        assert not self._thread.is_alive()
        return self.code


def test_old_and_new_recordings_get_results_and_the_model_is_loaded_once(tmp_path: Path) -> None:
    recording(tmp_path / "old.wav", 1.0)
    watch = Watch(tmp_path, format_name="srt")
    watch.err.wait_for("old.srt'")
    recording(tmp_path / "new.wav", 1.0)
    watch.err.wait_for("new.srt'")
    assert watch.end() == 0
    assert watch.loads == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        *("new.srt", "new.wav", "old.srt", "old.wav"),
    ]
    assert "part 2" in (tmp_path / "new.srt").read_text()


def test_after_a_restart_only_what_is_missing_is_done(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        recording(tmp_path / name, 1.0)
    (tmp_path / "a.txt").write_text("corrected by hand")
    watch = Watch(tmp_path)
    watch.err.wait_for("b.txt'")
    assert watch.end() == 0
    assert (tmp_path / "a.txt").read_text() == "corrected by hand"
    again = Watch(tmp_path)
    recording(tmp_path / "c.wav", 1.0)
    again.err.wait_for("c.txt'")
    assert again.end() == 0
    assert "b.txt" not in again.err.getvalue()


def test_recordings_with_one_stem_have_two_results(tmp_path: Path) -> None:
    for name in ("talk.wav", "talk.mka"):
        recording(tmp_path / name, 1.0)
    watch = Watch(tmp_path)
    watch.err.wait_for("talk.wav.txt'")
    watch.err.wait_for("talk.mka.txt'")
    assert watch.end() == 0


def test_a_damaged_recording_is_reported_once_and_the_watch_goes_on(tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    watch = Watch(tmp_path)
    watch.err.wait_for("bad.wav")
    recording(tmp_path / "good.wav", 1.0)
    watch.err.wait_for("good.txt'")
    assert watch.end() == 1
    assert watch.err.getvalue().count("error:") == 1


def test_the_hook_gets_each_text(tmp_path: Path) -> None:
    watched = tmp_path / "in"
    watched.mkdir()
    note = 'import os, sys; print(os.environ["GRANITE_LIVE_FILE"], sys.stdin.read().strip())'
    script = tmp_path / "hook.py"
    script.write_text(f"{note[:-1]}, file=open({str(tmp_path / 'told')!r}, 'a'))\n")
    watch = Watch(watched, hook=shlex.join([sys.executable, str(script)]))
    recording(watched / "talk.wav", 1.0)
    watch.err.wait_for("talk.txt'")
    assert watch.end() == 0  # what waits for the hook is passed on first
    assert (tmp_path / "told").read_text() == f"{watched / 'talk.wav'} part 1\n"


def test_a_folder_that_does_not_exist_is_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["watch", str(tmp_path / "none")]) == 2
    assert shows(capsys.readouterr().err, FolderMessage.UNWATCHABLE)
